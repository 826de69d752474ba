"""The decision map as a drawing: who stands where and weighs how much, and the parts that nobody has yet.

The list of people says the same in words; the drawing is for the eye alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from proofline.stages.closing.models.people import DealRole, Influence, Stance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proofline.stages.closing.models import DealPerson

COLUMNS = (Stance.AGAINST, Stance.UNKNOWN, Stance.NEUTRAL, Stance.SUPPORTS)
ROWS = (Influence.HIGH, Influence.MEDIUM, Influence.LOW)
WANTED = (
    (DealRole.DECISION_MAKER, Influence.HIGH),
    (DealRole.CHAMPION, Influence.MEDIUM),
    (DealRole.USER, Influence.LOW),
)
"""The parts that a decision needs, and how much they weigh as a rule."""


@dataclass
class Cell:
    """Those of one stance and one weight; `wanted` are the parts that nobody has, drawn where they should stand."""

    stance: Stance
    people: list[DealPerson] = field(default_factory=list)
    wanted: list[DealRole] = field(default_factory=list)


@dataclass
class Row:
    """Those who weigh the same, from those against us to those for us."""

    influence: Influence
    cells: list[Cell]


@dataclass
class Drawing:
    """The map."""

    rows: list[Row]

    @property
    def columns(self) -> list[str]:
        """What stands under each column."""
        return [str(stance.label) for stance in COLUMNS]


def drawn(parts: Iterable[DealPerson], *, is_open: bool) -> Drawing:
    """Return the map of these parts, those who decide first in each place; `is_open`: there is a deal that still lacks somebody."""
    parts = sorted(parts, key=lambda part: part.role != DealRole.DECISION_MAKER)
    cells = {(row, column): Cell(column) for row in ROWS for column in COLUMNS}
    for part in parts:
        cells[Influence(part.influence), Stance(part.stance)].people.append(part)
    roles = {part.role for part in parts}
    for role, influence in WANTED if is_open else ():
        if role not in roles:
            cells[influence, Stance.SUPPORTS].wanted.append(role)
    return Drawing([Row(row, [cells[row, column] for column in COLUMNS]) for row in ROWS])
