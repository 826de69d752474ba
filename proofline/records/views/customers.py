"""Accounts: the list, one account, adding and changing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proofline.kit.components import Empty, toast
from proofline.records.access import load, require_write
from proofline.records.forms import AccountForm
from proofline.records.forms.meanwhile import watched
from proofline.records.lists import RecordList
from proofline.records.lists.customers import ACCOUNTS
from proofline.records.models import Account, Task
from proofline.records.views.already import added, look_soon, new_page
from proofline.records.views.answers import accepted, form_page
from proofline.records.views.duplicates import maybe

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts that the user may see."""
    return RecordList.of(
        request,
        kind=ACCOUNTS,
        empty=Empty(
            _("No accounts yet"),
            _("An account is a company that you sell to, such as “Beiming Software · 180 people”."),
            reverse("records:account_new"),
            _("New account"),
            icon="building",
        ),
    ).render("records/accounts.html", {"may_write": request.user.may_write("records")})


@require_GET
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one account: its facts, its people, its work and its feed."""
    found = load(Account.objects.select_related("owner", "parent"), user=request.user, pk=pk)
    tasks = Task.objects.visible_to(request.user).filter(account=found).open().select_related("owner")
    context = {
        "account": found,
        "contacts": found.contacts.select_related("owner").order_by("name")[:50],
        "tasks": tasks.order_by("due_at", "pk")[:20],
        "subsidiaries": Account.objects.visible_to(request.user).filter(parent=found).order_by("name")[:20],
        "may_write": request.user.may_write(Account.write_area),
        "maybe": maybe(request, found),
    }
    return render(request, "records/account.html", context)


@require_http_methods(["GET", "POST"])
def account_new(request: HttpRequest) -> HttpResponse:
    """Add an account."""
    require_write(request.user, area=Account.write_area)
    form = AccountForm(request.POST or None, user=request.user, initial={"owner": request.user})
    made: list[Account] = []

    def add() -> None:
        made.append(Account.objects.add(by=request.user, now=timezone.now(), **form.values))

    if request.method == "POST" and added(request, form, add):
        toast(request, _("Account added."))
        return redirect(made[0])
    back = (_("Accounts"), reverse("records:accounts"))
    return new_page(request, form, title=_("New account"), submit=_("Add account"), back=back)


@require_http_methods(["GET", "POST"])
def account_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an account's facts."""
    found = load(Account, user=request.user, pk=pk, write=True)
    form = watched(AccountForm(request.POST or None, user=request.user, instance=found), found, user=request.user)
    if request.method == "POST" and accepted(
        form, lambda: found.change(by=request.user, now=timezone.now(), **form.values)
    ):
        look_soon()
        return redirect(found)
    back = (found.name, found.get_absolute_url())
    return form_page(request, form, title=_("Change account"), cancel=back[1], back=back)
