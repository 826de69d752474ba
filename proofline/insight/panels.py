"""What this room shows on the pages of accounts. `config/panels.py` says where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from proofline.insight import use
from proofline.records.access import load
from proofline.records.models import Account

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def use_of_account(request: HttpRequest, account: Account) -> str:
    """Keep a place for what the account's people do in the product: it comes when the page stands."""
    return render_to_string("insight/panels/use_later.html", {"account": account}, request=request)


@require_safe
def use_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how an account uses the product: the part of its page with `?part=1`, else a page of its own."""
    account = load(Account, user=request.user, pk=pk)
    found = use.read(account, user=request.user, now=timezone.now())
    page = "insight/panels/use.html" if "part" in request.GET else "insight/account_use.html"
    return render(request, page, {"account": account, "use": found})
