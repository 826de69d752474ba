"""How far calculators reach: how often they were opened, how many visitors calculated, and how many left their name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import FloatField, Min, OuterRef, Subquery
from django.db.models.functions import Cast, NullIf, Round

from proofline.records.lists.customers import counted
from proofline.stages.discovery.models import Calculation, CalculatorUse, CalculatorVisit

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from proofline.stages.discovery.models import Calculator


class Reach(NamedTuple):
    """Visits, those in which was calculated, and the leads that they left, since the first visit that was counted."""

    opened: int
    calculated: int
    leads: int
    since: datetime | None

    @property
    def calculated_share(self) -> float | None:
        """The share of visits in which was calculated; None before the first."""
        return self._share(self.calculated)

    @property
    def lead_share(self) -> float | None:
        """The share of visits that left a lead; None before the first."""
        return self._share(self.leads)

    def _share(self, part: int) -> float | None:
        return min(part / self.opened, 1.0) if self.opened else None  # who is not counted may leave their name too


def with_reach(rows: QuerySet[Calculator]) -> QuerySet[Calculator]:
    """Add to calculators what `reach_of` reads; a count of leads tells nothing of who they are, so it counts all."""
    return rows.annotate(
        reach_opened=opened(), reach_calculated=calculated(), reach_leads=leads(), reach_since=_since(OuterRef("pk"))
    )


def reach_of(calculator: Any) -> Reach:
    """Return how far a calculator of `with_reach` reaches."""
    return Reach(calculator.reach_opened, calculator.reach_calculated, calculator.reach_leads, calculator.reach_since)


def opened() -> Any:
    """Return the expression for how often a calculator was opened."""
    return counted(CalculatorVisit.objects.all(), "calculator")


def calculated() -> Any:
    """Return the expression for how many visitors calculated."""
    return counted(CalculatorUse.objects.all(), "visit__calculator")


def leads() -> Any:
    """Return the expression for how many calculations were left since visits are counted."""
    return counted(Calculation.objects.filter(at__gte=_since(OuterRef("calculator"))), "calculator")


def percent(part: Any) -> Any:
    """Return the expression for a part of the visits, in percent."""
    return Round(100 * Cast(part, FloatField()) / NullIf(opened(), 0))


def _since(calculator: OuterRef) -> Subquery:
    visits = CalculatorVisit.objects.filter(calculator=calculator).order_by().values("calculator")
    return Subquery(visits.annotate(first=Min("at")).values("first"))
