"""The customer's portal, behind its private link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.kit.links import client_ip, user_agent
from proofline.records.access import load
from proofline.records.models import Account, Contact, Workspace
from proofline.stages.closing.models import Contract, Promise
from proofline.stages.delivery.clocks import clocks_of
from proofline.stages.delivery.forms import InvitationForm, PortalReplyForm, PortalTicketForm, SignatureForm
from proofline.stages.delivery.models import (
    Gate,
    GateNotReadyError,
    Measurement,
    Portal,
    Project,
    Ticket,
    ValueReport,
    accept,
)
from proofline.stages.delivery.views.reports import pdf_answer, report_context
from proofline.stages.discovery.models import Proposal

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def in_portal(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a view to whoever has the portal's link, in the customer's language; an unknown link is not there."""

    @login_not_required
    def opened(request: HttpRequest, token: str, **parts: Any) -> HttpResponse:
        portal = Portal.objects.select_related("account__owner").filter(token=token).first()
        if portal is None:
            raise Http404
        language = portal.account.language or translation.get_language() or "en"
        with translation.override(language):
            return view(request, portal, **parts)

    return opened


@in_portal
@require_GET
def portal(request: HttpRequest, portal: Portal) -> HttpResponse:
    """Everything that a customer and we share."""
    return render(request, "delivery/portal.html", _context(portal))


def _context(portal: Portal, **more: Any) -> dict[str, Any]:
    account = portal.account
    found = Project.objects.filter(account=account).order_by("-started_at")
    projects = list(found.prefetch_related("gates__presentation", "gates__acceptance"))
    tickets = list(Ticket.objects.filter(account=account).select_related("solution").order_by("-opened_at")[:50])
    calendar, now = Workspace.current().calendar, timezone.now()
    for ticket in tickets:
        ticket.answer_clock, ticket.solve_clock = clocks_of(ticket, calendar=calendar, now=now)
    return {
        "portal": portal,
        "account": account,
        "projects": projects,
        "promises": _promises(account),
        "to_sign": next((gate for gate in (p.current_gate for p in projects) if gate and gate.presented), None),
        "tickets": tickets,
        "reports": ValueReport.objects.published().filter(project__account=account).order_by("-created_at"),
        "contracts": Contract.objects.standing().filter(account=account, sending__isnull=False).order_by("-pk"),
        "proposals": [
            p
            for p in Proposal.objects.sent().filter(study__account=account).order_by("-pk")
            if p.state(now=now) not in {"revoked", "expired", "draft"}
        ],
        "signature_form": SignatureForm(prefix="signature"),
        "unsigned_form": SignatureForm(prefix="signature"),
        "signing": None,
        "ticket_form": PortalTicketForm(),
        **more,
    }


def _promises(account: Account) -> list[Promise]:
    """Return what the account's contracts promise, each with its `result` in the last report that we shared, else None."""
    promises = list(
        Promise.objects.filter(contract__account=account, contract__acceptance__isnull=False).order_by(
            "contract", "position"
        )
    )
    shared = Measurement.objects.filter(promise__in=promises, report__publication__isnull=False)
    results = {result.promise_id: result for result in shared.order_by("report__created_at", "pk")}
    for promise in promises:
        promise.result = results.get(promise.pk)  # type: ignore[attr-defined]
    return promises


@in_portal
@require_POST
def gate_acceptance(request: HttpRequest, portal: Portal, pk: int) -> HttpResponse:
    """Sign a gate."""
    gate = get_object_or_404(Gate.objects.filter(project__account=portal.account), pk=pk)
    form = SignatureForm(request.POST, prefix="signature")
    if not form.is_valid():
        context = _context(portal, signature_form=form, signing=gate)
        return render(request, "delivery/portal.html", context, status=422)
    signature = {"name": form.cleaned_data["name"], "title": form.cleaned_data["title"]}
    try:
        accept(gate, ip=client_ip(request), user_agent=user_agent(request), now=timezone.now(), **signature)
    except GateNotReadyError:
        toast(request, _("This gate is not ready to be signed yet."))
    else:
        toast(request, _("Thank you. Your signature is recorded."))
    return redirect("delivery:portal", token=portal.token)


