"""Calculators and their lines through the API."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import load, require_write
from proofline.records.api import linked, user_of
from proofline.records.models import Pain, Product, User, ValueMetric
from proofline.stages.discovery.calculators import asks
from proofline.stages.discovery.calculators.reaching import Reach, reach_of, with_reach
from proofline.stages.discovery.models import Calculator, CalculatorLine

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["calculators"])


class AskIn(Given):
    """A number: `value` is what it is, or what it begins with when it is `asked`, between `least` and `most`; shares are 0.4 for 40 %."""

    value: Decimal | None = None
    asked: bool = False
    least: Decimal | None = None
    most: Decimal | None = None
    label_en: str = ""
    label_zh: str = ""


class AskOut(Schema):
    value: Decimal
    asked: bool
    least: Decimal | None
    most: Decimal | None
    label_en: str
    label_zh: str


class CalculatorLineIn(Given):
    name_en: Words = None
    name_zh: Words = None
    unit: Words = None
    metric_id: int | None = None
    pain_id: int | None = None
    inputs: dict[str, AskIn] | None = Field(
        None,
        description="`quantity`, `people`, `improvement` (with `least` and `most`), and `rate` where the unit is no money.",
    )


class CalculatorLineOut(Schema):
    id: int
    calculator_id: int
    name_en: str
    name_zh: str
    unit: str
    metric_id: int | None
    pain_id: int | None
    inputs: dict[str, AskOut]


class CalculatorFields(Given):
    title_en: Words = None
    title_zh: Words = None
    intro_en: Words = None
    intro_zh: Words = None
    currency: Words = None
    investment_once: Decimal = Decimal(0)
    investment_monthly: Decimal = Decimal(0)
    seat_price: Decimal = Decimal(0)
    seats: AskIn | None = None
    asks_contact: str = "after"
    asks_company: bool = True
    consent_en: Words = None
    consent_zh: Words = None
    origins: list[str] = Field([], description="The websites that may show it, such as `https://www.example.com`.")
    source: Words = None
    product_id: int | None = None
    owner_id: int | None = Field(None, description="Whose leads they become; when left out at the beginning, yours.")


class CalculatorIn(CalculatorFields):
    name: str


class CalculatorChange(CalculatorFields):
    name: Words = None


class CalculatorReachOut(Schema):
    opened: int = Field(description="Visits by people: no robots, no previews, none of your own.")
    calculated: int = Field(description="Visits in which somebody calculated with numbers of their own.")
    leads: int = Field(description="Calculations that were left with a name.")
    calculated_share: float | None = Field(description="Of those who opened it, 0 to 1; null before the first.")
    lead_share: float | None = Field(description="Of those who opened it, 0 to 1; null before the first.")
    since: datetime | None = Field(description="When the first visit was counted; null before it.")


class CalculatorOut(Schema):
    id: int
    name: str
    title_en: str
    title_zh: str
    intro_en: str
    intro_zh: str
    currency: str
    investment_once: Decimal
    investment_monthly: Decimal
    seat_price: Decimal
    seats: AskOut | None
    asks_contact: str
    asks_company: bool
    consent_en: str
    consent_zh: str
    origins: list[str]
    source: str
    product_id: int | None
    owner_id: int | None
    url: str
    published: bool
    problems: list[str] = Field(description="What keeps it from being published.")
    lines: list[CalculatorLineOut]
    reach: CalculatorReachOut
    created_at: datetime

    @staticmethod
    def resolve_reach(one: Calculator) -> Reach:
        """Return how often it was opened, and what came of it."""
        return reach_of(one)

    @staticmethod
    def resolve_seats(one: Calculator) -> Any:
        """Return how many seats; null where none is paid for."""
        return one.seats or None

    @staticmethod
    def resolve_url(one: Calculator) -> str:
        """Return the address for visitors."""
        return f"{settings.PUBLIC_URL}{one.public_path}"

    @staticmethod
    def resolve_published(one: Calculator) -> bool:
        """Tell whether visitors reach it."""
        return one.publication is not None

    @staticmethod
    def resolve_lines(one: Calculator) -> list[CalculatorLine]:
        """Return its lines in their order."""
        return one.ordered_lines


def _values(request: HttpRequest, body: CalculatorFields) -> dict[str, Any]:
    values = linked(request, body.dict(exclude_unset=True), product=Product, owner=User)
    return values | ({"seats": _asks({"seats": values["seats"]}).get("seats", {})} if "seats" in values else {})


def _asks(given: dict[str, Any]) -> dict[str, Any]:
    told = {
        what: {name: value for name, value in ask.items() if value is not None} for what, ask in given.items() if ask
    }
    return asks.plain(asks.read(told))


def _line_values(request: HttpRequest, body: CalculatorLineIn) -> dict[str, Any]:
    values = linked(request, body.dict(exclude_unset=True), metric=ValueMetric, pain=Pain)
    return values | ({"inputs": _asks(values["inputs"] or {})} if "inputs" in values else {})


@router.get("/calculators", response=Page[CalculatorOut])
def calculators(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the calculators."""
    del request
    return page_of(_rows(), paging)


