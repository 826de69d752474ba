"""Value cases, their lines and what they return, through the API."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import load
from proofline.records.api import linked, user_of
from proofline.records.models import Pain, ValueMetric
from proofline.stages.discovery.improving import basis_of
from proofline.stages.discovery.models import LineTemplate, Need, Study, ValueCase, ValueLine
from proofline.stages.discovery.models.value_cases import Level
from proofline.stages.discovery.roi import decimal

if TYPE_CHECKING:
    from fractions import Fraction

    from django.http import HttpRequest

    from proofline.stages.discovery.risk import Swing

router = Router(tags=["discovery"])
CENT, TEN_THOUSANDTH = Decimal("0.01"), Decimal("0.0001")


class ValueCaseIn(Given):
    name: str = ""
    currency: str = ""
    investment_once: Decimal = Decimal(0)
    investment_monthly: Decimal = Decimal(0)
    months: int = 12


class ValueLineIn(Given):
    template_id: int | None = Field(None, description="A template of the catalogue: fills in what is left out.")
    name: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    people: int = 1
    low: Decimal | None = None
    expected: Decimal | None = Field(
        None, description="Without `low`, `expected` and `high` the line takes what the metric's customers reached."
    )
    high: Decimal | None = None
    rate_amount: Decimal | None = None
    rate_per: str = ""
    source_note: str = Field("", description="Who said how much it is.")
    said_on: date | None = Field(None, description="When they said so.")
    improvement_source: str = Field(
        "",
        description="Where the improvement comes from; told by itself where it is taken from the metric's customers.",
    )
    rate_source: str = Field("", description="Where the worth comes from.")
    need_id: int | None = None
    pain_id: int | None = None
    metric_id: int | None = None


class ValueCaseChange(Given):
    name: Words = None
    currency: Words = None
    investment_once: Decimal = Decimal(0)
    investment_monthly: Decimal = Decimal(0)
    months: int = 12


class ValueLineChange(Given):
    """The fields to change; what is left out stays."""

    name: Words = None
    quantity: Decimal = Decimal(0)
    unit: Words = None
    people: int = 1
    low: Decimal = Decimal(0)
    expected: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    rate_amount: Decimal | None = None
    rate_per: Words = None
    source_note: Words = None
    said_on: date | None = None
    improvement_source: Words = None
    rate_source: Words = None
    need_id: int | None = None
    pain_id: int | None = None
    metric_id: int | None = None


class ValueLineOut(Schema):
    id: int
    name: str
    quantity: Decimal
    unit: str
    people: int
    low: Decimal
    expected: Decimal
    high: Decimal
    rate_amount: Decimal | None
    rate_per: str
    source_note: str
    said_on: date | None
    improvement_source: str
    rate_source: str
    need_id: int | None
    pain_id: int | None
    metric_id: int | None
    promised: Decimal
    formula: str

    @staticmethod
    def resolve_formula(line: ValueLine) -> str:
        """Return how the value comes about, written out."""
        return line.formula.numbers


class RoiOut(Schema):
    """What the investment returns; shares are 0.5 for 50 %."""

    monthly_value: Decimal
    payback_month: int | None
    months: int
    roi: Decimal | None = Field(description="Over those months.")
    roi_by_months: dict[str, Decimal | None] = Field(description="Over 12 and 36 months, and over those months.")
    npv: Decimal


class QuantilesOut(Schema):
    """What nine in ten draws reach at least, half of them, and one in ten."""

    p10: float
    p50: float
    p90: float


class SwingOut(Schema):
    name: str
    low: Decimal
    high: Decimal

    @staticmethod
    def resolve_low(swing: Swing) -> Decimal:
        """Return what is left with the line at its low value."""
        return rounded(swing.low, CENT)

    @staticmethod
    def resolve_high(swing: Swing) -> Decimal:
        """Return what is left with the line at its high value."""
        return rounded(swing.high, CENT)


class RiskOut(Schema):
    """How sure a value case is; `swings` tell what is left after the investment when one line is at its low or high value, the widest first."""

    currency: str
    months: int
    draws: int
    value: QuantilesOut
    left: QuantilesOut
    roi: QuantilesOut | None
    paid_back: float
    swings: list[SwingOut]


class ValueCaseOut(Schema):
    id: int
    study_id: int
    name: str
    currency: str
    investment_once: Decimal
    investment_monthly: Decimal
    months: int
    frozen: bool
    created_at: datetime
    lines: list[ValueLineOut]
    returns: RoiOut

    @staticmethod
    def resolve_frozen(case: ValueCase) -> bool:
        """Tell whether it was promised to the customer, so that it no longer changes."""
        return case.is_frozen

    @staticmethod
    def resolve_lines(case: ValueCase) -> list[ValueLine]:
        """Return the lines in their order."""
        return case.ordered_lines

    @staticmethod
    def resolve_returns(case: ValueCase) -> dict[str, Any]:
        """Return what the expected improvements are worth."""
        found = case.roi()
        shares = {
            str(months): None if share is None else rounded(share, TEN_THOUSANDTH)
            for months, share in found.shares.items()
        }
        return {
            "monthly_value": rounded(found.monthly_value, CENT),
            "payback_month": found.payback_month,
            "months": case.months,
            "roi": shares[str(case.months)],
            "roi_by_months": shares,
            "npv": rounded(found.npv, CENT),
        }


def rounded(value: Fraction, unit: Decimal) -> Decimal:
    """Return an exact fraction in whole units, halves away from zero."""
    return decimal(value, places=-int(unit.as_tuple().exponent))


@router.get("/value-cases", response=Page[ValueCaseOut])
def value_cases(request: HttpRequest, paging: PagingQuery, study_id: int | None = None) -> dict[str, Any]:
    """List the value cases that you may see."""
    found = ValueCase.objects.visible_to(user_of(request)).select_related("study", "freezing")
    return page_of(found if study_id is None else found.filter(study_id=study_id), paging)


@router.get("/value-cases/{int:pk}", response=ValueCaseOut)
def value_case(request: HttpRequest, pk: int) -> ValueCase:
    """Return a value case with its lines and what they return."""
    return load(ValueCase, user=user_of(request), pk=pk)


@router.get("/value-cases/{int:pk}/risk", response=RiskOut)
def value_case_risk(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return how sure a value case is: ranges from 10,000 draws (the same ones each time), and what moves the outcome most."""
    case = load(ValueCase, user=user_of(request), pk=pk)
    found = case.spread
    return {"currency": case.currency, "months": case.months, "swings": case.swings, **vars(found)}


