"""Accounts: the list, one account, adding and changing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proofline.kit.components import Column, Empty, Filter, ListPage, toast
from proofline.records.access import load, require_write
from proofline.records.forms import AccountForm
from proofline.records.models import Account, Task, User
from proofline.records.views.already import added, look_soon, new_page
from proofline.records.views.answers import accepted, form_page
from proofline.records.views.duplicates import maybe

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from proofline.records.access import VisibleQuerySet

MOST_SECTORS = 30


def owner_filter(user: User) -> Filter:
    """Return the filter by owner: me, nobody, or a colleague."""
    people = User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("name")
    choices = [("me", _("me")), ("none", _("nobody")), *((str(person.pk), person.name) for person in people[:100])]

    def apply(queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value == "none":
            return queryset.filter(owner=None)
        return queryset.filter(owner=user if value == "me" else int(value))

    return Filter("owner", _("Owner"), choices, apply)


def sector_filter(queryset: VisibleQuerySet) -> Filter:
    """Return the filter by industry, with the industries that there are."""
    found = queryset.exclude(sector="").order_by("sector").values_list("sector", flat=True).distinct()
    choices = [(sector, sector) for sector in found[:MOST_SECTORS]]
    return Filter("sector", _("Industry"), choices, lambda rows, value: rows.filter(sector=value))


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts that the user may see."""
    visible = Account.objects.visible_to(request.user)
    return ListPage(
        request,
        queryset=visible.select_related("owner"),
        columns=[
            Column(_("Account"), "name", sort="name"),
            Column(_("Industry"), "sector", sort="sector"),
            Column(_("Employees"), "employees", "number", sort="employees"),
            Column(_("Location"), "location"),
            Column(_("Owner"), "owner", "user"),
            Column(_("Since"), "created_at", "date", sort="created_at"),
        ],
        filters=[owner_filter(request.user), sector_filter(visible)],
        search=("name", "domain"),
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
    form = AccountForm(request.POST or None, user=request.user, instance=found)
    if request.method == "POST" and accepted(
        form, lambda: found.change(by=request.user, now=timezone.now(), **form.values)
    ):
        look_soon()
        return redirect(found)
    back = (found.name, found.get_absolute_url())
    return form_page(request, form, title=_("Change account"), cancel=back[1], back=back)
