"""What the overview of an account looks like in the API."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from ninja import Field, Schema

if TYPE_CHECKING:
    from proofline.kit.money import Money


class AmountOut(Schema):
    amount: Decimal
    currency: str

    @staticmethod
    def resolve_amount(one: Money) -> Decimal:
        """Return a sum as all amounts are written: SQLite adds up in floating point, which ends in powers of ten."""
        return Decimal(format(one.amount, ".2f"))


class MoneyOut(Schema):
    monthly: list[AmountOut] = Field(
        description="A month of what runs, in the workspace's currency; beside it one sum for each currency without a rate."
    )
    subscriptions: int
    won: list[AmountOut]
    won_deals: int
    open: list[AmountOut]
    open_deals: int
    renewal_id: int | None = Field(description="The subscription to be renewed next.")
    renewal_on: date | None


class DriverOut(Schema):
    measure: str
    score: Decimal | None
    count: int
    of: int


class WeekOut(Schema):
    week: date
    score: int


class OverviewHealthOut(Schema):
    score: int
    band: str
    tier: str | None
    drivers: list[DriverOut]
    weeks: list[WeekOut] = Field(description="Twelve at most, the oldest first.")


class PartOut(Schema):
    deal_id: int
    role: str
    stance: str
    influence: int


class OverviewPersonOut(Schema):
    contact_id: int
    name: str
    title: str
    parts: list[PartOut] = Field(description="In deals, the one that counts first; empty for who has none.")


class GapsOut(Schema):
    deal_id: int
    gaps: list[str]


class OverviewDealOut(Schema):
    id: int
    name: str
    state: str
    stage: str
    amount: Decimal | None
    currency: str


class OfferOut(Schema):
    id: int
    deal_id: int
    version: int
    state: str = Field(description="draft, sent, chosen or expired.")
    option: str
    monthly: Decimal | None
    currency: str
    valid_until: date


class OverviewContractOut(Schema):
    id: int
    number: str
    state: str
    monthly: Decimal
    currency: str
    starts_on: date
    ends_on: date


class OverviewMetricOut(Schema):
    name: str
    unit: str
    promised: Decimal | None
    signed: Decimal | None
    measured: Decimal | None
    state: str = Field(description="promised, signed, kept or missed.")


class ValueOut(Schema):
    title: str
    worth: AmountOut | None = Field(description="A month, as all amounts here.")
    priced: AmountOut | None
    signed: AmountOut | None
    metrics: list[OverviewMetricOut] = Field(validation_alias="rows")


class OverviewProjectOut(Schema):
    id: int
    name: str
    gate: str | None = Field(description="The next gate to be signed; null when all are.")
    went_live_at: datetime | None


class OverviewTicketOut(Schema):
    id: int
    subject: str
    solved: bool
    opened_at: datetime


class ModuleUseOut(Schema):
    name: str
    feature: str
    times: int
    people: int
    last: datetime


class SeenOut(Schema):
    name: str
    contact_id: int | None
    times: int
    last: datetime


class UseOut(Schema):
    active: int
    active_before: int
    times: int
    modules: list[ModuleUseOut]
    people: list[SeenOut]


class OverviewOut(Schema):
    account_id: int
    money: MoneyOut
    health: OverviewHealthOut | None
    people: list[OverviewPersonOut]
    gaps: list[GapsOut]
    deals: list[OverviewDealOut]
    quotes: list[OfferOut]
    contracts: list[OverviewContractOut]
    value: list[ValueOut]
    projects: list[OverviewProjectOut]
    tickets: list[OverviewTicketOut]
    open_tickets: int
    late_tickets: int
    use: UseOut | None = Field(description="Of the last 30 days; null when the events can't be read right now.")