@router.post("/studies/{int:pk}/value-cases", response={201: ValueCaseOut})
def add_value_case(request: HttpRequest, pk: int, body: ValueCaseIn) -> Status[ValueCase]:
    """Begin a value case."""
    user = user_of(request)
    study = load(Study, user=user, pk=pk, write=True)
    return Status(201, ValueCase.objects.draft(by=user, now=timezone.now(), study=study, **body.dict()))


@router.patch("/value-cases/{int:pk}", response=ValueCaseOut)
def change_value_case(request: HttpRequest, pk: int, body: ValueCaseChange) -> ValueCase:
    """Change the fields that are given, while it is a draft."""
    case = load(ValueCase, user=user_of(request), pk=pk, write=True)
    case.change(by=user_of(request), now=timezone.now(), **body.dict(exclude_unset=True))
    return case


@router.post("/value-cases/{int:pk}/versions", response={201: ValueCaseOut})
def add_value_case_version(request: HttpRequest, pk: int) -> Status[ValueCase]:
    """Copy the case, with what the customer said to it, as a draft that may change."""
    user = user_of(request)
    case = load(ValueCase, user=user, pk=pk, write=True)
    return Status(201, case.new_version(by=user, now=timezone.now()))


@router.post("/value-cases/{int:pk}/lines", response={201: ValueLineOut})
def add_value_line(request: HttpRequest, pk: int, body: ValueLineIn) -> Status[ValueLine]:
    """Add a line: so much is lost, so much of it is saved, which is worth so much."""
    user = user_of(request)
    case = load(ValueCase, user=user, pk=pk, write=True)
    kinds = {"template": LineTemplate, "need": Need, "pain": Pain, "metric": ValueMetric}
    values = linked(request, body.dict(exclude_unset=True), **kinds)
    if template := values.pop("template", None):
        values = {"pain": template.pain, "metric": template.metric} | template.first_values(case) | values
    if all(values.get(level) is None for level in Level.values):
        basis = basis_of(values.get("metric"), case.study.account)
        if basis:
            values |= basis.values
            values["improvement_source"] = values.get("improvement_source") or basis.source
    return Status(201, case.add_line(by=user, now=timezone.now(), **values))


@router.patch("/value-lines/{int:pk}", response=ValueLineOut)
def change_value_line(request: HttpRequest, pk: int, body: ValueLineChange) -> ValueLine:
    """Change the fields that are given, while the case is a draft."""
    lines = ValueLine.objects.select_related("value_case__study")
    line: ValueLine = load(lines, user=user_of(request), pk=pk, write=True)
    values = linked(request, body.dict(exclude_unset=True), need=Need, pain=Pain, metric=ValueMetric)
    line.change(by=user_of(request), now=timezone.now(), **values)
    return line


@router.delete("/value-lines/{int:pk}", response={204: None})
def remove_value_line(request: HttpRequest, pk: int) -> Status[None]:
    """Take a line away."""
    load(ValueLine, user=user_of(request), pk=pk, write=True).remove()
    return Status(204, None)


@router.post("/value-cases/{int:pk}/freezing", response=ValueCaseOut)
def freeze_value_case(request: HttpRequest, pk: int) -> ValueCase:
    """Promise the case: from now on it does not change."""
    user = user_of(request)
    case = load(ValueCase, user=user, pk=pk, write=True)
    case.freeze(by=user, now=timezone.now())
    return case
