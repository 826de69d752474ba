"""The marks of the proof strip that this room knows: what was priced, and what was signed."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.kit.components import Mark
from proofline.kit.prepared import Prepared
from proofline.stages.closing.models import Contract, Quote

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from proofline.records.models import Account
    from proofline.stages.closing.models import Deal

WAITS_FOR = timedelta(days=14)


def priced(*, account: Account | None = None, deal: Deal | None = None) -> Mark:
    """Return the mark for what the customer chose last, else for what was recommended in the quote sent last."""
    path, pk = ("deal", deal.pk) if deal else ("deal__account", account.pk if account else 0)
    if chosen := _newest(Quote, path, "choice").first(pk):
        return _priced(chosen, monthly=chosen.choice.option.monthly, at=chosen.choice.at)
    sent: Quote | None = _newest(Quote, path, "sending").first(pk)
    option = sent.options.order_by("-recommended", "position").first() if sent else None
    return _priced(sent, monthly=option.monthly, at=sent.sending.at) if sent and option else Mark()


def signed(*, now: datetime, account: Account | None = None, deal: Deal | None = None) -> Mark:
    """Return the mark for the contract signed last; overdue when one waits for its signature for more than two weeks."""
    path, pk = ("deal", deal.pk) if deal else ("account", account.pk if account else 0)
    if contract := _newest(Contract, path, "acceptance").first(pk):
        return _signed(contract, state="done", at=contract.acceptance.at)
    first = _first_sent(path).first(pk)
    is_due = first is not None and first.sending.at < now - WAITS_FOR
    return _signed(first, state="due", at=first.sending.at) if first and is_due else Mark()


@cache
def _newest(model: type[Any], path: str, step: str) -> Prepared[Any]:
    """Return the question for what came to a step last, of the quotes or contracts that a path leads from."""
    return Prepared(lambda pk: _of(model, path, pk).filter(**{f"{step}__isnull": False}).order_by(f"-{step}__at")[:1])


@cache
def _first_sent(path: str) -> Prepared[Contract]:
    return Prepared(lambda pk: _of(Contract, path, pk).filter(sending__isnull=False).order_by("sending__at")[:1])


def _of(model: type[Any], path: str, pk: int) -> QuerySet[Any]:
    if model is Quote:
        return Quote.objects.filter(**{path: pk}).select_related("sending", "choice__option")
    return Contract.objects.filter(**{path: pk}, withdrawal=None).select_related("sending", "acceptance")


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
