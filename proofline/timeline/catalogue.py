"""Which facts there are. Each room declares its own in `facts.py`, called from its `AppConfig.ready`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from proofline.kit import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NAME = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
PLACE = re.compile(r"\{([a-z_]+)\}")


class UndeclaredFactError(LookupError):
    """A fact was recorded that no room has declared."""


@dataclass(frozen=True)
class Declaration:
    """A kind of fact: its name, the sentence of the feed (without who did it) and what its properties mean."""

    name: str
    sentence: str | Promise
    properties: Mapping[str, str | Promise] = field(default_factory=dict)
    words: Mapping[str, Callable[[str], object]] = field(default_factory=dict)

    def said(self, properties: Mapping[str, Any]) -> str:
        """Return the sentence in the current language with the fact's properties filled in."""
        text = str(self.sentence) if isinstance(self.sentence, Promise) else gettext(self.sentence)
        return PLACE.sub(lambda place: self._shown(place[1], properties.get(place[1])), text).strip()

    def _shown(self, place: str, value: Any) -> str:
        if word := self.words.get(place):
            value = [str(word(part)) for part in value or ()]
        return _shown(value)


_declared: dict[str, Declaration] = {}


def declare(
    name: str,
    *,
    sentence: str | Promise,
    properties: Mapping[str, str | Promise] | None = None,
    words: Mapping[str, Callable[[str], object]] | None = None,
) -> None:
    """Declare a fact.

    Args:
        name: `noun.past_verb`, such as "deal.won".
        sentence: what the feed says, marked for translation, with `{property}` places: "won {subject}".
        properties: what each property means and in which unit.
        words: by property that is a list, how the feed calls each of its parts in the current language.

    Raises:
        ValueError: the name has another form, or is declared with another sentence.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not of the form noun.past_verb")
    known = _declared.get(name)
    if known and known.sentence != sentence:
        raise ValueError(f"{name} is declared twice")
    _declared[name] = Declaration(name, sentence, properties or {}, words or {})


def get(name: str) -> Declaration:
    """Return the declaration.

    Raises:
        UndeclaredFactError: there is none.
    """
    try:
        return _declared[name]
    except KeyError:
        raise UndeclaredFactError(f"No room has declared the fact {name!r}; see its facts.py") from None


def find(name: str) -> Declaration | None:
    """Return the declaration, None for a fact of a room that is gone."""
    return _declared.get(name)


def every() -> list[Declaration]:
    """Return all declarations by name."""
    return [_declared[name] for name in sorted(_declared)]


def _shown(value: object) -> str:
    if isinstance(value, list):
        return formats.listed(map(_shown, value))
    return "" if value is None else str(value)
