"""What this room shows on the pages of accounts, contacts and leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from proofline.records.access import Seen
from proofline.stages.reach.models import Signal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from proofline.records.models import Account, Contact
    from proofline.stages.reach.models import Lead
    from proofline.stages.reach.models.signals import SignalQuerySet

MOST = 10


def signals_of_account(request: HttpRequest, account: Account) -> str:
    """Show what the account and its people may need."""
    return _shown(request, _of_account(account.pk, user=request.user))


def signals_of_contact(request: HttpRequest, contact: Contact) -> str:
    """Show what the contact may need."""
    return _shown(request, _newest(Signal.objects.about(contact=contact).visible_to(request.user)))


def signals_of_lead(request: HttpRequest, lead: Lead) -> str:
    """Show what the lead may need."""
    return _shown(request, _newest(Signal.objects.about(lead=lead).visible_to(request.user)))


def _newest(signals: SignalQuerySet) -> SignalQuerySet:
    related = signals.select_related("account", "contact", "lead", "confirmation", "dismissal")
    return related.order_by("-at", "-pk")[:MOST]


_of_account = Seen[Signal](Signal, lambda rows, account: _newest(rows.about(account=account)))


def _shown(request: HttpRequest, signals: Iterable[Signal]) -> str:
    found = list(signals)
    if not found:
        return ""
    context = {"signals": found, "may_write": request.user.may_write("reach"), "back": request.path}
    return render_to_string("reach/panels/signals.html", context, request)
