"""A deal's page, and its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import Tab, toast
from proofline.records.access import load, require_write
from proofline.records.forms.meanwhile import watched
from proofline.records.models import Account, Workspace
from proofline.stages.closing.forms import DealForm, NextStepForm
from proofline.stages.closing.mapping import drawn
from proofline.stages.closing.models import Deal, DealStage, gaps
from proofline.stages.closing.views.answers import add_errors, fine_text, show_form, user_of, warn
from proofline.stages.closing.views.times import now_and_today
from proofline.stages.discovery.models import Proposal

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proofline.records.models import User

PARTS = ("overview", "value", "offer", "contract")


@require_GET
def deal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a deal; `?tab=` chooses the part."""
    user = user_of(request)
    related = ("account", "contact", "owner__team", "stage", "product", "lead", "study", "won__by", "lost__by")
    found = load(Deal.objects.select_related(*related, "lost__competitor"), user=user, pk=pk)
    part = request.GET.get("tab", PARTS[0])
    part = part if part in PARTS else PARTS[0]
    now, today = now_and_today()
    people = list(found.people.select_related("contact").order_by("-influence", "pk"))
    context = {
        "deal": found,
        "stages": [(stage.pk, str(stage)) for stage in DealStage.objects.ladder()],
        "moves": DealStage.objects.ladder(),
        "warnings": found.warnings(now=now, today=today),
        "days": found.days_in_stage(now=now),
        "part": part,
        "feed_subject": ("deal", found.pk),
        "tabs": tabs(found, part),
        "people": people,
        "map": drawn(people, is_open=not found.is_closed),
        "gaps": [] if found.is_closed else gaps(people),
        "may_write": user.may_write("closing"),
        "today": today,
        **PART_CONTEXT[part](found, user),
    }
    return render(request, f"closing/deal_{part}.html", context)


def tabs(deal: Deal, active: str) -> list[Tab]:
    """Return the parts of a deal's page."""
    address = deal.get_absolute_url()
    labels = {"overview": _("Overview"), "value": _("Value"), "offer": _("Offer"), "contract": _("Contract")}
    counts = {"offer": deal.quotes.count() or None, "contract": deal.contracts.count() or None}
    return [
        Tab(labels[part], address if part == PARTS[0] else f"{address}?tab={part}", part == active, counts.get(part))
        for part in PARTS
    ]


def value_part(deal: Deal, user: User) -> dict[str, Any]:
    """Return what the part about value shows: the study, its value case and its proposals."""
    case = deal.study.promising_case if deal.study else None
    proposals = Proposal.objects.filter(study=deal.study_id).order_by("-pk") if deal.study_id else []
    return {
        "case": case,
        "lines": case.lines.order_by("position", "pk") if case else [],
        "proposals": proposals,
        "may_study": user.may_write("discovery"),
    }


def offer_part(deal: Deal, user: User) -> dict[str, Any]:
    """Return the deal's quotes, the newest first."""
    del user
    _now, today = now_and_today()
    quotes = deal.quotes.select_related("sending__to", "choice__option").prefetch_related("options")
    return {"quotes": [(quote, quote.state(today=today)) for quote in quotes.order_by("-version")]}


def contract_part(deal: Deal, user: User) -> dict[str, Any]:
    """Return the deal's contracts, the newest first."""
    del user
    found = deal.contracts.select_related("sending__to", "acceptance", "withdrawal").prefetch_related("promises")
    contracts = list(found.order_by("-pk"))
    return {"contracts": contracts, "has_standing": any(not contract.is_withdrawn for contract in contracts)}


PART_CONTEXT = {
    "overview": lambda _deal, _user: {},
    "value": value_part,
    "offer": offer_part,
    "contract": contract_part,
}


@require_http_methods(["GET", "POST"])
def deal_new(request: HttpRequest) -> HttpResponse:
    """Open a deal; `?account=` chooses its account."""
    user = user_of(request)
    require_write(user, area="closing")
    account = None
    if asked := request.GET.get("account"):
        account = load(Account, user=user, pk=asked)
    initial = {"owner": user, "currency": Workspace.current().currency, "account": account}
    form = DealForm(request.POST or None, initial=initial, user=user)
    if request.method == "POST" and form.is_valid():
        now, _today = now_and_today()
        try:
            opened = Deal.objects.open_deal(by=user, now=now, **form.values())
        except ValidationError as error:
            add_errors(form, error)
        else:
            toast(request, _("Deal opened."))
            return redirect(opened)
    return show_form(
        request,
        form,
        title=_("New deal"),
        template="closing/deal_form.html",
        submit=_("Open deal"),
        cancel=reverse("closing:deals"),
    )


@require_http_methods(["GET", "POST"])
def deal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a deal's fields."""
    user = user_of(request)
    found = load(Deal, user=user, write=True, pk=pk)
    form = watched(DealForm(request.POST or None, instance=found, user=user), found, user=user)
    if request.method == "POST" and form.is_valid():
        now, _today = now_and_today()
        try:
            found.change(by=user, now=now, **form.values())
        except ValidationError as error:
            add_errors(form, error)
        else:
            toast(request, _("Saved."))
            return redirect(found)
    return show_form(
        request,
        form,
        title=_("Edit deal"),
        template="closing/deal_form.html",
        cancel=found.get_absolute_url(),
    )


@require_http_methods(["GET", "POST"])
def next_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what happens next."""
    user = user_of(request)
    found = load(Deal, user=user, write=True, pk=pk)
    initial = {"next_step": found.next_step, "next_step_on": found.next_step_on}
    form = NextStepForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        now, _today = now_and_today()
        found.change(by=user, now=now, **form.cleaned_data)
        return redirect(found)
    return show_form(request, form, title=_("Next step"), cancel=found.get_absolute_url())


@require_POST
def study(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin discovery for the deal, and go there."""
    user = user_of(request)
    found = load(Deal, user=user, write=True, pk=pk)
    require_write(user, area="discovery")
    now, _today = now_and_today()
    try:
        return redirect(found.begin_study(by=user, now=now))
    except ValidationError as error:
        warn(request, fine_text(error))
        return redirect(f"{found.get_absolute_url()}?tab=value")
