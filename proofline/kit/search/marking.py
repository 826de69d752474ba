"""Where in a text what was typed stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from proofline.kit.search import pinyin
from proofline.kit.search.phones import NUMBER
from proofline.kit.search.tokens import PIECE, is_han, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable

BEFORE, AFTER = 30, 110
"""So many letters around the first find are shown of a long text."""


class Segment(NamedTuple):
    """A part of a text; `found` where it is what was typed."""

    text: str
    found: bool


@dataclass(frozen=True)
class Typed:
    """The words that were typed, and those that they may stand for."""

    words: tuple[str, ...]
    near: tuple[str, ...] = ()
    number: str = ""
    """The digits of what was written like a telephone number, or a part of one."""

    @classmethod
    def of(cls, words: Iterable[str], *, number: str = "") -> Typed:
        """Return what was typed, the longest words first, so that they are marked whole."""
        return cls(tuple(sorted(set(words), key=len, reverse=True)), number=number)

    def and_near(self, words: Iterable[str]) -> Typed:
        """Return it with the words that it may stand for."""
        return replace(self, near=tuple(sorted(set(words), key=len, reverse=True)))

    def distance(self, title: str, note: str) -> tuple[float, ...]:
        """Return how far a record is from what was typed, for ranking: words not whole in the title, their place, its length."""
        named = pieces(title)
        whole = sum(word not in named for word in self.words)
        starts = not any(title_piece.startswith(self.words) for title_piece in named[:1])
        beside = not any(piece.startswith(self.words) for piece in pieces(note)) if whole else False
        return (whole, starts, beside)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return from where to where something found stands, in order."""
        found = self._numbers(text) if self.number else []
        for match in PIECE.finditer(text.lower() if len(text.lower()) == len(text) else text):
            piece, start = match.group(), match.start()
            found += [(start + left, start + right) for left, right in self._in_piece(piece)]
        return sorted(set(found))

    def _numbers(self, text: str) -> list[tuple[int, int]]:
        """Return where telephone numbers hold what was typed, however either is written."""
        found = []
        for match in NUMBER.finditer(text):
            at = [match.start() + place for place, one in enumerate(match.group()) if one.isdecimal()]
            start = "".join(text[place] for place in at).rfind(self.number)
            if start >= 0:
                found.append((at[start], at[start + len(self.number) - 1] + 1))
        return found

    def _in_piece(self, piece: str) -> list[tuple[int, int]]:
        plain = piece if piece.isascii() or is_han(piece) else "".join(pieces(piece))
        if not is_han(piece):
            size = max((len(word) for word in self.words if plain.startswith(word)), default=0)
            return [(0, min(size, len(piece)))] if size else [(0, len(piece))] if plain in self.near else []
        found = []
        for word in self.words:
            at = piece.find(word)
            while is_han(word) and at >= 0:
                found.append((at, at + len(word)))
                at = piece.find(word, at + len(word))
        return found or self._by_sound(piece)

    def _by_sound(self, run: str) -> list[tuple[int, int]]:
        typed = [word for word in (*self.words, *self.near) if word.isascii() and word.isalpha()]
        if not typed:
            return []
        read = pinyin.syllables(run)
        for word in typed:
            for at in range(len(run)):
                for parts in (read[at:], [one[:1] for one in read[at:]]):
                    if "".join(parts).startswith(word):
                        return [(at, at + _covered(parts, len(word)))]
        return []


def _covered(parts: list[str], length: int) -> int:
    """Return how many syllables so many letters reach into."""
    reached = 0
    for count, part in enumerate(parts, 1):
        reached += len(part)
        if reached >= length:
            return count
    return len(parts)


def marked(text: str, typed: Typed) -> list[Segment]:
    """Return a text in segments, those that were found marked."""
    segments, end = list[Segment](), 0
    for left, right in typed.spans(text):
        if left < end:
            continue
        if left > end:
            segments.append(Segment(text[end:left], found=False))
        segments.append(Segment(text[left:right], found=True))
        end = right
    return [*segments, Segment(text[end:], found=False)] if end < len(text) else segments


def snippet(text: str, typed: Typed) -> list[Segment]:
    """Return the part of a long text around what was found first; nothing where it is not there."""
    spans = typed.spans(text)
    if not spans:
        return []
    start = max(0, spans[0][0] - BEFORE)
    start = text.find(" ", start, spans[0][0]) + 1 or start if start else 0
    part = text[start : spans[0][0] + AFTER]
    return marked(("… " if start else "") + part + (" …" if start + len(part) < len(text) else ""), typed)
