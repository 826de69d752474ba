"""Before and after: what changes in time, cost and steps, from a proposal's steps of work and its lines of value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from proofline.kit import formats
from proofline.stages.discovery.drawings import minutes_text
from proofline.stages.discovery.flows import total_minutes
from proofline.stages.discovery.roi import decimal
from proofline.stages.discovery.units import A_MONTH, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from proofline.stages.discovery.flows import Step
    from proofline.stages.discovery.models import ValueCase, ValueLine

HOURS = "h"
MINUTES_AN_HOUR = 60
LONGEST_ROWS = 8


@dataclass(frozen=True)
class Pair:
    """One thing before and after, as numbers to draw and as text."""

    name: str
    before: Fraction
    after: Fraction
    before_text: str
    after_text: str


@dataclass(frozen=True)
class Change:
    """What changes of one kind: `run`, `time`, `cost` or `steps`. The headline says it in numbers."""

    key: str
    headline: str
    pairs: tuple[Pair, ...]


def changes_of(
    *, today: Sequence[Step], tomorrow: Sequence[Step], runs_a_week: int | None, case: ValueCase | None
) -> list[Change]:
    """Return what changes, as far as steps and lines tell. Lines count at their expected improvement."""
    lines = case.ordered_lines if case else []
    found = [*_of_work(list(today), list(tomorrow), runs_a_week), *_of_time(lines)]
    if case:
        found += _of_cost(lines, currency=case.currency)
    return found


def _of_work(today: list[Step], tomorrow: list[Step], runs: int | None) -> Iterable[Change]:
    if not today or not tomorrow:
        return
    before, after = total_minutes(today), total_minutes(tomorrow)
    yield _change("run", _("Time each time"), [(_("The work"), Fraction(before), Fraction(after))], _minutes)
    if runs:
        week = [(_("The work"), Fraction(before) * runs / MINUTES_AN_HOUR, Fraction(after) * runs / MINUTES_AN_HOUR)]
        yield _change("week", _("Hours a week for this work"), week, _hours)
    yield _change("steps", _("Steps"), [(_("The work"), Fraction(len(today)), Fraction(len(tomorrow)))], _count)


def _of_time(lines: Sequence[ValueLine]) -> Iterable[Change]:
    rows = []
    for line in lines:
        unit = Unit.parse(line.unit)
        if unit.thing == HOURS:
            a_week = unit.a_month / A_MONTH["week"]
            before = Fraction(line.baseline) * a_week
            rows.append((line.name, before, before * (1 - Fraction(line.expected))))
    if rows:
        yield _change("time", _("Hours a week"), rows, _hours)


def _of_cost(lines: Sequence[ValueLine], *, currency: str) -> Iterable[Change]:
    rows = []
    for line in lines:
        before = replace(line.reckoned(), improvement=1).monthly(currency=currency)
        if before is not None:
            rows.append((line.name, before, before * (1 - Fraction(line.expected))))
    if rows:
        yield _change("cost", _("What it costs a month"), rows, lambda value: _money(value, currency))


def _change(
    key: str, label: str, rows: Sequence[tuple[str, Fraction, Fraction]], write: Callable[[Fraction], str]
) -> Change:
    before, after = sum((row[1] for row in rows), Fraction(0)), sum((row[2] for row in rows), Fraction(0))
    values: dict[str, Any] = {"what": label, "before": write(before), "after": write(after)}
    headline = pgettext("before and after", "%(what)s: %(before)s → %(after)s") % values
    shown = sorted(rows, key=lambda row: -row[1])[:LONGEST_ROWS]
    return Change(key, headline, tuple(Pair(name, was, will, write(was), write(will)) for name, was, will in shown))


def _minutes(value: Fraction) -> str:
    return minutes_text(decimal(value, places=0))


def _hours(value: Fraction) -> str:
    return _("%(hours)s h") % {"hours": formats.number(decimal(value, places=1).normalize() + Decimal(0))}


def _money(value: Fraction, currency: str) -> str:
    return formats.money(decimal(value, places=0), currency)


def _count(value: Fraction) -> str:
    return formats.number(int(value))
