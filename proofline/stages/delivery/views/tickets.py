"""Tickets: the list with its clocks, one ticket, answers and solutions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import Empty, toast
from proofline.records.access import load, require_write
from proofline.records.lists import RecordList
from proofline.records.models import Account, Contact, Workspace
from proofline.stages.delivery.clocks import clocks_of
from proofline.stages.delivery.forms import ReplyForm, SolutionForm, TicketForm
from proofline.stages.delivery.lists import TICKETS
from proofline.stages.delivery.models import Ticket

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

LONGEST_KEY = 18
"""Digits; a longer number is the key of nothing."""


@require_GET
def tickets(request: HttpRequest) -> HttpResponse:
    """The list; the next to be due comes first."""
    listing = RecordList.of(
        request,
        kind=TICKETS,
        empty=Empty(
            title=_("No open tickets"),
            text=_(
                "Customers open tickets in their portal; the clocks to an answer and a solution run in working time."
            ),
            url="/tickets/new/",
            label=_("Open a ticket"),
            icon="lifebuoy",
        ),
    )
    calendar = Workspace.current().calendar
    now = timezone.now()
    for row in listing.rows:
        row.answer_clock, row.solve_clock = clocks_of(row, calendar=calendar, now=now)
    return listing.render("delivery/tickets.html", {"may_write": request.user.may_write("delivery")})


@require_GET
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """One ticket."""
    return _page(request, _load(request, pk))


def _load(request: HttpRequest, pk: int, *, write: bool = False) -> Ticket:
    queryset = Ticket.objects.select_related("account", "contact", "owner", "solution", "project")
    record: Ticket = load(queryset, user=request.user, write=write, pk=pk)
    return record


def _page(request: HttpRequest, record: Ticket, *, status: int = 200, **forms: Any) -> HttpResponse:
    now = timezone.now()
    answer_clock, solve_clock = clocks_of(record, calendar=Workspace.current().calendar, now=now)
    context = {
        "ticket": record,
        "replies": record.replies.select_related("by").order_by("at", "pk"),
        "answer_clock": answer_clock,
        "solve_clock": solve_clock,
        "reply_form": forms.get("reply_form") or ReplyForm(),
        "solution_form": forms.get("solution_form") or SolutionForm(),
        "may_write": request.user.may_write("delivery"),
    }
    return render(request, "delivery/ticket.html", context, status=status)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a ticket for a customer who called or wrote."""
    require_write(request.user, area="delivery")
    form = TicketForm(
        request.POST or None,
        initial={"owner": request.user.pk, "account": request.GET.get("account")},
        user=request.user,
        accounts=Account.objects.visible_to(request.user).order_by("name"),
        contacts=_contacts(request),
    )
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data | {"channel": Ticket.Channel.STAFF}
        return redirect(Ticket.objects.ask(by=request.user, now=timezone.now(), **fields))
    context = {"form": form, "cancel": reverse("delivery:tickets"), "submit": _("Open a ticket")}
    return render(request, "delivery/ticket_form.html", context, status=422 if form.errors else 200)


def _contacts(request: HttpRequest) -> QuerySet[Contact] | None:
    """Return the contacts of the account that the form is about; None before it is chosen."""
    chosen = request.POST.get("account") or request.GET.get("account") or ""
    if not chosen.isdecimal() or len(chosen) > LONGEST_KEY:
        return None
    found: QuerySet[Contact] = Contact.objects.visible_to(request.user).filter(account=int(chosen))
    return found.order_by("name")


@require_POST
def replies(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer."""
    record = _load(request, pk, write=True)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, record, status=422, reply_form=form)
    record.reply(by=request.user, now=timezone.now(), **form.cleaned_data)
    return redirect(record)


@require_POST
def solution(request: HttpRequest, pk: int) -> HttpResponse:
    """Solve."""
    record = _load(request, pk, write=True)
    form = SolutionForm(request.POST)
    if not form.is_valid():
        return _page(request, record, status=422, solution_form=form)
    record.solve(by=request.user, now=timezone.now(), **form.cleaned_data)
    toast(request, _("Solved."), undo=reverse("delivery:reopening", args=[pk]))
    return redirect(record)


@require_POST
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a solution back."""
    record = _load(request, pk, write=True)
    record.reopen(by=request.user, now=timezone.now())
    return redirect(record)
