"""The numbers of a calculator: each is asked of the visitor, within bounds, or fixed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import msgspec
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from msgspec import Meta, Struct

from proofline.kit import formats

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_NUMBER = 32
NUMBER = re.compile(r"^[0-9]+(\.[0-9]+)?$")
GROUPED = re.compile(r"^[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$")
WHATS = ("quantity", "people", "improvement", "rate")
Label = Annotated[str, Meta(max_length=120)]


class Limit(NamedTuple):
    """Between what a number may lie whatever a calculator says, and to how many places it is told."""

    least: Decimal
    most: Decimal
    places: int


LIMITS: dict[str, Limit] = {
    "quantity": Limit(Decimal("0.0001"), Decimal(10**9), 4),
    "people": Limit(Decimal(1), Decimal(10**6), 0),
    "improvement": Limit(Decimal(0), Decimal(1), 4),
    "rate": Limit(Decimal(0), Decimal(10**9), 4),
    "seats": Limit(Decimal(1), Decimal(10**6), 0),
}


class Ask(Struct, frozen=True, forbid_unknown_fields=True):
    """One number. `value` is what it is, or what it begins with when it is `asked`, then from `least` to `most`.

    An improvement always has all three: they are the low, the expected and the high one.
    """

    value: Decimal
    asked: bool = False
    least: Decimal | None = None
    most: Decimal | None = None
    label_en: Label = ""
    label_zh: Label = ""


def read(given: Mapping[str, Any]) -> dict[str, Ask]:
    """Return what is kept as JSON.

    Raises:
        ValidationError: it is none of ours.
    """
    try:
        return msgspec.convert(dict(given), dict[str, Ask], strict=False)
    except msgspec.ValidationError as error:
        raise ValidationError({"inputs": str(error)}) from error


def plain(asks: Mapping[str, Ask]) -> dict[str, Any]:
    """Return numbers as JSON keeps them."""
    return {what: msgspec.to_builtins(ask) for what, ask in asks.items()}


def faults(what: str, ask: Ask) -> dict[str, list[str]]:
    """Return what is wrong with a number, by the name of its field: `quantity`, `quantity_least`, `quantity_most`."""
    limit = LIMITS[what]
    ranged = ask.asked or what == "improvement"
    named = {what: ask.value} | ({f"{what}_least": ask.least, f"{what}_most": ask.most} if ranged else {})
    found: dict[str, list[str]] = {}
    for name, value in named.items():
        if value is None:
            found[name] = [_("Say from where to where it may go.")]
        elif not value.is_finite() or not limit.least <= value <= limit.most:
            found[name] = [between(what, limit.least, limit.most)]
        elif places_of(value) > limit.places:
            found[name] = [too_exact(limit.places)]
    if ranged and not found and not named[f"{what}_least"] <= ask.value <= named[f"{what}_most"]:  # type: ignore[operator]
        found[what] = [_("It lies between the smallest and the largest value.")]
    return found


def places_of(value: Decimal) -> int:
    """Return how many places after the point a number has."""
    return max(0, -int(value.normalize().as_tuple().exponent))


def too_exact(places: int) -> str:
    """Say that a number has too many places."""
    return _("At most %(places)s places after the point.") % {"places": places} if places else _("A whole number.")


def between(what: str, least: Decimal, most: Decimal) -> str:
    """Say where a number has to lie; shares in percent."""
    values = {"least": said(what, least), "most": said(what, most)}
    if what == "improvement":
        return _("Between %(least)s%% and %(most)s%%.") % values
    return _("Between %(least)s and %(most)s.") % values


def said(what: str, value: Decimal) -> str:
    """Write a bound as it is typed: of a share the percentage."""
    return formats.number(value * 100 if what == "improvement" else value, digits=None if places_of(value) < 3 else 4)  # noqa: PLR2004 - usual places


def typed(what: str, value: Decimal) -> str:
    """Write a number as it stands in a field."""
    return f"{(value * 100 if what == 'improvement' else value).normalize():f}"


def number(what: str, ask: Ask, text: str) -> Decimal:
    """Read what a visitor typed for a number.

    Raises:
        ValueError: it is none, or out of bounds; says what to write.
    """
    text = text.strip().rstrip("%％").strip()
    if not text:
        raise ValueError(_("Write a number."))
    if GROUPED.match(text):
        text = text.replace(",", "")
    if text.startswith("-") and NUMBER.match(text[1:]) and len(text) <= LONGEST_NUMBER:
        raise ValueError(_bounds(what, ask))
    if not NUMBER.match(text) or len(text) > LONGEST_NUMBER:
        raise ValueError(_("This is no number. Write it like %(example)s.") % {"example": typed(what, ask.value)})
    value = Decimal(text) / (100 if what == "improvement" else 1)
    least, most = _within(what, ask)
    if not least <= value <= most:
        raise ValueError(_bounds(what, ask))
    if places_of(value) > LIMITS[what].places:
        raise ValueError(too_exact(LIMITS[what].places - (2 if what == "improvement" else 0)))
    return value


def _within(what: str, ask: Ask) -> tuple[Decimal, Decimal]:
    limit = LIMITS[what]
    return (limit.least if ask.least is None else ask.least, limit.most if ask.most is None else ask.most)


def _bounds(what: str, ask: Ask) -> str:
    return between(what, *_within(what, ask))
