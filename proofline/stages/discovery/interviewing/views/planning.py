"""Talks before they are held: the list, planning, changing, calling off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proofline.kit.components import Empty, toast
from proofline.records.access import load
from proofline.records.forms.meanwhile import watched
from proofline.records.lists import RecordList
from proofline.records.views.answers import accepted
from proofline.stages.discovery.forms import posted
from proofline.stages.discovery.interviewing.forms import CallingOffForm, InterviewForm, PlanForm, chosen
from proofline.stages.discovery.interviewing.lists import INTERVIEWS
from proofline.stages.discovery.models import GuideQuestion, Interview, OverError, Study, call_off, plan

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FORM = "discovery/interviewing/interview_form.html"


@require_GET
def interviews(request: HttpRequest) -> HttpResponse:
    """The list."""
    listing = RecordList.of(
        request,
        kind=INTERVIEWS,
        empty=Empty(
            title=_("No interviews yet"),
            text=_(
                "An interview has its guide beside its notes; what they say becomes needs. Plan one in a discovery."
            ),
            url=reverse("discovery:studies"),
            label=_("Go to discovery"),
            icon="messages",
        ),
    )
    return listing.render("discovery/interviewing/list.html")


def language_of(study: Study) -> str:
    """Return the language in which one talks with a customer: theirs, else the reader's."""
    return study.account.language or translation.get_language() or "en"


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a talk of a study, with the questions that it begins with."""
    study = load(Study.objects.select_related("account"), user=request.user, write=True, pk=pk)
    language, now = language_of(study), timezone.now()
    first: dict[str, Any] = {"people": [study.contact_id] if study.contact_id else [], "owner": request.user.pk}
    first["planned_at"] = timezone.localtime(now)
    form = PlanForm(posted(request), instance=Interview(study=study), initial=first, language=language)
    made: list[Interview] = []

    def act() -> None:
        given = {name: form.cleaned_data[name] for name in InterviewForm.Meta.fields}
        with transaction.atomic():
            made.append(plan(study, by=request.user, now=now, **given))
            GuideQuestion.objects.ask(made[-1], chosen(form, language=language))

    if request.method == "POST" and accepted(form, act):
        return redirect(made[-1])
    context = {"form": form, "study": study, "cancel": study.get_absolute_url(), "submit": _("Plan interview")}
    return render(request, FORM, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change when and where a talk is, and with whom."""
    found = load_interview(request, pk, write=True)
    form = InterviewForm(posted(request), instance=load_interview(request, pk))
    form = watched(form, found, user=request.user)

    def act() -> None:
        values = form.cleaned_data | {"title": form.cleaned_data["title"] or found.title}
        found.change(by=request.user, now=timezone.now(), **values)

    if request.method == "POST" and accepted(form, act):
        return redirect(found)
    context = {"form": form, "study": found.study, "interview": found, "cancel": found.get_absolute_url()}
    return render(request, FORM, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def calling_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a talk does not take place."""
    found = load_interview(request, pk, write=True)
    form = CallingOffForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            call_off(found, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
        except OverError:
            is_over(request)
        return redirect(found)
    context = {
        "form": form,
        "interview": found,
        "title": _("Call off the interview"),
        "intro": _("What it was to ask goes on to the next talk."),
        "submit": _("Call off"),
        "cancel": found.get_absolute_url(),
    }
    return render(request, "discovery/interviewing/small_form.html", context, status=422 if form.errors else 200)


def load_interview(request: HttpRequest, pk: int, *, write: bool = False) -> Interview:
    """Load a talk with its study.

    Raises:
        Http404: there is none that the user may see.
        PermissionDenied: `write` is asked for, which the role does not allow.
    """
    rows = Interview.objects.select_related(
        "study__account", "study__owner__team", "owner", "conclusion", "calling_off"
    )
    found: Interview = load(rows, user=request.user, write=write, pk=pk)
    return found


def is_over(request: HttpRequest) -> None:
    """Say that a talk does not change its state any more."""
    toast(request, _("This interview is closed already."), level=messages.ERROR)
