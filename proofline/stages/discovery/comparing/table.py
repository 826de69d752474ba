"""The comparison as a table: a row for each need, a column for us and for each alternative."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import pgettext

from proofline.kit.prepared import Prepared
from proofline.records.models import Workspace
from proofline.stages.discovery.models import Alternative, Cell, needs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.stages.discovery.models import Need, Study


@dataclass(frozen=True)
class Column:
    """We (no alternative), or what the customer uses or considers."""

    name: str
    alternative: Alternative | None = None

    @property
    def key(self) -> int:
        """The alternative's id, 0 for us."""
        return self.alternative.pk if self.alternative else 0

    @property
    def kicker(self) -> str:
        """What stands above the name: that it is what they use today."""
        in_use = self.alternative and self.alternative.standing == Alternative.Standing.IN_USE
        return pgettext("work", "Today") if in_use else ""


@dataclass(frozen=True)
class Place:
    """Where a need and a column meet."""

    column: Column
    cell: Cell | None


@dataclass(frozen=True)
class Row:
    """A need with what each column can do for it."""

    need: Need
    places: Sequence[Place]

    @property
    def is_filled(self) -> bool:
        """Whether anything is said of the need."""
        return any(place.cell for place in self.places)


@dataclass(frozen=True)
class Table:
    """A comparison."""

    columns: Sequence[Column]
    rows: Sequence[Row]

    @property
    def filled(self) -> list[Row]:
        """The rows in which anything is said: what customers see."""
        return [row for row in self.rows if row.is_filled]


_cells: Prepared[Cell] = Prepared(lambda study: Cell.objects.filter(need__study=study))


def comparison(study: Study, *, alternatives: Sequence[Alternative] | None = None) -> Table:
    """Return the comparison of a study, in two questions to the store, or three where the alternatives are not given."""
    if alternatives is None:
        alternatives = list(study.alternatives.in_order().select_related("competitor"))
    columns = [Column(Workspace.current().name), *(Column(str(one), one) for one in alternatives)]
    cells = {(cell.need_id, cell.alternative_id or 0): cell for cell in _cells(study.pk)}
    rows = [
        Row(need, [Place(column, cells.get((need.pk, column.key))) for column in columns]) for need in needs_of(study)
    ]
    return Table(columns, rows)
