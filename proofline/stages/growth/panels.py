"""What this room shows on the pages of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from proofline.stages.growth.models import CustomerTier, HealthReading, Subscription, UpgradeSuggestion

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.models import Account


def growth_of_account(request: HttpRequest, account: Account) -> str:
    """Show health, tier, subscriptions and upgrade suggestions; nothing for who is not a customer yet."""
    subscriptions = list(
        Subscription.objects.filter(account=account)
        .select_related("tier", "product", "cancellation")
        .order_by("-ends_on")
    )
    reading = HealthReading.objects.filter(account=account).order_by("-week").first()
    if not subscriptions and reading is None:
        return ""
    context = {
        "account": account,
        "reading": reading,
        "tier": CustomerTier.objects.filter(account=account).order_by("-at", "-pk").first(),
        "subscriptions": subscriptions,
        "suggestions": UpgradeSuggestion.objects.open().filter(account=account).select_related("tier"),
        "may_write": request.user.may_write("growth"),
    }
    return render_to_string("growth/panel.html", context, request)
