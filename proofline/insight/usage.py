"""How a customer uses the product, and what their use measures; read from the timeline."""

# ruff: noqa: S608 - the SQL is put together from constants; values are bound

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from proofline.timeline import columns, identity, store
from proofline.timeline.events import BEHAVIOUR

if TYPE_CHECKING:
    from proofline.records.models import ValueMetric

WEEK = timedelta(weeks=1)
WEEKS_A_MONTH = Decimal(52) / 12
CENT = Decimal("0.01")

OF_ACCOUNT = """
    (account = {account:UInt64} OR person IN {people:Array(UInt64)})
    AND kind IN {kinds:Array(String)} AND at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)}
"""
ACTIVE_PEOPLE = f"""
    SELECT uniqExact(if(who.canonical = 0, events.person, who.canonical))
    FROM events LEFT JOIN (SELECT person, canonical FROM people FINAL) AS who ON who.person = events.person
    WHERE events.person != 0 AND {OF_ACCOUNT.replace("person IN", "events.person IN").replace("(account", "(events.account")}
"""
FEATURE_USE = f"""
    SELECT {columns.text("feature")} AS feature, count() AS uses FROM events
    WHERE feature != '' AND {OF_ACCOUNT} GROUP BY feature ORDER BY uses DESC, feature
"""
LAST_SEEN = f"SELECT max(at), count() FROM events WHERE {OF_ACCOUNT}"
MEASURED = f"SELECT count(), {{summed}} FROM events WHERE event = {{event:String}} AND {OF_ACCOUNT}"


@dataclass(frozen=True)
class Measured:
    """A value metric over a period: its value in the metric's unit and the events that it was computed from."""

    value: Decimal
    events: int


def active_people(account_id: int, *, from_: datetime, to: datetime) -> int:
    """Return how many different people of the account did anything in [from_, to)."""
    found = store.query(ACTIVE_PEOPLE, _of(account_id, from_=from_, to=to))
    return int(found[0][0])


def feature_use(account_id: int, *, from_: datetime, to: datetime) -> dict[str, int]:
    """Return how often each feature was used in [from_, to): the property `feature` of events → count, most used first."""
    return {feature: int(uses) for feature, uses in store.query(FEATURE_USE, _of(account_id, from_=from_, to=to))}


def last_seen(account_id: int, *, from_: datetime, to: datetime) -> datetime | None:
    """Return when anybody of the account last did anything in [from_, to), None when nobody did."""
    at, count = store.query(LAST_SEEN, _of(account_id, from_=from_, to=to))[0]
    return at if count else None


def measured(metric: ValueMetric | None, *, account_id: int, from_: datetime, to: datetime) -> Measured:
    """Return what the product's events measure of a metric, per its week or month.

    value = (number of events, or the sum of their property) × factor ÷ (periods in [from_, to)); a month is 52/12 weeks.
    A metric without an event can't be measured: nothing of no events.
    """
    if metric is None or not metric.event or to <= from_:
        return Measured(Decimal(0), 0)
    parameters = _of(account_id, from_=from_, to=to) | {"event": metric.event}
    summed = "0"
    if metric.property:
        summed = f"ifNull(sum({columns.number(columns.bound(metric.property, parameter='property'))}), 0)"
        parameters["property"] = metric.property
    events, total = store.query(MEASURED.replace("{summed}", summed), parameters)[0]
    amount = Decimal(repr(float(total))) if metric.property else Decimal(int(events))
    periods = Decimal((to - from_) / WEEK)
    if metric.per == metric.Per.MONTH:
        periods /= WEEKS_A_MONTH
    return Measured((amount * metric.factor / periods).quantize(CENT, ROUND_HALF_UP), int(events))


def _of(account_id: int, *, from_: datetime, to: datetime) -> dict[str, Any]:
    return {
        "account": account_id,
        "people": list(identity.persons_of(account=account_id)),
        "kinds": list(BEHAVIOUR),
        "from": from_,
        "to": to,
    }
