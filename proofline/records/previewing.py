"""What is shown of two records before they become one: their fields side by side, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import ngettext

from proofline.kit.formats import number
from proofline.records import following, merging, more
from proofline.records.likeness import RULES, kind_of, values_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db import models

    from proofline.records.models import CustomField, User

WORDS: dict[str, Callable[[int], str]] = {}
"""How rows of a model are counted, by its label: "closing.Deal" → "3 deals". Rooms above say it, in `config`."""


class FieldOfTwo(NamedTuple):
    """A field of two records: the values as shown, whether they are one, and whether the other's is taken usually."""

    name: str
    label: str
    ours: str
    theirs: str
    same: bool
    take: bool


def fields_of_two(winner: Any, loser: Any, *, user: User) -> list[FieldOfTwo]:
    """Return the fields of which at least one record has a value, custom ones last."""
    usual = merging.usual(winner, loser)
    found = []
    for one in merging.fields_of(type(winner)):
        ours, theirs = _shown(winner, one), _shown(loser, one)
        if ours or theirs:
            label = str(one.verbose_name)
            found.append(FieldOfTwo(one.name, label, ours, theirs, same=ours == theirs, take=one.name in usual))
    return found + _custom_of_two(winner, loser, usual, user=user)


def _custom_of_two(winner: Any, loser: Any, usual: set[str], *, user: User) -> list[FieldOfTwo]:
    fields = merging.custom_of(type(winner))
    kept = [(one, winner.custom.get(one.key), loser.custom.get(one.key)) for one in fields]
    leads = [(one, value) for one, *both in kept if one.type in {"person", "relation"} for value in both if value]
    names = more.names_of(leads, user=user)

    def said(field: CustomField, value: Any) -> str:
        return "" if value is None else more.words(field, value, names)

    return [
        FieldOfTwo(one.attribute, one.label, said(one, ours), said(one, theirs), ours == theirs, one.attribute in usual)
        for one, ours, theirs in kept
        if not (ours is None and theirs is None)
    ]


def _shown(record: Any, field: models.Field[Any, Any]) -> str:
    if field.choices:
        return str(getattr(record, f"get_{field.name}_display")())
    value = getattr(record, field.name)
    return "" if value is None else str(value)


def reasons_of_two(winner: Any, loser: Any) -> list[list[Any]]:
    """Return [field, likeness] of each field that both have."""
    verdict = RULES[kind_of(winner)].compare(values_of(winner), values_of(loser))
    return [[reason.field, reason.likeness] for reason in verdict.reasons]


def follows(record: Any, *, user: User) -> list[str]:
    """Return what would follow, in words, as far as the user may see it: "3 deals", "1 task"."""
    found = {model._meta.label: count for model, count in following.counts(record, user=user).items()}  # noqa: SLF001
    said = [words(found[label]) % {"n": _number(found[label])} for label, words in WORDS.items() if label in found]
    rest = sum(count for label, count in found.items() if label not in WORDS)
    return said + ([ngettext("%(n)s other thing", "%(n)s other things", rest) % {"n": _number(rest)}] if rest else [])


def _number(count: int) -> str:
    return f"{number(count)}+" if count >= following.MOST_COUNTED else number(count)
