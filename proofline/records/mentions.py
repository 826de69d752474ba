"""Mentions in a text: written `@Sam Seller`, kept by the person's id as `<@3>`, so that they follow when somebody is called otherwise."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from django.utils.html import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEPT = re.compile(r"<@(\d{1,18})>")
PLAIN_END = r"(?![A-Za-z0-9])"
"""Chinese has no space behind a name, so that only a name that ends in a Latin letter needs an end."""

Person = tuple[int, str]


def mentioned(text: str) -> list[int]:
    """Return the ids of those whom a kept text mentions, each once, in order."""
    return list(dict.fromkeys(int(found) for found in KEPT.findall(text)))


def written(person: Person, *, several: bool) -> str:
    """Return how one writes the mention of a person; one of several with this name gets their number."""
    pk, name = person
    return f"@{name} #{pk}" if several else f"@{name}"


def kept(text: str, people: Iterable[Person]) -> str:
    """Return a text as it is kept: each `@name` of one of the people by their id. A name that several have needs its number."""
    if "@" not in text:
        return text
    people = list(people)
    counts = Counter(name for _pk, name in people)
    by_text = {written(person, several=True): person[0] for person in people}
    by_text |= {f"@{name}": pk for pk, name in people if counts[name] == 1}
    found = sorted(by_text, key=len, reverse=True)
    if not found:
        return text
    parts = [re.escape(one) + (PLAIN_END if one[-1].isascii() and one[-1].isalnum() else "") for one in found]
    pattern = re.compile(rf"(?<![A-Za-z0-9._<-])(?:{'|'.join(parts)})")
    return pattern.sub(lambda match: f"<@{by_text[match[0]]}>", text)


def readable(text: str, people: Iterable[Person]) -> str:
    """Return a kept text as one writes it, for its editor."""
    names = dict(people)
    counts = Counter(names.values())

    def name(match: re.Match[str]) -> str:
        pk = int(match[1])
        return written((pk, names[pk]), several=counts[names[pk]] > 1) if pk in names else match[0]

    return KEPT.sub(name, text)


def replaced(html: str, names: Mapping[int, str], show: str) -> str:
    """Return sanitised HTML with each escaped mention as `show`, which has a place for the escaped name."""

    def name(match: re.Match[str]) -> str:
        pk = int(match[1])
        return show % escape(f"@{names[pk]}") if pk in names else match[0]

    return re.sub(r"&lt;@(\d{1,18})&gt;", name, html)
