"""The types of fields: which conditions each can be put under, how a value is read and said, and what it asks of the store.

A condition's values come from an address, the API or a form, so everything here refuses what it can't read by a `FilterError`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.kit.lists.operators import (
    BEFORE_AFTER,
    CHOOSING,
    COMPARING,
    EMPTINESS,
    IS_FLAG,
    PERIODS,
    WORDING,
    Operator,
)
from proofline.kit.lists.refusing import FilterError
from proofline.kit.lists.spans import SPANS, days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proofline.kit.lists.fields import Context, Field

MOST_VALUES = 200
LONGEST = 500
ID = re.compile(r"[0-9]{1,18}")
YEARS = range(1900, 9000)
"""Days out of these come of a slip, and moved to another time zone some can't be kept."""
NUMBER_OF_DAYS = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True)
class FieldType:
    """What all types share."""

    name: ClassVar[str]
    cell: ClassVar[Any] = "text"
    control: ClassVar[str] = "text"
    """Which input the builder of filters offers."""
    operators: ClassVar[tuple[Operator, ...]] = ()
    sums: ClassVar[bool] = False

    def operator(self, name: Any) -> Operator:
        """Return the operator of that name.

        Raises:
            FilterError: the type knows none of that name.
        """
        for one in self.operators:
            if one.name == name:
                return one
        raise FilterError(
            _("“%(name)s” is no condition here; there are: %(known)s.")
            % {"name": str(name)[:50], "known": ", ".join(one.name for one in self.operators)},
            at="op",
        )

    def read(self, value: Any, *, field: Field, context: Context) -> Any:
        """Return a value as the store knows it.

        Raises:
            FilterError: it is none of this type.
        """
        del field, context
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            raise FilterError(_("A value has to be a text or a number."), at="value")
        text = str(value)
        if len(text) > LONGEST or "\0" in text:
            raise FilterError(_("A value can have at most %(most)s characters.") % {"most": LONGEST}, at="value")
        return text

    def say(self, value: Any, *, field: Field, context: Context) -> str:
        """Return a value as people read it."""
        del field, context
        return str(value)

    def q(self, key: str, operator: str, values: list[Any], *, context: Context, is_text: bool) -> Q:
        """Return the condition of an operator that denies no other; `is_text` says that the store may keep an empty text for nothing."""
        del context
        if operator == "empty":
            nothing = Q(**{f"{key}__isnull": True})
            return nothing | Q(**{key: ""}) if is_text else nothing
        if operator == "is":
            return Q(**{f"{key}__in": values})
        return self.other(key, operator, values)

    def other(self, key: str, operator: str, values: list[Any]) -> Q:
        """Return the condition of an operator that only this type has."""
        raise NotImplementedError(operator)

    def fields(self, operator: str, values: list[Any]) -> Iterator[Field]:
        """Give other fields of the same kind that the condition needs."""
        del operator, values
        yield from ()


class Text(FieldType):
    name = "text"
    operators = (*CHOOSING, *WORDING, *EMPTINESS)
    LOOKUPS: ClassVar[dict[str, str]] = {"contains": "icontains", "starts": "istartswith"}

    def other(self, key: str, operator: str, values: list[Any]) -> Q:
        """Return "contains" or "begins with", for any of the values."""
        found = Q(pk__in=[])
        for value in values:
            found |= Q(**{f"{key}__{self.LOOKUPS[operator]}": value})
        return found


class Number(FieldType):
    name = "number"
    cell = "number"
    control = "number"
    operators = (*COMPARING, *EMPTINESS)
    sums = True
    LOOKUPS: ClassVar[dict[str, str]] = {"lt": "lt", "lte": "lte", "gt": "gt", "gte": "gte"}

    def read(self, value: Any, *, field: Field, context: Context) -> Any:
        """Return a number, exactly as it was written."""
        text = super().read(value, field=field, context=context)
        try:
            number = Decimal(text.strip().replace(",", "").replace("，", ""))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
            raise FilterError(_("“%(value)s” is no number.") % {"value": text[:50]}, at="value")
        return int(number) if number == number.to_integral_value() else number

    def say(self, value: Any, *, field: Field, context: Context) -> str:
        """Return the number as the language writes it."""
        del field, context
        return formats.number(value)

    def other(self, key: str, operator: str, values: list[Any]) -> Q:
        """Return a comparison."""
        if operator == "between":
            return Q(**{f"{key}__gte": min(values), f"{key}__lte": max(values)})
        return Q(**{f"{key}__{self.LOOKUPS[operator]}": values[0]})


