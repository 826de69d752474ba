"""Comparing what people typed."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Iterable

CUTOFF = 84.0
HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters, as a class of a regular expression has them."""
DIGITS = re.compile(r"\d+")


def fold(text: str) -> str:
    """Return the form in which two texts are the same if they differ in case, width or spacing only."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


class _Accents(dict[int, int | None]):
    """For `str.translate`: which characters are accents, learnt as they come."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_accents = _Accents()


def unaccented(text: str) -> str:
    """Return the folded text without accents: Société Générale is societe generale."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", fold(text)).translate(_accents))


def squeeze(text: str) -> str:
    """Return the folded text without spaces and punctuation: `GTX Pro`, `gtx-pro` and `GTXPro` are one."""
    return "".join(character for character in fold(text) if character.isalnum())


class Matcher:
    """Known values, among which near misses are looked up. Made once for many look-ups."""

    def __init__(self, choices: Iterable[str]) -> None:
        self.exact: set[str] = set()
        self.squeezed: dict[str, list[str]] = {}
        for choice in dict.fromkeys(choices):
            self.exact.add(choice)
            self.squeezed.setdefault(squeeze(choice), []).append(choice)
        self.squeezed.pop("", None)

    def nearest(self, value: str, *, cutoff: float = CUTOFF) -> str | None:
        """Return the known value that was probably meant, None where there is none or two are equally near.

        `cutoff` is the least likeness out of 100 (rapidfuzz's `ratio`, 2·matches/length). Numbers inside must agree:
        `Plan 2024` is never taken for `Plan 2025`.
        """
        if value in self.exact:
            return value
        wanted = squeeze(value)
        if not wanted:
            return None
        found = self._near(wanted, cutoff=cutoff)
        return found[0] if len(found) == 1 else None

    def _near(self, wanted: str, *, cutoff: float) -> list[str]:
        """Return all known values that share the greatest likeness."""
        if wanted in self.squeezed:
            return self.squeezed[wanted]
        numbers = DIGITS.findall(wanted)
        best, found = cutoff, list[str]()
        for key, score, _index in process.extract(
            wanted, self.squeezed.keys(), scorer=fuzz.ratio, score_cutoff=cutoff, limit=None
        ):
            if DIGITS.findall(key) != numbers or score < best:
                continue
            best = score
            found += self.squeezed[key]
        return found


def nearest(value: str, choices: Iterable[str], *, cutoff: float = CUTOFF) -> str | None:
    """Return the choice that was probably meant, None where there is none or two are equally near (see `Matcher`)."""
    return Matcher(choices).nearest(value, cutoff=cutoff)
