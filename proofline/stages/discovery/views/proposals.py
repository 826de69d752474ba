"""Proposals as we see them: list, editor, preview, sending, who read what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit import panels
from proofline.kit.components import Empty, toast
from proofline.records.access import load
from proofline.records.forms.meanwhile import watched
from proofline.records.lists import RecordList
from proofline.stages.discovery.cautions import cautions
from proofline.stages.discovery.conversing.talk import talk_of
from proofline.stages.discovery.forms import ProposalForm, posted
from proofline.stages.discovery.link_forms import SendingForm
from proofline.stages.discovery.lists import PROPOSALS
from proofline.stages.discovery.mailing import mail_link
from proofline.stages.discovery.matching import nearest
from proofline.stages.discovery.models import Proposal, Study, revoke, spread
from proofline.stages.discovery.printing import proposal_pdf
from proofline.stages.discovery.readers import readers
from proofline.stages.discovery.sending import send
from proofline.stages.discovery.showing import Shown
from proofline.stages.discovery.wishing.choosing import selection_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from proofline.stages.discovery.conversing.talk import Typed


@require_GET
def proposals(request: HttpRequest) -> HttpResponse:
    """The list."""
    listing = RecordList.of(
        request,
        kind=PROPOSALS,
        empty=Empty(
            title=_("No proposals yet"),
            text=_("A proposal begins in a discovery: it shows the customer their value case as a page and a PDF."),
            url="/studies/",
            label=_("Go to discovery"),
            icon="presentation",
        ),
    )
    return listing.render("discovery/proposals.html")


@require_GET
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """What the customer sees, its link, and who read it."""
    return proposal_page(request, _load(request, pk))


def proposal_page(request: HttpRequest, record: Proposal, *, typed: Typed | None = None) -> HttpResponse:
    """Show the page; with an answer that could not be kept and what is wrong with it: 422."""
    now = timezone.now()
    shown = _shown(request, record)
    may_write = request.user.may_write("discovery")
    context = {
        "proposal": record,
        "study": record.study,
        "state": record.state(now=now),
        "sending": record.last_sending,
        "readers": readers(record),
        "link": f"{settings.PUBLIC_URL}{record.public_path}",
        "passed_on": spread(record).text,
        "shown": shown,
        "talk": talk_of(shown, may_answer=may_write, typed=typed),
        "selection": selection_of(record),
        "may_write": may_write,
    }
    return render(request, "discovery/proposal.html", context, status=422 if typed else 200)


def _load(request: HttpRequest, pk: int, *, write: bool = False) -> Proposal:
    rows = Proposal.objects.select_related("study__account", "study__owner", "value_case__study", "configuration")
    record: Proposal = load(rows, user=request.user, write=write, pk=pk)
    return record


def _shown(request: HttpRequest, record: Proposal) -> Shown:
    return Shown(record, price=panels.render("proposal.price", request=request, subject=record))


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a proposal for a study."""
    study = load(Study, user=request.user, write=True, pk=pk)
    language = study.account.language or translation.get_language() or "en"
    draft = Proposal(
        study=study,
        title=study.title,
        language=language,
        value_case=study.promising_case,
        configuration=study.last_configuration,
    )
    return _edit(request, draft, study=study)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a proposal says."""
    record = _load(request, pk, write=True)
    return _edit(request, record, study=record.study)


def _edit(request: HttpRequest, record: Proposal, *, study: Study) -> HttpResponse:
    now = timezone.now()
    matches = nearest(study, language=record.language, today=timezone.localdate())
    instance = Proposal.objects.get(pk=record.pk) if record.pk else record
    form = ProposalForm(posted(request), instance=instance, matches=matches)
    if record.pk:
        form = watched(form, record, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            if record.pk:
                record.change(by=request.user, now=now, **form.cleaned_data)
            else:
                record = Proposal.objects.draft(by=request.user, now=now, study=study, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("discovery:proposal", pk=record.pk)
    context: dict[str, Any] = {"form": form, "proposal": record, "study": study, "matches": matches}
    context["cancel"] = record.get_absolute_url() if record.pk else study.get_absolute_url()
    context["submit"] = _("Save") if record.pk else _("Begin proposal")
    return render(request, "discovery/proposal_form.html", context, status=422 if form.errors else 200)


@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer's page, before or after it is sent; nothing is recorded."""
    record = _load(request, pk)
    with translation.override(record.language):
        shown = _shown(request, record)
        context: dict[str, Any] = {
            "shown": shown,
            "talk": talk_of(shown),
            "selection": selection_of(record),
            "offer_note": panels.render("proposal.offer_note", request=request, subject=record),
            "proposal": record,
            "LANGUAGE_CODE": record.language,
        }
        context["pdf_url"] = reverse("discovery:proposal_pdf", args=[pk])
        return render(request, "discovery/proposal_public.html", context)


@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposal as a PDF."""
    return pdf_response(request, _load(request, pk), now=timezone.now())


def pdf_response(request: HttpRequest, record: Proposal, *, now: datetime) -> HttpResponse:
    """Answer with the proposal as a PDF, dated when it was sent, else now."""
    sending = record.last_sending
    response = HttpResponse(content_type="application/pdf")
    response.content = proposal_pdf(record, request=request, at=sending.at if sending else now)
    name = slugify(record.title, allow_unicode=False) or f"proposal-{record.pk}"
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@require_http_methods(["GET", "POST"])
def sending(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the link to a person of the customer's, and write to them if wanted."""
    record = _load(request, pk, write=True)
    form = SendingForm(posted(request), proposal=record, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        done = send(
            record,
            by=request.user,
            now=now,
            to=form.cleaned_data["to"],
            expires_at=form.expires_at,
            asks_code=form.cleaned_data["asks_code"],
            lets_colleagues_in=form.cleaned_data["lets_colleagues_in"],
        )
        toast(request, _("The link is open."))
        link = f"{settings.PUBLIC_URL}{record.public_path}"
        if form.cleaned_data["by_mail"] and not mail_link(done, link=link, now=now):
            toast(request, _("No e-mail was sent: this person does not want any."), level=messages.WARNING)
        return redirect("discovery:proposal", pk=pk)
    context = {"form": form, "proposal": record, "cancel": record.get_absolute_url(), "submit": _("Send proposal")}
    context["cautions"] = cautions(record)
    return render(request, "discovery/sending_form.html", context, status=422 if form.errors else 200)


@require_POST
def revocation(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the link."""
    record = _load(request, pk, write=True)
    revoke(record, by=request.user, now=timezone.now())
    toast(request, _("The link is closed. Sending the proposal again opens it."))
    return redirect("discovery:proposal", pk=pk)
