"""What this room shows on the pages of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from proofline.records.access import Seen
from proofline.stages.growth import overview
from proofline.stages.growth.models import Subscription, UpgradeSuggestion

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.models import Account

SHOWN = 10


def health_of_account(request: HttpRequest, account: Account) -> str:
    """Show health with what drives it and how it went; nothing before it was measured."""
    found = overview.health_of(account, user=request.user)
    if found.last is None:
        return ""
    return render_to_string("growth/panel_health.html", {"account": account, "health": found}, request)


_newest = Seen[Subscription](
    Subscription,
    lambda rows, account: (
        rows.filter(account=account).select_related("tier", "product", "cancellation").order_by("-ends_on")[:SHOWN]
    ),
)


def subscriptions_of_account(request: HttpRequest, account: Account) -> str:
    """Show what runs and what suggests a higher tier; nothing for who is not a customer yet."""
    subscriptions = _newest(account.pk, user=request.user)
    if not subscriptions:
        return ""
    suggestions = UpgradeSuggestion.objects.visible_to(request.user).open().filter(account=account)
    context = {
        "account": account,
        "subscriptions": subscriptions,
        "suggestions": suggestions.select_related("tier"),
        "may_write": request.user.may_write("growth"),
    }
    return render_to_string("growth/panel.html", context, request)