@in_portal
@require_POST
def tickets(request: HttpRequest, portal: Portal) -> HttpResponse:
    """Open a ticket."""
    form = PortalTicketForm(request.POST)
    if not form.is_valid():
        return render(request, "delivery/portal.html", _context(portal, ticket_form=form), status=422)
    project = Project.objects.filter(account=portal.account).order_by("-started_at").first()
    fields = form.cleaned_data
    Ticket.objects.ask(
        account=portal.account,
        by=None,
        now=timezone.now(),
        project=project,
        contact=_writer(portal, email=fields["email"]),
        asked_by=fields["name"],
        subject=fields["subject"],
        body=fields["body"],
        channel=Ticket.Channel.PORTAL,
        owner=project.owner if project else None,
    )
    toast(request, _("We have your message and answer within 24 working hours."))
    return redirect("delivery:portal", token=portal.token)


def _writer(portal: Portal, *, email: str) -> Contact | None:
    """Return the contact of the customer who has this e-mail; None for somebody we do not know."""
    found: Contact | None = Contact.objects.with_email(email).filter(account=portal.account).first() if email else None
    return found


@in_portal
@require_http_methods(["GET", "POST"])
def ticket(request: HttpRequest, portal: Portal, pk: int) -> HttpResponse:
    """One ticket as the customer sees it: without our internal notes. A POST answers."""
    record = get_object_or_404(Ticket.objects.select_related("solution").filter(account=portal.account), pk=pk)
    form = PortalReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        record.reply(body=form.cleaned_data["body"], author=form.cleaned_data["name"], now=timezone.now())
        return redirect("delivery:portal_ticket", token=portal.token, pk=pk)
    replies = record.replies.filter(internal=False).order_by("at", "pk")
    context = {
        "portal": portal,
        "ticket": record,
        "replies": replies,
        "form": form,
        "answer_due": record.answer_due_at,
    }
    return render(request, "delivery/portal_ticket.html", context, status=422 if form.errors else 200)


@in_portal
@require_GET
def report(request: HttpRequest, portal: Portal, pk: int) -> HttpResponse:
    """A value report that we shared."""
    record = get_object_or_404(ValueReport.objects.published().filter(project__account=portal.account), pk=pk)
    return render(request, "delivery/portal_report.html", report_context(record) | {"portal": portal})


@in_portal
@require_GET
def report_paper(request: HttpRequest, portal: Portal, pk: int) -> HttpResponse:
    """A value report as PDF."""
    del request
    return pdf_answer(get_object_or_404(ValueReport.objects.published().filter(project__account=portal.account), pk=pk))


@require_POST
def new_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the portal a new link; the old one ends."""
    account = load(Account, user=request.user, write=True, pk=pk)
    Portal.of(account, now=timezone.now()).change_link(now=timezone.now())
    toast(request, _("The old link no longer works."))
    return redirect("records:account", pk=pk)


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """E-mail the portal's link to a contact of the account."""
    account = load(Account, user=request.user, write=True, pk=pk)
    contacts = Contact.objects.filter(account=account, email__isnull=False).exclude(email="").order_by("name")
    form = InvitationForm(request.POST or None, contacts=contacts)
    if request.method == "POST" and form.is_valid():
        Portal.of(account, now=timezone.now()).share(to=form.cleaned_data["to"], by=request.user, now=timezone.now())
        toast(request, _("The link is on its way to %(contact)s.") % {"contact": form.cleaned_data["to"]})
        return redirect("records:account", pk=pk)
    context = {"form": form, "account": account, "submit": _("Send"), "cancel": reverse("records:account", args=[pk])}
    return render(request, "delivery/invitation.html", context, status=422 if form.errors else 200)
