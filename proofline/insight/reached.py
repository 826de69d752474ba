"""How much better customers really became: what was measured of each promise, as a share of what was lost before.

From it new promises begin (see `discovery.improving`): promises learn from proof.
"""

# ruff: noqa: S608 - the SQL is put together from constants; values are bound

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median, quantiles
from typing import TYPE_CHECKING

from proofline.insight.peers import alike
from proofline.records.models import Account
from proofline.timeline import columns, store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.records.models import ValueMetric

CREDIBLE = 4
"""So many customers weigh as much as what is believed already: `k` of the credibility below."""
STEP = Decimal("0.01")
LAST = f"""
    SELECT account, argMax({columns.text("reached")}, (at, received)) FROM events
    WHERE event = 'value.measured' AND kind = 'fact' AND {columns.text("metric_id")} = {{metric:String}}
        AND {columns.text("reached")} != '' AND account != 0
    GROUP BY account ORDER BY account
"""


@dataclass(frozen=True)
class Shares:
    """Improvements of some customers, as shares from 0 to 1: a quarter reached less than `low`, a quarter more than `high`."""

    customers: int
    low: Decimal
    middle: Decimal
    high: Decimal


@dataclass(frozen=True)
class _Exact:
    """The same before it is rounded."""

    customers: int
    low: Fraction
    middle: Fraction
    high: Fraction


@dataclass(frozen=True)
class Reached:
    """What is to be expected of a metric. `expected` and its bounds are None while nobody was measured and nothing is assumed."""

    all: Shares | None
    alike: Shares | None
    """Those of the same industry, or of about the same size where nobody of the industry was measured."""
    expected: Shares | None
    """What was measured of those alike, drawn toward all, drawn toward the starting value, each by its credibility."""
    is_assumed: bool = False
    """Whether it is the starting value of the catalogue alone."""


def reached(metric: ValueMetric, *, account: Account | None = None) -> Reached:
    """Return how much better customers became in a metric, as a share of what was lost before, and what to expect of an account.

    Each customer counts once, by what was measured last. With z = n / (n + 4) (Bühlmann's credibility, 1967) the expected share
    is z × measured + (1 − z) × what is believed without: of the account's like, all customers; of all, the starting value.

    Raises:
        StoreError: the store does not answer.
    """
    found = {
        int(pk): min(Fraction(1), max(Fraction(0), Fraction(share)))
        for pk, share in store.query(LAST, {"metric": str(metric.pk)})
        if account is None or int(pk) != account.pk
    }
    everybody = _shares(list(found.values()))
    like = alike(account, Account.objects.filter(pk__in=found)) if account and found else []
    similar = _shares([found[pk] for pk in like])
    begun = _around(Fraction(metric.usual_share)) if metric.usual_share is not None else None
    expected = _drawn(similar, toward=_drawn(everybody, toward=begun))
    return Reached(
        _rounded(everybody), _rounded(similar), _rounded(expected), is_assumed=everybody is None and begun is not None
    )


def _shares(values: Sequence[Fraction]) -> _Exact | None:
    if not values:
        return None
    low, high = values[0], values[0]
    if len(values) > 1:
        low, _middle, high = quantiles(values, n=4, method="inclusive")
    return _Exact(len(values), low, median(values), high)


def _around(share: Fraction) -> _Exact:
    """Return a starting value, give or take half of it."""
    return _Exact(0, share / 2, share, min(Fraction(1), share * 3 / 2))


def _drawn(measured: _Exact | None, *, toward: _Exact | None) -> _Exact | None:
    if measured is None or toward is None:
        return measured or toward
    credible = Fraction(measured.customers, measured.customers + CREDIBLE)

    def between(one: Fraction, other: Fraction) -> Fraction:
        return credible * one + (1 - credible) * other

    return replace(
        measured,
        low=between(measured.low, toward.low),
        middle=between(measured.middle, toward.middle),
        high=between(measured.high, toward.high),
    )


def _rounded(exact: _Exact | None) -> Shares | None:
    """Return whole percents: a promise is no more exact than that."""
    if exact is None:
        return None
    low, middle, high = (
        (Decimal(share.numerator) / share.denominator).quantize(STEP, ROUND_HALF_UP)
        for share in (exact.low, exact.middle, exact.high)
    )
    return Shares(exact.customers, low, middle, high)
