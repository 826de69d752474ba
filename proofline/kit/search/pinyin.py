"""How Chinese is read aloud, so that 云图 is found by `yuntu` and `yt`, and by other characters of the same sound."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_PHRASE = 4
FROM_THE_FIRST = 8
"""From so many of a run's characters on one may begin to type."""
LONGEST, LONGEST_INITIALS = 24, 8


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, Any]:
    """Return the phrases in which characters are read otherwise than alone; loaded when the first Chinese text comes."""
    from pypinyin.constants import PHRASES_DICT  # noqa: PLC0415 - half a second and 50 MB, for those who need it

    found: Mapping[str, Any] = PHRASES_DICT
    return found


@lru_cache(maxsize=50_000)
def _read(text: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - as above

    return tuple(lazy_pinyin(text))


def syllables(run: str) -> list[str]:
    """Return the reading of each character of a run of Chinese, without tones: 重庆云图 → chong qing yun tu."""
    phrases, found = _phrases(), list[str]()
    while len(found) < len(run):
        at = len(found)
        for length in range(min(LONGEST_PHRASE, len(run) - at), 0, -1):
            part = run[at : at + length]
            if length == 1 or part in phrases:
                read = _read(part)
                found += read if len(read) == length else [one for letter in part for one in (*_read(letter), "")[:1]]
                break
    return found


def spellings(run: str) -> list[str]:
    """Return what may be typed for a run of Chinese: from each of its first characters on, in full and by initials."""
    read = syllables(run)
    full = ["".join(read[at:])[:LONGEST] for at in range(min(len(read), FROM_THE_FIRST))]
    first = ["".join(one[:1] for one in read[at:])[:LONGEST_INITIALS] for at in range(min(len(read), FROM_THE_FIRST))]
    return [text for text in dict.fromkeys([*full, *first]) if text.isascii() and text.isalpha()]
