"""Which improvement a line begins with: what customers really reached, told with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proofline.insight.reached import Reached, Shares, reached
from proofline.kit import formats
from proofline.stages.discovery.formulas import share_text
from proofline.timeline.store import StoreError

if TYPE_CHECKING:
    from decimal import Decimal

    from proofline.records.models import Account, ValueMetric


LONGEST_SOURCE = 250


@dataclass(frozen=True)
class Basis:
    """What a line's improvement can rest on; `found` is None when the measurements can't be read now."""

    found: Reached | None

    @property
    def values(self) -> dict[str, Decimal]:
        """The line's three levels; none where there is nothing to go by."""
        expected = self.found.expected if self.found else None
        return {"low": expected.low, "expected": expected.middle, "high": expected.high} if expected else {}

    @property
    def advice(self) -> str:
        """What to promise, written: 31% – 48%, 40% expected; "" where there is nothing to go by."""
        expected = self.found.expected if self.found else None
        if expected is None:
            return ""
        values = {"low": share_text(expected.low), "high": share_text(expected.high)}
        return _("%(low)s – %(high)s, %(middle)s expected") % {**values, "middle": share_text(expected.middle)}

    @property
    def reasons(self) -> list[str]:
        """Where it comes from, a sentence each."""
        if self.found is None:
            return [_("What other customers reached can’t be read at the moment.")]
        told = [
            ngettext(
                "%(count)s customer like this one reached %(middle)s.",
                "Of %(count)s customers like this one half reached %(middle)s or more, and half between %(low)s and %(high)s.",
                self.found.alike.customers,
            )
            % _parts(self.found.alike)
            if self.found.alike
            else "",
            ngettext(
                "Of all customers %(count)s was measured: %(middle)s.",
                "Of all %(count)s measured customers half reached %(middle)s or more, and half between %(low)s and %(high)s.",
                self.found.all.customers,
            )
            % _parts(self.found.all)
            if self.found.all
            else _("Nobody was measured yet."),
            _("This is the starting value of the catalogue.") if self.found.is_assumed else "",
        ]
        return [one for one in told if one]

    @property
    def source(self) -> str:
        """The same in one line, as a line keeps it with its improvement; "" where there is nothing to go by."""
        return " ".join(self.reasons)[:LONGEST_SOURCE] if self.values else ""


def basis_of(metric: ValueMetric | None, account: Account) -> Basis | None:
    """Return what an improvement in this metric can rest on for this account; None without a metric."""
    if metric is None:
        return None
    try:
        return Basis(reached(metric, account=account))
    except StoreError:
        return Basis(None)


def _parts(shares: Shares) -> dict[str, str]:
    return {
        "count": formats.number(shares.customers),
        "low": share_text(shares.low),
        "middle": share_text(shares.middle),
        "high": share_text(shares.high),
    }
