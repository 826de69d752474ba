"""Comparisons, and before and after, through the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone
from ninja import Router, Schema, Status

from proofline.kit.rest import Given
from proofline.records.access import load
from proofline.records.api import linked, user_of
from proofline.stages.discovery.comparing.changes import Change, Pair, changes_of
from proofline.stages.discovery.comparing.drafting import draft
from proofline.stages.discovery.comparing.table import Column, Row, Table, comparison
from proofline.stages.discovery.models import Alternative, Cell, Need, Proposal, Study
from proofline.stages.discovery.roi import decimal

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["discovery"])


class ComparisonColumnOut(Schema):
    """A column; `alternative_id` is null for us."""

    alternative_id: int | None
    name: str

    @staticmethod
    def resolve_alternative_id(column: Column) -> int | None:
        """Return whose column it is."""
        return column.key or None


class CellOut(Schema):
    """`answer` is yes, partly, no or number, and "" in an empty cell."""

    alternative_id: int | None
    answer: str
    figure: str
    source: str
    sourced_on: date | None


class ComparisonRowOut(Schema):
    need_id: int
    need: str
    cells: list[CellOut]

    @staticmethod
    def resolve_need_id(row: Row) -> int:
        """Return the need's id."""
        return row.need.pk

    @staticmethod
    def resolve_need(row: Row) -> str:
        """Return the need in the customer's words."""
        return row.need.text

    @staticmethod
    def resolve_cells(row: Row) -> list[dict[str, object]]:
        """Return what each column can do."""
        return [_cell(place.column.key or None, place.cell) for place in row.places]


class ComparisonOut(Schema):
    columns: list[ComparisonColumnOut]
    rows: list[ComparisonRowOut]


class CellIn(Given):
    """Without an answer the cell is emptied; without `alternative_id` it is in our own column."""

    alternative_id: int | None = None
    answer: str = ""
    figure: str = ""
    source: str = ""
    sourced_on: date | None = None


class BeforeAfterOut(Schema):
    name: str
    before: Decimal
    after: Decimal

    @staticmethod
    def resolve_before(pair: Pair) -> Decimal:
        """Return the number of before, to two decimals."""
        return decimal(pair.before)

    @staticmethod
    def resolve_after(pair: Pair) -> Decimal:
        """Return the number of after, to two decimals."""
        return decimal(pair.after)


class ProposalChangeOut(Schema):
    """What changes: `run` in minutes each time, `week` and `time` in hours a week, `cost` in money a month, `steps` in steps."""

    key: str
    headline: str
    pairs: list[BeforeAfterOut]


class ProposalChangesOut(Schema):
    items: list[ProposalChangeOut]


@router.get("/studies/{int:pk}/comparison", response=ComparisonOut)
def study_comparison(request: HttpRequest, pk: int) -> Table:
    """Return how we compare, by each need of a study."""
    return comparison(load(Study, user=user_of(request), pk=pk))


@router.post("/studies/{int:pk}/comparison", response=ComparisonOut)
def draft_comparison(request: HttpRequest, pk: int) -> Table:
    """Fill the empty cells from modules, battle cards and what the customer said."""
    study = load(Study.objects.select_related("account"), user=user_of(request), pk=pk, write=True)
    draft(study, by=user_of(request), now=timezone.now(), today=timezone.localdate())
    return comparison(study)


@router.put("/needs/{int:pk}/comparison", response=CellOut)
def put_cell(request: HttpRequest, pk: int, body: CellIn) -> Status[dict[str, object]]:
    """Fill in what one column can do for a need."""
    need = load(Need.objects.select_related("study"), user=user_of(request), pk=pk, write=True)
    values = linked(request, body.dict(), alternative=Alternative)
    kept = Cell.objects.put(by=user_of(request), now=timezone.now(), need=need, **values)
    return Status(200, _cell(body.alternative_id, kept))


@router.get("/proposals/{int:pk}/changes", response=ProposalChangesOut)
def proposal_changes(request: HttpRequest, pk: int) -> dict[str, list[Change]]:
    """Tell before and after in time, cost and steps, from the proposal's steps of work and its value lines as expected."""
    found = load(Proposal.objects.select_related("value_case"), user=user_of(request), pk=pk)
    items = changes_of(today=found.today, tomorrow=found.tomorrow, runs_a_week=found.runs_a_week, case=found.value_case)
    return {"items": items}


def _cell(alternative: int | None, cell: Cell | None) -> dict[str, object]:
    names = ("answer", "figure", "source")
    said: dict[str, object] = {name: getattr(cell, name) if cell else "" for name in names}
    return {"alternative_id": alternative, "sourced_on": cell.sourced_on if cell else None, **said}
