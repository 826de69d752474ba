"""The steps of a piece of work, each with its minutes: read, added up and, in `drawings`, drawn."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

MOST_STEPS = 40
LONGEST_NAME = 120
MOST_MINUTES = 100_000


@dataclass(frozen=True)
class Step:
    """One step of a piece of work."""

    name: str
    minutes: Decimal


def read_steps(value: Any) -> list[Step]:
    """Read the steps that a proposal keeps: a list of {"name", "minutes"}.

    Raises:
        ValueError: it is something else; says which step is wrong and why.
    """
    if not isinstance(value, list) or len(value) > MOST_STEPS:
        raise ValueError(_("Write at most %(most)s steps.") % {"most": MOST_STEPS})
    return [_read(item, number) for number, item in enumerate(value, 1)]


def _read(item: Any, number: int) -> Step:
    name = str(item.get("name", "")).strip() if isinstance(item, dict) else ""
    if not name or len(name) > LONGEST_NAME:
        raise ValueError(_("Step %(number)s has no name, or too long a one.") % {"number": number})
    try:
        minutes = Decimal(str(item.get("minutes", 0)))
    except InvalidOperation:
        minutes = Decimal(-1)
    if not minutes.is_finite() or not 0 <= minutes <= MOST_MINUTES:
        raise ValueError(
            _("Step %(number)s, “%(name)s”: the minutes are not a number.") % {"number": number, "name": name}
        )
    return Step(name, minutes)


def total_minutes(steps: list[Step]) -> Decimal:
    """Return how long the whole work takes, in minutes."""
    return sum((step.minutes for step in steps), Decimal(0))


def parse_lines(text: str) -> list[dict[str, str]]:
    """Read steps as people type them, one a line, the minutes after the last bar: "Collect the figures | 45".

    Raises:
        ValueError: a line can't be read; says which and why.
    """
    steps = []
    for line in text.splitlines():
        if line.strip():
            name, bar, minutes = line.rpartition("|")
            steps.append({"name": (name if bar else line).strip(), "minutes": minutes.strip() if bar else "0"})
    read_steps(steps)
    return steps


def as_lines(steps: list[Step]) -> str:
    """Write steps as `parse_lines` reads them."""
    return "\n".join(f"{step.name} | {step.minutes.normalize():f}" for step in steps)
