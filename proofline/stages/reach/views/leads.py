"""Leads: the list, one lead, and what is decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proofline.kit.components import Empty, toast
from proofline.kit.text import fold
from proofline.records.access import load, require_write
from proofline.records.forms.meanwhile import watched
from proofline.records.lists import RecordList
from proofline.records.models import Account, Contact
from proofline.records.views.already import added, already_of, look_soon, shown
from proofline.records.views.duplicates import maybe
from proofline.stages.reach import knowing
from proofline.stages.reach.forms import DisqualificationForm, LeadEditForm, QualificationForm
from proofline.stages.reach.lists import LEADS
from proofline.stages.reach.models import AlreadyDecidedError, Lead, Origin, ScoreRule, disqualify, qualify

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def leads(request: HttpRequest) -> HttpResponse:
    """The list."""
    listing = RecordList.of(
        request,
        kind=LEADS,
        empty=Empty(
            title=_("No leads yet"),
            text=_("A lead is somebody who may buy, such as “Li Lei, Beiming Software, from the price page”."),
            url="/leads/new/",
            label=_("Add a lead"),
            icon="user-plus",
        ),
    )
    return listing.render("reach/leads.html", {"may_write": request.user.may_write("reach")})


@require_GET
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """One lead: who it is, why it has its score, what happened."""
    return _page(request, load(Lead.objects.select_related("owner", "contact", "product"), user=request.user, pk=pk))


def _page(request: HttpRequest, record: Lead, *, status: int = 200, **forms: Any) -> HttpResponse:
    known = knowing.known_of(record, user=request.user)
    contacts = [one.record for one in known.seen]
    accounts = accounts_for(request, record, contacts)
    context = {
        "lead": record,
        "reasons": record.score_reasons(list(ScoreRule.objects.all())),
        "may_write": request.user.may_write("reach"),
        "qualification": getattr(record, "qualification", None),
        "disqualification": getattr(record, "disqualification", None),
        "qualification_form": forms.get("qualification_form")
        or QualificationForm(accounts=accounts, contacts=contacts),
        "disqualification_form": forms.get("disqualification_form") or DisqualificationForm(),
        "accounts": accounts,
        "maybe": maybe(request, record),
        "known": shown(known) if known else None,
    }
    return render(request, "reach/lead.html", context, status=status)


def accounts_for(request: HttpRequest, record: Lead, contacts: list[Contact]) -> list[Account]:
    """Return the accounts that the lead may go into: those of contacts that it may be first, then those of its company."""
    theirs = [one.account_id for one in contacts if one.account_id]
    own = list(Account.objects.visible_to(request.user).filter(pk__in=theirs)) if theirs else []
    return own + [one for one in same_company(request, record) if one not in own]


def same_company(request: HttpRequest, record: Lead) -> list[Account]:
    """Return the accounts with the lead's company name or website, of those the user may see."""
    found = Q(pk__in=[])
    if record.company:
        found |= Q(name__iexact=record.company.strip())
    if record.company_domain:
        found |= Q(domain__iexact=record.company_domain)
    accounts = list(Account.objects.visible_to(request.user).filter(found).order_by("name")[:10])
    return sorted(accounts, key=lambda account: fold(account.name) != fold(record.company))


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a lead."""
    require_write(request.user, area="reach")
    form = LeadEditForm(request.POST or None, initial={"owner": request.user.pk}, user=request.user)
    made: list[Lead] = []

    def add() -> None:
        made.append(Lead.objects.capture(by=request.user, now=timezone.now(), origin=Origin.STAFF, **form.cleaned_data))

    if request.method == "POST" and added(request, form, add):
        return redirect("reach:lead", pk=made[0].pk)
    context = {"form": form, **already_of(request, form, submit=_("Save"))}
    return render(request, "reach/lead_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a lead's fields."""
    record = load(Lead, user=request.user, write=True, pk=pk)
    form = LeadEditForm(request.POST or None, instance=load(Lead, user=request.user, pk=pk), user=request.user)
    form = watched(form, record, user=request.user)
    if request.method == "POST" and form.is_valid():
        record.change(by=request.user, now=timezone.now(), **form.cleaned_data)
        look_soon()
        return redirect("reach:lead", pk=pk)
    return render(request, "reach/lead_form.html", {"form": form, "lead": record}, status=422 if form.errors else 200)


@require_http_methods(["POST"])
def qualification(request: HttpRequest, pk: int) -> HttpResponse:
    """Qualify: account and contact are made or found; closing opens the deal."""
    record = load(Lead, user=request.user, write=True, pk=pk)
    contacts = [one.record for one in knowing.known_of(record, user=request.user).seen]
    accounts = accounts_for(request, record, contacts)
    form = QualificationForm(request.POST, accounts=accounts, contacts=contacts)
    if not form.is_valid():
        return _page(request, record, status=422, qualification_form=form)
    try:
        done = qualify(record, by=request.user, now=timezone.now(), **form.cleaned_data)
    except AlreadyDecidedError:
        toast(request, _("Somebody decided about this lead before you."))
        return redirect("reach:lead", pk=pk)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, record, status=422, qualification_form=form)
    toast(request, _("%(lead)s is now a contact of %(account)s.") % {"lead": record, "account": done.account})
    return redirect("reach:lead", pk=pk)


@require_http_methods(["POST"])
def disqualification(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn the lead down."""
    record = load(Lead, user=request.user, write=True, pk=pk)
    form = DisqualificationForm(request.POST)
    if not form.is_valid():
        return _page(request, record, status=422, disqualification_form=form)
    try:
        disqualify(record, by=request.user, now=timezone.now(), **form.cleaned_data)
    except AlreadyDecidedError:
        toast(request, _("Somebody decided about this lead before you."))
    return redirect("reach:lead", pk=pk)
