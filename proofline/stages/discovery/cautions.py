"""What to look at before a proposal is sent: figures that the customer sees differently, a return reckoned with another price than the one offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.stages.discovery.agreeing.premises import agreement_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proofline.stages.discovery.models import Proposal, ValueCase


def cautions(proposal: Proposal) -> list[str]:
    """Return sentences in the reader's language, what weighs most first; none where nothing stands in the way.

    They hold nobody back: a figure may be promised against a doubt, and a price may be settled later.
    """
    case = proposal.value_case
    if case is None or not case.lines.exists():
        return []
    return [*_contested(case), *_priced_otherwise(proposal, case)]


def _contested(case: ValueCase) -> Iterator[str]:
    for premise in agreement_of(case).premises:
        if premise.state == "questioned" and (last := premise.last):
            values = {"name": last.name, "figure": premise.text, "note": last.note}
            yield _("%(name)s does not agree: “%(figure)s” They said: “%(note)s”") % values
        elif premise.state == "changed":
            yield _("This figure has changed since the customer said something to it: “%(figure)s”") % {
                "figure": premise.text
            }


def _priced_otherwise(proposal: Proposal, case: ValueCase) -> Iterator[str]:
    """Say where the return was reckoned with less than what is offered costs; an investment may hold more than our price. Two currencies can't be compared."""
    offered = proposal.configuration
    invested = bool(case.investment_once or case.investment_monthly)
    if offered is None or not invested or offered.currency != case.currency:
        return
    price = offered.once + offered.monthly * case.months
    if price > case.investment_once + case.investment_monthly * case.months:
        values = {
            "once": case.investment_once,
            "monthly": case.investment_monthly,
            "offered_once": offered.once,
            "offered_monthly": offered.monthly,
        }
        yield _(
            "The return is reckoned with an investment of %(once)s once and %(monthly)s a month; the configuration costs %(offered_once)s once and %(offered_monthly)s a month."
        ) % {name: formats.money(amount, case.currency) for name, amount in values.items()}
