"""Metrics through the API: of what the token's user may see."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime, PlainSerializer

from proofline.insight import metrics, outcomes
from proofline.kit.rest import UNREADABLE_CURSOR, BadCursorError, PagingQuery
from proofline.records.access import load
from proofline.records.api import user_of
from proofline.records.models import Competitor, Evidence

if TYPE_CHECKING:
    from proofline.insight.metrics import Metric, Result

FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Between these the columnar store keeps times."""
router = Router(tags=["metrics"])


class MetricOut(Schema):
    name: str
    label: str
    sentence: str
    unit: str
    example: str


class MetricsOut(Schema):
    items: list[MetricOut]
    next: str | None = None


Number = Annotated[Decimal | None, PlainSerializer(metrics.plain, return_type=float | int | None)]


class RowOut(Schema):
    key: str
    value: Number


class ResultOut(Schema):
    metric: str
    unit: str
    value: Number
    rows: list[RowOut]


class Asked(Schema):
    by: Literal["owner", "team", "product", "source", "sector", "month"] | None = None
    from_: Annotated[AwareDatetime, Field(ge=FIRST, le=LAST)] | None = Field(None, alias="from")
    to: Annotated[AwareDatetime, Field(ge=FIRST, le=LAST)] | None = None


@router.get("/metrics", response=MetricsOut)
def all_metrics(request: HttpRequest) -> dict[str, Any]:
    """List the metrics with what they mean."""
    del request
    return {"items": [described(metric) for metric in metrics.METRICS.values()], "next": None}


@router.get("/metrics/{str:name}", response=ResultOut)
def metric(request: HttpRequest, name: str, asked: Annotated[Asked, Query()]) -> Result:
    """Compute a metric over what you may see, sliced by a dimension, within a period."""
    try:
        found = metrics.get(name)
    except metrics.UnknownMetricError:
        raise Http404 from None
    return found.compute(by=asked.by, user=user_of(request), from_=asked.from_, to=asked.to)


def described(metric: Metric) -> dict[str, str]:
    """Return what a metric says of itself."""
    return {
        "name": metric.name,
        "label": str(metric.label),
        "sentence": str(metric.sentence),
        "unit": metric.unit.value,
        "example": metric.example,
    }


class OutcomesOut(Schema):
    """How many decided deals were won and lost; `rate` is the share that was won, 0.6 for 60 %."""

    won: int
    lost: int
    rate: float | None


@router.get("/competitors/{int:pk}/outcomes", response=OutcomesOut, tags=["library"])
def competitor_outcomes(request: HttpRequest, pk: int) -> outcomes.Outcomes:
    """Tell how the deals ended that faced a competitor, of those that you may see."""
    rival = load(Competitor, user=user_of(request), pk=pk)
    return outcomes.against([pk], user=user_of(request)).get(rival.pk, outcomes.Outcomes())


class CompetitorOutcomesOut(OutcomesOut):
    competitor_id: int


class FacedOut(Schema):
    items: list[CompetitorOutcomesOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


@router.get("/competitor-outcomes", response=FacedOut, tags=["library"])
def all_competitor_outcomes(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """Tell how the deals ended that faced each competitor, of those that you may see; who was faced in most decided deals comes first."""
    after = outcomes.Place.read(paging.cursor or "")
    if paging.cursor and after is None:
        raise BadCursorError(UNREADABLE_CURSOR)
    found = outcomes.most_faced(user=user_of(request), after=after, limit=paging.limit)
    rivals = Competitor.objects.in_bulk(found.outcomes)
    return {
        "items": [
            {"competitor_id": pk, "won": one.won, "lost": one.lost, "rate": one.rate}
            for pk, one in found.outcomes.items()
            if pk in rivals
        ],
        "next": str(found.following) if found.following else None,
    }


@router.get("/evidence/{int:pk}/outcomes", response=OutcomesOut, tags=["library"])
def evidence_outcomes(request: HttpRequest, pk: int) -> outcomes.Outcomes:
    """Tell how the deals ended whose proposals showed a piece of evidence, of those that you may see."""
    evidence = load(Evidence, user=user_of(request), pk=pk)
    return outcomes.with_evidence([pk], user=user_of(request)).get(evidence.pk, outcomes.Outcomes())
