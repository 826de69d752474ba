"""What is found for what was typed: by kind, the best first.

A kind's records are looked for in three steps: those called exactly so, those with the words in their titles, those with them anywhere.
Each step takes a limited number from the index, the newest first (on PostgreSQL: any), and is ranked here; so a word that a third of all
records have is answered as fast as a rare one. Where little is found, near spellings and the same Chinese sounds are looked for too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from proofline.kit.models import SearchEntry
from proofline.kit.search import kinds, matching, pinyin, terms
from proofline.kit.search.entries import LONGEST_WORD, ending, title_key, title_mark
from proofline.kit.search.marking import Segment, Typed, marked, snippet
from proofline.kit.search.matching import OneOf, Part, Token
from proofline.kit.search.phones import LEAST_LAST, digits
from proofline.kit.search.tokens import is_han, pairs, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from proofline.kit.search.kinds import Kind

MOST_LETTERS, MOST_WORDS = 100, 12
EXACT, TITLE, ANYWHERE, NEAR = range(4)
LONGEST_BEGINNING = 3
"""So many letters may begin a word that the index itself goes by (`prefix` in the migration, less the kind's code)."""
FEW = 3
"""With fewer results than these, near spellings are looked for too."""


@dataclass(frozen=True)
class Whose:
    """Whose records may be seen: those of these people and of everybody in these groups."""

    people: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()

    def tokens(self, kind: Kind) -> set[str]:
        """Return the tokens of which an entry that may be seen has one."""
        people = {f"{kind.code}_{person}" for person in self.people}
        return people | {f"{kind.code}__{group}" for group in self.groups}


@dataclass(frozen=True)
class Hit:
    """A record that was found."""

    kind: Kind
    record: int
    title: str
    note: str
    text: str
    place: int
    variant: str
    typed: Typed

    @property
    def url(self) -> str:
        """The address of its page."""
        return reverse(self.kind.view, args=[self.place])

    @property
    def shown(self) -> str:
        """The title in the reader's language."""
        return self.kind.say(self.title, self.variant) if self.kind.say else self.title

    @property
    def marked_title(self) -> list[Segment]:
        """The title, with what was found in it marked."""
        return marked(self.shown, self.typed)

    @property
    def marked_note(self) -> list[Segment]:
        """What stands beside the title: the note, or the place in the text where the words are."""
        note = marked(self.note, self.typed)
        if any(segment.found for segment in (*self.marked_title, *note)):
            return note
        return snippet(self.text, self.typed) or note


@dataclass
class Group:
    """What was found of one kind; `more` where there is more than was asked for, `count` of those looked at."""

    kind: Kind
    hits: list[Hit]
    count: int
    capped: bool

    @property
    def more(self) -> bool:
        """Whether there is more than is shown."""
        return self.count > len(self.hits)


@dataclass
class Found:
    """What was found for a text."""

    groups: list[Group] = field(default_factory=list)
    near: bool = False
    """Whether something stands here that was spelt otherwise."""


def find(
    text: str,
    *,
    whose: Whose | None,
    among: Sequence[Kind] | None = None,
    limit: int = 5,
    start: int = 0,
    pool: int = 20,
    whole: bool = False,
) -> Found:
    """Find records; at most `limit` of each kind after the first `start`, from a `pool` of so many a step.

    `whose` are the records that may be seen; None for all. With `whole` each kind's `count` is right up to the pool; without it a kind of
    which enough was found is looked into no further.
    """
    among = kinds.registered() if among is None else list(among)
    words = _words(text)
    if not words or not among:
        return Found()
    asked = _Asked(words, text, whose, pool)
    asked.look((kind, TITLE) for kind in among)
    full = [(kind, EXACT) for kind in among if asked.count(kind) >= pool]
    enough = pool if whole else start + limit + 1
    asked.look([*full, *((kind, ANYWHERE) for kind in among if asked.count(kind) < enough)])
    if sum(map(asked.count, among)) < FEW:
        asked.look_near(among)
    groups = [asked.group(kind, start, limit) for kind in among if asked.count(kind) > start]
    if not start and len(groups) > 1:
        groups.sort(key=lambda group: asked.best(group.kind))
    return Found(groups, near=asked.near)


def within(kind: Kind, text: str, *, most: int) -> list[int] | None:
    """Return the records of a kind that have all words of a text, each as the beginning of one; None for more than `most`.

    Whoever asks keeps those that may be seen.
    """
    words = _words(text)
    if not words:
        return None
    groups = _coded(kind.code, [group for word in words for group in _forms(word)])
    asked = [tuple(groups), *_ended(kind, text)]
    found = list(dict.fromkeys(row.record for row in matching.ask([Part(one, ANYWHERE, most + 1) for one in asked])))
    return found if len(found) <= most else None


def look_up(wanted: Sequence[tuple[Kind, int]], *, whose: Whose | None) -> list[Hit]:
    """Return the records of these kinds and ids that may be seen, in that order."""
    asked = Q(pk__in=[])
    for kind, record in wanted:
        asked |= Q(kind=kind.name, record=record)
    found = {(entry.kind, entry.record): entry for entry in SearchEntry.objects.filter(asked)}
    hits = []
    for kind, record in dict.fromkeys(wanted):
        entry = found.get((kind.name, record))
        if entry and (not kind.owners or whose is None or whose.tokens(kind) & set(entry.words.split())):
            place, variant = entry.place, entry.variant
            hits.append(Hit(kind, record, entry.title, entry.note, entry.text, place, variant, Typed(())))
    return hits


def _words(text: str) -> list[str]:
    """Return the words that were typed; what is written like a telephone number is one."""
    number = digits(text[:MOST_LETTERS])
    return [number] if number else pieces(text[:MOST_LETTERS])[:MOST_WORDS]


def _ended(kind: Kind, text: str) -> list[tuple[OneOf, ...]]:
    """Return what else is asked for where the last digits of a telephone number may have been typed."""
    number = digits(text[:MOST_LETTERS], least=LEAST_LAST) if kind.phones else ""
    return [((Token(ending(kind, number), begins=True),),)] if number else []


class _Asked:
    """One search under way."""

    def __init__(self, words: list[str], text: str, whose: Whose | None, pool: int) -> None:
        self.words, self.text, self.whose, self.pool = words, text, whose, pool
        self.forms = [_forms(word) for word in words]
        self.key = title_key(text[:MOST_LETTERS])
        self.typed = Typed.of(words, number=digits(text[:MOST_LETTERS], least=LEAST_LAST))
        self.rows: dict[str, dict[int, tuple[tuple[float, ...], Hit]]] = {}
        self.near = False

    def count(self, kind: Kind) -> int:
        return len(self.rows.get(kind.name, ()))

    def best(self, kind: Kind) -> float:
        return min(rank[0] for rank, _hit in self.rows[kind.name].values())

    def group(self, kind: Kind, start: int, limit: int) -> Group:
        found = [hit for _rank, hit in sorted(self.rows[kind.name].values(), key=lambda pair: pair[0])]
        return Group(kind, found[start : start + limit], min(len(found), self.pool), capped=len(found) >= self.pool)

    def look(self, steps: Iterable[tuple[Kind, int]]) -> None:
        """Ask the index for these steps."""
        asked = [
            (kind, tier, wanted)
            for kind, tier in steps
            for wanted in (self._wanted(kind, tier), *(_ended(kind, self.text) if tier == ANYWHERE else ()))
        ]
        parts = [Part((*wanted, *self._seen(kind)), tier, self.pool) for kind, tier, wanted in asked]
        self._take(parts, self.typed)

    def look_near(self, among: list[Kind]) -> None:
        """Ask for words that are spelt nearly so, or sound so."""
        near = [_near(word, typing=word is self.words[-1]) for word in self.words]
        if not any(near):
            return
        groups = [
            group
            for word, forms, others in zip(self.words, self.forms, near, strict=True)
            for group in ([(*others, *(() if is_han(word) else forms[0]))] if others else forms)
        ]
        before = sum(map(self.count, among))
        parts = [Part((*_coded(kind.code, groups), *self._seen(kind)), NEAR, self.pool) for kind in among]
        self._take(parts, self.typed.and_near(token.text for others in near for token in others))
        self.near = sum(map(self.count, among)) > before

    def _wanted(self, kind: Kind, tier: int) -> list[OneOf]:
        if tier == EXACT:
            return [(Token(f"{kind.code}={self.key}"),)]
        code = title_mark(kind) if tier == TITLE else kind.code
        return _coded(code, [group for forms in self.forms for group in forms])

    def _seen(self, kind: Kind) -> list[OneOf]:
        """Return the group of tokens of which a record that may be seen has one; none where all may be."""
        if not kind.owners or self.whose is None:
            return []
        return [tuple(map(Token, sorted(self.whose.tokens(kind))))]

    def _take(self, parts: list[Part], typed: Typed) -> None:
        by_name = {kind.name: kind for kind in kinds.registered()}
        for row in matching.ask(parts):
            found = self.rows.setdefault(row.kind, {})
            if row.id not in found:
                hit = Hit(by_name[row.kind], row.record, row.title, row.note, row.text, row.place, row.variant, typed)
                tier = EXACT if title_key(row.title) == self.key else max(row.tier, TITLE)
                found[row.id] = (tier, *typed.distance(row.title, row.note), -row.id), hit


def _coded(code: str, groups: Iterable[OneOf]) -> list[OneOf]:
    return [tuple(Token(code + token.text, token.begins) for token in group) for group in groups]


def _forms(word: str) -> list[OneOf]:
    """Return what stands for a typed word: all pairs of a run of Chinese; the known words that begin so, else whatever begins so.

    The index finds known words at once; all that begin with many letters it would have to gather first.
    """
    if is_han(word) and len(word) > 1:
        return [(Token(pair),) for pair in pairs(word)]
    word = word[:LONGEST_WORD]
    known = terms.beginning(word) if len(word) > LONGEST_BEGINNING else None
    return [(Token(word, begins=True),) if known is None else tuple(map(Token, dict.fromkeys((word, *known))))]


def _near(word: str, *, typing: bool) -> list[Token]:
    if is_han(word):
        sound = "".join(pinyin.syllables(word))[: pinyin.LONGEST] if len(word) > 1 else ""
        return [Token(sound, begins=True)] if sound.isascii() and sound else []
    return [Token(other) for other in terms.meant(word, typing=typing)]
