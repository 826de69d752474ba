"""Projects: the list, one project, its gates."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.insight import usage
from proofline.kit.components import Empty, toast
from proofline.records.access import load
from proofline.records.forms.meanwhile import watched
from proofline.records.lists import RecordList
from proofline.stages.delivery.forms import PresentationForm, ProjectForm
from proofline.stages.delivery.lists import PROJECTS
from proofline.stages.delivery.models import (
    Gate,
    GateNotReadyError,
    NothingPromisedError,
    Portal,
    Project,
    Ticket,
    ValueReport,
    present,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def projects(request: HttpRequest) -> HttpResponse:
    """The list."""
    listing = RecordList.of(
        request,
        kind=PROJECTS,
        empty=Empty(
            title=_("No projects yet"),
            text=_("A project opens by itself when a customer signs a contract, with its four gates."),
            icon="flag-3",
        ),
    )
    return listing.render("delivery/projects.html")


@require_GET
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """One project: its gates, what was promised, what was measured."""
    record = load(Project.objects.select_related("account", "owner", "contract"), user=request.user, pk=pk)
    return render(request, "delivery/project.html", project_context(request, record))


def project_context(request: HttpRequest, record: Project) -> dict[str, Any]:
    """Return what the page of a project shows."""
    now = timezone.now()
    gates = record.gates_in_order
    return {
        "project": record,
        "gates": gates,
        "current": record.current_gate,
        "path": [(gate.kind, gate.get_kind_display()) for gate in gates],
        "promises": list(record.contract.promises.select_related("metric").order_by("position"))
        if record.contract
        else [],
        "reports": ValueReport.objects.filter(project=record).order_by("-number").prefetch_related("measurements"),
        "tickets": Ticket.objects.filter(project=record).select_related("solution").order_by("-opened_at")[:10],
        "adoption": adoption(record),
        "portal_url": portal_url(record, now=now),
        "may_write": request.user.may_write("delivery"),
        "may_open_portal": request.user.may_write("records"),
        "now": now,
        "today": timezone.localdate(),
    }


def adoption(record: Project) -> tuple[int, int] | None:
    """Return how many people have used the product since the start, of the seats that were bought."""
    if not record.contract:
        return None
    active = usage.active_people(record.account_id, from_=record.started_at, to=timezone.now())
    return active, record.contract.seats


def portal_url(record: Project, *, now: Any) -> str:
    """Return the full address of the customer's portal."""
    token = Portal.of(record.account, now=now).token
    return settings.PUBLIC_URL + reverse("delivery:portal", args=[token])


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the name or the owner."""
    record = load(Project, user=request.user, write=True, pk=pk)
    form = ProjectForm(request.POST or None, instance=copy.copy(record), user=request.user)
    form = watched(form, record, user=request.user)
    if request.method == "POST" and form.is_valid():
        record.change(by=request.user, now=timezone.now(), **form.cleaned_data)
        return redirect(record)
    context = {"form": form, "project": record, "cancel": record.get_absolute_url()}
    return render(request, "delivery/project_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def presentation(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the customer to sign a gate."""
    gate = _gate(request, pk)
    before = getattr(gate, "presentation", None)
    form = PresentationForm(request.POST or None, initial={"note": before.note if before else ""})
    if request.method == "POST" and form.is_valid():
        try:
            present(gate, note=form.cleaned_data["note"], by=request.user, now=timezone.now())
        except GateNotReadyError:
            form.add_error(None, _("Gates come in order: the one before this is not signed, or this one is already."))
        else:
            toast(request, _("The customer can sign “%(gate)s” in the portal.") % {"gate": gate})
            return redirect(gate.project)
    context = {"form": form, "gate": gate, "submit": _("Ask for signature"), "cancel": gate.project.get_absolute_url()}
    return render(request, "delivery/presentation.html", context, status=422 if form.errors else 200)


def _gate(request: HttpRequest, pk: int) -> Gate:
    visible = Project.objects.visible_to(request.user)
    owner = visible.filter(gates__pk=pk).values_list("pk", flat=True).first()
    record = load(Project, user=request.user, write=True, pk=owner or 0)
    return record.gates.get(pk=pk)


@require_POST
def reports(request: HttpRequest, pk: int) -> HttpResponse:
    """Measure the promises now."""
    record = load(Project, user=request.user, write=True, pk=pk)
    try:
        report = ValueReport.objects.make(record, by=request.user, now=timezone.now())
    except NothingPromisedError:
        toast(request, _("Nothing to measure: the contract holds no promise with a metric that events measure."))
        return redirect(record)
    return redirect(report)
