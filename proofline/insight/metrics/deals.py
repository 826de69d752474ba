"""Metrics of deals. A deal counts by its last outcome: one that was won and reopened is open again."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from proofline.insight.metrics.base import Mean, Share, Total, Unit, summed
from proofline.timeline import columns

LATEST = "(at, event != 'deal.created', received)"
OUTCOMES = "('deal.created', 'deal.won', 'deal.lost', 'deal.reopened')"
DEALS = f"""
    SELECT
        last.1 AS outcome, last.2 AS outcome_at, last.3 AS days, last.4 AS base_value,
        opened_at, told.1 AS owner_id, told.2 AS slice
    FROM (
        SELECT
            argMaxIf((event, at, ifNull({columns.number("days")}, 0), {columns.text("base_value")}), {LATEST}, event IN {OUTCOMES}) AS last,
            min(at) AS opened_at,
            argMaxIf(({columns.text("owner_id")}, {{slice}}), {LATEST}, event LIKE 'deal.%') AS told
        FROM events
        WHERE subject_kind = 'deal' AND event IN ('deal.created', 'deal.changed', 'deal.moved', 'deal.won', 'deal.lost', 'deal.reopened',
            'record.removed', 'record.restored')
        GROUP BY subject
        HAVING maxIf(at, event = 'record.removed') <= maxIf(at, event = 'record.restored')
    )
"""  # noqa: S608 - its parts are constants
OPEN = "outcome IN ('deal.created', 'deal.reopened')"


def counting(upper: str, *, among: str) -> str:
    """Return the SQL of sums over the deals of some state."""
    return summed(f"{upper}, count()", over=DEALS, among=among)


class Won(Total):
    name = "deals.won"
    label = _("Deals won")
    sentence = _("Deals whose last outcome is that they were won, by the month in which they were won.")
    unit = Unit.DEALS
    sql = counting("count()", among="outcome = 'deal.won'")
    month_of = "outcome_at"
    records: ClassVar = ("deals", {"state": "won"})
    example = "4 deals: two won, one lost, one open → 2"


class Lost(Total):
    name = "deals.lost"
    label = _("Deals lost")
    sentence = _("Deals whose last outcome is that they were lost, by the month in which they were lost.")
    unit = Unit.DEALS
    sql = counting("count()", among="outcome = 'deal.lost'")
    month_of = "outcome_at"
    records: ClassVar = ("deals", {"state": "lost"})
    example = "4 deals: two won, one lost, one open → 1"


class Open(Total):
    name = "deals.open"
    label = _("Open deals")
    sentence = _("Deals that are neither won nor lost, or were reopened, by the month in which they were opened.")
    unit = Unit.DEALS
    sql = counting("count()", among=OPEN)
    month_of = "opened_at"
    records: ClassVar = ("deals", {"state": "open"})
    example = "4 deals: two won, one lost, one open → 1"


class WinRate(Share):
    name = "deals.win_rate"
    label = _("Win rate")
    sentence = _("Of the deals that were decided, the share that was won, by the month of the decision.")
    unit = Unit.PERCENT
    sql = counting("countIf(outcome = 'deal.won')", among="outcome IN ('deal.won', 'deal.lost')")
    month_of = "outcome_at"
    records: ClassVar = ("deals", {"state": "won"})
    example = "2 won, 1 lost → 66.67 %"


class WonValue(Total):
    name = "deals.won_value"
    label = _("Won value")
    sentence = _(
        "What the won deals are worth, in the company's currency at the rate of the day on which they were won; a deal "
        "in a currency without a rate adds nothing."
    )
    unit = Unit.MONEY
    sql = counting("sum(toDecimal128OrZero(base_value, 4))", among="outcome = 'deal.won'")
    month_of = "outcome_at"
    records: ClassVar = ("deals", {"state": "won"})
    example = "two deals won for CNY 1,000 and CNY 250.50 → 1,250.50"


class DaysToWin(Mean):
    name = "deals.days_to_win"
    label = _("Days to win")
    sentence = _("The mean time from the opening of a won deal to its winning.")
    unit = Unit.DAYS
    least_first = True
    sql = counting("sum(days)", among="outcome = 'deal.won'")
    month_of = "outcome_at"
    records: ClassVar = ("deals", {"state": "won"})
    example = "two deals won after 40 and 63.5 days → 51.75 days"
