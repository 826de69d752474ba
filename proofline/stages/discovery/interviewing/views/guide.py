"""The guide of a talk: questions come in, are crossed off with a reason, or taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import load
from proofline.records.views.answers import accepted
from proofline.stages.discovery.forms import posted
from proofline.stages.discovery.interviewing.forms import CrossingForm, QuestionsForm
from proofline.stages.discovery.interviewing.views.planning import language_of, load_interview
from proofline.stages.discovery.models import GuideQuestion

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """Add questions: own ones, of a guide, of what a questionnaire left open."""
    found = load_interview(request, pk, write=True)
    form = QuestionsForm(posted(request), study=found.study, language=language_of(found.study))
    if request.method == "POST" and accepted(form, lambda: GuideQuestion.objects.ask(found, form.asked)):
        return redirect(f"{found.get_absolute_url()}#guide")
    context = {
        "form": form,
        "interview": found,
        "title": _("Add questions"),
        "submit": _("Add questions"),
        "cancel": found.get_absolute_url(),
    }
    return render(request, "discovery/interviewing/small_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def crossing(request: HttpRequest, pk: int) -> HttpResponse:
    """Cross a question off, with why."""
    question = _load(request, pk)
    form = CrossingForm(posted(request))
    if request.method == "POST" and form.is_valid():
        question.cross_off(by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
        return redirect(f"{question.interview.get_absolute_url()}#guide")
    context = {
        "form": form,
        "interview": question.interview,
        "title": _("Cross the question off"),
        "intro": question.text,
        "submit": _("Cross off"),
        "cancel": question.interview.get_absolute_url(),
    }
    return render(request, "discovery/interviewing/small_form.html", context, status=422 if form.errors else 200)


@require_POST
def comeback(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a question after all."""
    question = _load(request, pk)
    question.put_back()
    return redirect(f"{question.interview.get_absolute_url()}#guide")


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a question out of the guide."""
    question = _load(request, pk)
    interview = question.interview
    try:
        question.remove()
    except ValidationError as error:
        toast(request, " ".join(error.messages), level=messages.ERROR)
    return redirect(f"{interview.get_absolute_url()}#guide")


def _load(request: HttpRequest, pk: int) -> GuideQuestion:
    rows = GuideQuestion.objects.select_related("interview__study")
    found: GuideQuestion = load(rows, user=request.user, write=True, pk=pk)
    return found
