"""What this room puts on the pages of accounts and contacts. `config/panels.py` says where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from proofline.kit.prepared import Prepared
from proofline.outreach.models import Message
from proofline.records.models import Contact

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.models import Account

SHOWN = 8
PEOPLE = 200
"""Of so many of an account's people the mails are looked up."""


def messages_of_contact(request: HttpRequest, contact: Contact) -> str:
    """Show the newest mails to a contact; stay away where there are none."""
    user: Any = request.user
    return _panel(request, Message.objects.visible_to(user).filter(contact=contact), several=False)


_people = Prepared[int](
    lambda account: Contact.objects.filter(account=account).order_by("-pk").values_list("pk", flat=True)[:PEOPLE]
)


def messages_of_account(request: HttpRequest, account: Account) -> str:
    """Show the newest mails to an account's people; stay away where there are none."""
    user: Any = request.user
    people = _people(account.pk)
    return _panel(request, Message.objects.visible_to(user).filter(contact__in=people), several=True)


def _panel(request: HttpRequest, rows: Any, *, several: bool) -> str:
    found = list(rows.select_related("contact", "dispatch").prefetch_related("failures").order_by("-pk")[: SHOWN + 1])
    context = {"messages": found[:SHOWN], "more": len(found) > SHOWN, "several": several}
    return render_to_string("outreach/panel.html", context, request) if found else ""
