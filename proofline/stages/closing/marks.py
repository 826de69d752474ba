"""The marks of the proof strip that this room knows: what was priced, and what was signed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.kit.components import Mark
from proofline.stages.closing.models import Contract, Quote

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import Account
    from proofline.stages.closing.models import Deal

WAITS_FOR = timedelta(days=14)


def priced(*, account: Account | None = None, deal: Deal | None = None) -> Mark:
    """Return the mark for what the customer chose last, else for what was recommended in the quote sent last."""
    about: dict[str, Any] = {"deal": deal} if deal else {"deal__account": account}
    quotes = Quote.objects.filter(**about).select_related("sending", "choice__option")
    chosen: Quote | None = quotes.filter(choice__isnull=False).order_by("-choice__at").first()
    if chosen:
        return _priced(chosen, monthly=chosen.choice.option.monthly, at=chosen.choice.at)
    sent: Quote | None = quotes.filter(sending__isnull=False).order_by("-sending__at").first()
    option = sent.options.order_by("-recommended", "position").first() if sent else None
    return _priced(sent, monthly=option.monthly, at=sent.sending.at) if sent and option else Mark()


def signed(*, now: datetime, account: Account | None = None, deal: Deal | None = None) -> Mark:
    """Return the mark for the contract signed last; overdue when one waits for its signature for more than two weeks."""
    about: dict[str, Any] = {"deal": deal} if deal else {"account": account}
    contracts = Contract.objects.filter(**about, withdrawal=None).select_related("sending", "acceptance")
    contract: Contract | None = contracts.filter(acceptance__isnull=False).order_by("-acceptance__at").first()
    if contract:
        return _signed(contract, state="done", at=contract.acceptance.at)
    waiting: Contract | None = contracts.filter(sending__at__lt=now - WAITS_FOR).order_by("sending__at").first()
    return _signed(waiting, state="due", at=waiting.sending.at) if waiting else Mark()


def _priced(quote: Quote, *, monthly: object, at: datetime) -> Mark:
    return Mark(
        state="done",
        number=formats.money(monthly, quote.currency),
        unit=_("a month"),
        date=at,
        url=reverse("closing:quote", args=[quote.pk]),
    )


def _signed(contract: Contract, *, state: Any, at: datetime) -> Mark:
    return Mark(
        state=state,
        number=formats.money(contract.monthly_price),
        unit=_("a month"),
        date=at,
        url=contract.get_absolute_url(),
    )