class Percent(Number):
    """A share that the store keeps in hundredths; people write and read it so, and its cell gets it as a share of 0 to 1."""

    cell = "percent"
    sums = False

    def say(self, value: Any, *, field: Field, context: Context) -> str:
        """Return the share as the language writes it."""
        del field, context
        return formats.percent(Decimal(value) / 100)


class Money(Number):
    name = "money"
    cell = "money"


class Day(FieldType):
    """A day of the calendar."""

    name = "date"
    cell = "date"
    control = "date"
    operators = (*BEFORE_AFTER, *PERIODS, *EMPTINESS)

    def read(self, value: Any, *, field: Field, context: Context) -> Any:
        """Return a day, or the number of days of "the last" and "the next", or the name of a period."""
        text = super().read(value, field=field, context=context).strip()
        if text in SPANS or NUMBER_OF_DAYS.fullmatch(text):
            return text
        try:
            found = parse_date(text[:10])
        except ValueError:
            found = None
        if found is None or found.year not in YEARS:
            raise FilterError(_("“%(value)s” is no day; write it as 2026-11-30.") % {"value": text[:50]}, at="value")
        return found

    def say(self, value: Any, *, field: Field, context: Context) -> str:
        """Return the day as the language writes it."""
        del field, context
        return formats.day(value) if isinstance(value, date) else str(SPANS.get(value, value))

    def q(self, key: str, operator: str, values: list[Any], *, context: Context, is_text: bool) -> Q:
        """Return the condition as a range of days, in the reader's time zone."""
        del is_text  # a day is never one
        if operator == "empty":
            return super().q(key, operator, values, context=context, is_text=False)
        first, after = days(operator, values, today=timezone.localdate(context.now))
        found = Q()
        if first is not None:
            found &= Q(**{f"{key}__gte": self.edge(first)})
        if after is not None:
            found &= Q(**{f"{key}__lt": self.edge(after)})
        return found

    def edge(self, day: date) -> Any:
        """Return where a day begins."""
        return day


class Moment(Day):
    """A point in time."""

    name = "time"
    cell = "when"

    def edge(self, day: date) -> Any:
        """Return the moment at which the day begins for the reader."""
        return timezone.make_aware(datetime.combine(day, time()))


class Choice(FieldType):
    name = "choice"
    control = "choice"
    operators: ClassVar[tuple[Operator, ...]] = (*CHOOSING, *EMPTINESS)

    def say(self, value: Any, *, field: Field, context: Context) -> str:
        """Return the label of the choice."""
        return dict(field.options(context)).get(str(value), str(value))


class Option(Choice):
    """One of a few records, such as the products."""

    def read(self, value: Any, *, field: Field, context: Context) -> Any:
        """Return the record's id."""
        return identifier(super().read(value, field=field, context=context))


class Several(Choice):
    """Any number of choices, kept as a list in JSON; the store has it as a `holding.ListText`."""

    name = "choices"

    def q(self, key: str, operator: str, values: list[Any], *, context: Context, is_text: bool) -> Q:
        """Return that one of the values is among those kept."""
        if operator == "empty":
            return super().q(key, operator, values, context=context, is_text=is_text)
        found = Q(pk__in=[])
        for value in values:
            found |= Q(**{f"{key}__holds": value})
        return found


class Person(Choice):
    """One of us."""

    name = "person"
    cell = "user"

    def read(self, value: Any, *, field: Field, context: Context) -> Any:
        """Return the person's id; "me" is who looks."""
        if value == "me":
            return context.user.pk
        return identifier(super().read(value, field=field, context=context))

    def say(self, value: Any, *, field: Field, context: Context) -> str:
        """Return the person's name, "me" for who looks."""
        return _("me") if value == context.user.pk else super().say(value, field=field, context=context)


class RelationType(Choice):
    """Another record."""

    name = "relation"
    control = "relation"

    def read(self, value: Any, *, field: Field, context: Context) -> Any:
        """Return the record's id."""
        return identifier(super().read(value, field=field, context=context))


class Flag(FieldType):
    """Yes or no."""

    name = "flag"
    control = "nothing"
    operators = IS_FLAG

    def q(self, key: str, operator: str, values: list[Any], *, context: Context, is_text: bool) -> Q:
        """Return that it is so, or not."""
        del values, context, is_text
        return Q(**{key: operator == "yes"})


def identifier(text: str) -> int:
    """Return the id of a record.

    Raises:
        FilterError: it is none.
    """
    if not ID.fullmatch(text):
        raise FilterError(_("“%(value)s” is no id of a record.") % {"value": text[:50]}, at="value")
    return int(text)