def _rows() -> Any:
    return with_reach(Calculator.objects.prefetch_related("lines"))


def _whole(request: HttpRequest, pk: int) -> Calculator:
    found: Calculator = load(_rows(), user=user_of(request), pk=pk)
    return found


@router.post("/calculators", response={201: CalculatorOut})
def add_calculator(request: HttpRequest, body: CalculatorIn) -> Status[Calculator]:
    """Begin a calculator; visitors reach it once it is published."""
    user = user_of(request)
    require_write(user, area="discovery")
    made = Calculator.objects.begin(by=user, now=timezone.now(), **{"owner": user} | _values(request, body))
    return Status(201, _whole(request, made.pk))


@router.get("/calculators/{int:pk}", response=CalculatorOut)
def calculator(request: HttpRequest, pk: int) -> Calculator:
    """Return a calculator with its lines."""
    return _whole(request, pk)


@router.patch("/calculators/{int:pk}", response=CalculatorOut)
def change_calculator(request: HttpRequest, pk: int, body: CalculatorChange) -> Calculator:
    """Change the fields that are given; visitors see it at once."""
    found = load(Calculator, user=user_of(request), pk=pk, write=True)
    found.change(by=user_of(request), now=timezone.now(), **_values(request, body))
    return _whole(request, pk)


@router.delete("/calculators/{int:pk}", response={204: None})
def remove_calculator(request: HttpRequest, pk: int) -> Status[None]:
    """Remove a calculator with which nobody reckoned."""
    load(Calculator, user=user_of(request), pk=pk, write=True).remove()
    return Status(204, None)


@router.post("/calculators/{int:pk}/publication", response=CalculatorOut)
def publish_calculator(request: HttpRequest, pk: int) -> Calculator:
    """Let visitors reach it."""
    found = load(Calculator, user=user_of(request), pk=pk, write=True)
    found.publish(by=user_of(request), now=timezone.now())
    return _whole(request, pk)


@router.post("/calculators/{int:pk}/withdrawal", response=CalculatorOut)
def withdraw_calculator(request: HttpRequest, pk: int) -> Calculator:
    """Close its page; what was reckoned stays."""
    found = load(Calculator, user=user_of(request), pk=pk, write=True)
    found.withdraw(by=user_of(request), now=timezone.now())
    return _whole(request, pk)


@router.post("/calculators/{int:pk}/lines", response={201: CalculatorLineOut})
def add_calculator_line(request: HttpRequest, pk: int, body: CalculatorLineIn) -> Status[CalculatorLine]:
    """Add a line at the end."""
    found = load(Calculator, user=user_of(request), pk=pk, write=True)
    values = _line_values(request, body)
    return Status(201, CalculatorLine.add_to(found, by=user_of(request), now=timezone.now(), **values))


@router.patch("/calculator-lines/{int:pk}", response=CalculatorLineOut)
def change_calculator_line(request: HttpRequest, pk: int, body: CalculatorLineIn) -> CalculatorLine:
    """Change the fields that are given; `inputs` as a whole."""
    found = load(CalculatorLine, user=user_of(request), pk=pk, write=True)
    found.change(by=user_of(request), now=timezone.now(), **_line_values(request, body))
    return found


@router.delete("/calculator-lines/{int:pk}", response={204: None})
def remove_calculator_line(request: HttpRequest, pk: int) -> Status[None]:
    """Take a line out."""
    load(CalculatorLine, user=user_of(request), pk=pk, write=True).remove()
    return Status(204, None)
