"""Amounts of several currencies as one sum, as far as exchange rates are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.records.models import NoExchangeRateError, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from proofline.kit.money import Money


def totals(amounts: Iterable[Money], *, on: date) -> list[Money]:
    """Return the sum in the workspace's currency by the rates of the day, and beside it one sum for each currency without a rate."""
    workspace = Workspace.current()
    sums: dict[str, Money] = {}
    for amount in amounts:
        try:
            told = workspace.in_base(amount, on=on)
        except NoExchangeRateError:
            told = amount
        sums[told.currency] = sums[told.currency] + told if told.currency in sums else told
    return sorted(sums.values(), key=lambda total: (total.currency != workspace.currency, total.currency))
