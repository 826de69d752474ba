"""Ranges of days that conditions on dates mean: "on", "before", "in the last 7 days", "this month"."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proofline.kit.lists.refusing import FilterError

MOST_DAYS = 3660
SPANS = {
    "day": gettext_lazy("today"),
    "week": gettext_lazy("this week"),
    "month": gettext_lazy("this month"),
    "quarter": gettext_lazy("this quarter"),
    "year": gettext_lazy("this year"),
}


def days(operator: str, values: list[Any], *, today: date) -> tuple[date | None, date | None]:
    """Return the first day that an operator means, and the first day after; None for no bound.

    Raises:
        FilterError: the values are of another kind than the operator takes.
    """
    one = timedelta(days=1)
    try:
        if operator in {"on", "before", "after", "between"} and not all(isinstance(value, date) for value in values):
            raise FilterError(_("This condition takes a day, such as 2026-11-30."), at="value")
        if operator == "on":
            return values[0], values[0] + one
        if operator == "before":
            return None, values[0]
        if operator == "after":
            return values[0] + one, None
        if operator == "between":
            return min(values), max(values) + one
        if operator == "this":
            return _span(values[0], today)
        length = timedelta(days=int(values[0]))
        return (today - length + one, today + one) if operator == "last" else (today, today + length)
    except (TypeError, ValueError, OverflowError) as error:
        if isinstance(error, FilterError):
            raise
        raise FilterError(
            _("This condition takes a number of days from 1 to %(most)s.") % {"most": MOST_DAYS}, at="value"
        ) from None


def _span(name: Any, today: date) -> tuple[date, date]:
    if name == "day":
        return today, today + timedelta(days=1)
    if name == "week":
        first = today - timedelta(days=today.weekday())
        return first, first + timedelta(days=7)
    if name not in SPANS:
        raise FilterError(_("This condition takes one of: %(known)s.") % {"known": ", ".join(SPANS)}, at="value")
    months = {"month": 1, "quarter": 3, "year": 12}[name]
    first = today.replace(day=1, month=(today.month - 1) // months * months + 1)
    after = first.month - 1 + months
    return first, first.replace(year=first.year + after // 12, month=after % 12 + 1)
