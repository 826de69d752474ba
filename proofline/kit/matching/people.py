"""Names of people in Chinese and Latin letters, in either order, and how alike two are."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

from rapidfuzz import fuzz

from proofline.kit.matching.texts import HAN, wordwise
from proofline.kit.text import unaccented

TITLES = frozenset("mr mrs ms miss dr prof mag sir dipl ing jr sr phd mba".split())
SIRS = re.compile("(?:先生|女士|小姐|老师|经理|总监|总经理|博士|教授)$")
DOUBLE = frozenset("欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 夏侯 端木".split())
"""Family names of two characters, of which people are so called."""
NEARLY = 0.97
"""The most that two names are alike that are not the same."""
MOST_WORDS = 4
SPELT = 0.93
"""That a Chinese name is spelt as the Latin one is: many Chinese names are spelt alike."""


class Person(NamedTuple):
    """A person's name, cut into what counts."""

    written: str
    """Chinese without spaces; else its words, sorted."""
    spelt: str
    """Its words in Latin letters, sorted: 李晓明, Li Xiaoming and Xiao-Ming Li are "li xiaoming"."""
    chinese: bool


@lru_cache(maxsize=20_000)
def person(text: str) -> Person:
    """Return what counts of a person's name."""
    name = unaccented(text)
    if HAN.search(name):
        squeezed = SIRS.sub("", "".join(filter(str.isalnum, name))) or name
        return Person(squeezed, _pinyin(squeezed), chinese=True)
    name = re.sub(r"[.'’]", "", name)
    name = re.sub(r"(?<=[a-z])-(?=[a-z])", "", name)
    words = [word for word in re.sub(r"[^\w\s]|_", " ", name).split() if word not in TITLES] or name.split()
    return Person(" ".join(sorted(words)), " ".join(sorted(words)), chinese=False)


def _pinyin(name: str) -> str:
    """Return a Chinese name in Latin letters, family and given name apart."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - a big table, which only Chinese names need

    family = 2 if name[:2] in DOUBLE and len(name) > 2 else 1  # noqa: PLR2004 - a family name alone is one
    parts = ("".join(lazy_pinyin(part, style=Style.NORMAL)) for part in (name[:family], name[family:]))
    return " ".join(sorted(part for part in parts if part))


def people(one: Person, other: Person) -> float:
    """Return how alike two people's names are."""
    if one.written == other.written:
        return 1.0
    if one.chinese and other.chinese:  # every character counts: 王伟 and 王威 are two people
        return fuzz.ratio(one.written, other.written) / 100
    if one.spelt == other.spelt or _parted_otherwise(one.spelt, other.spelt):
        return SPELT if one.chinese != other.chinese else 1.0
    if one.chinese != other.chinese:
        return min(SPELT, fuzz.ratio(one.spelt, other.spelt) / 100)
    return min(NEARLY, max(_initials(one, other), wordwise(one.spelt, other.spelt)))


def _parted_otherwise(one: str, other: str) -> bool:
    """Tell whether one name is the other, but for where its words are parted: Li Xiao Ming, Li Xiaoming."""
    if sorted(one.replace(" ", "")) != sorted(other.replace(" ", "")):
        return False
    orders = ({"".join(order) for order in permutations(name.split()[:MOST_WORDS])} for name in (one, other))
    return not set.isdisjoint(*orders)


def _initials(one: Person, other: Person) -> float:
    """Return the likeness of J. Smith and John Smith: the family name is the same, and the initial fits."""
    ours, theirs = set(one.spelt.split()), set(other.spelt.split())
    shared, left = ours & theirs, (sorted(ours - theirs), sorted(theirs - ours))
    fits = len(left[0]) == len(left[1]) == 1 and left[0][0][0] == left[1][0][0]
    short = fits and 1 in {len(left[0][0]), len(left[1][0])}
    return 0.9 if short and any(len(word) > 1 for word in shared) else 0.0
