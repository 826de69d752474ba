"""The pages of saved questions: save, open, rename, share, change, remove and bring back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.insight.explore.asked import Asked, asked_of, read
from proofline.insight.explore.kinds import KINDS
from proofline.insight.forms import SavedQuestionForm
from proofline.insight.models import SavedQuestion
from proofline.kit.components import toast
from proofline.timeline.query import Question, QuestionError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Save the question in the address under a name."""
    kind = request.GET.get("kind", "trend")
    if kind not in KINDS:
        raise Http404
    try:
        asked = asked_of(request, kind)
    except QuestionError:
        raise Http404 from None
    form = SavedQuestionForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        values = {**form.values, "kind": kind, "question": asked.question}
        try:
            Question.of(asked.whole)
            kept = SavedQuestion.objects.keep(**values, by=request.user, now=timezone.now())
        except QuestionError as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            toast(request, _("Saved: %(name)s") % {"name": kept.name})
            return redirect(opened(kept).url)
    return _form(request, form, title=_("Save question"), cancel=asked.url)


@require_GET
def saved(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a saved question: its page, with the whole question in the address."""
    return redirect(opened(SavedQuestion.objects.found(pk, user=request.user)).url)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or share it."""
    found = SavedQuestion.objects.found(pk, user=request.user)
    found.require_change(request.user)
    form = SavedQuestionForm(request.POST or None, user=request.user, saved=found)
    if request.method == "POST" and form.is_valid():
        found.change(by=request.user, now=timezone.now(), **form.values)
        toast(request, _("Saved: %(name)s") % {"name": found.name})
        return redirect(opened(found).url)
    return _form(request, form, title=_("Rename or share"), cancel=opened(found).url)


@require_POST
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the question as it was changed in the address."""
    found = SavedQuestion.objects.found(pk, user=request.user)
    found.require_change(request.user)
    kind = request.POST.get("kind", found.kind)
    if kind not in KINDS:
        raise Http404
    try:
        asked = Asked(KINDS[kind], read(request.POST.get("q", ""), kind=KINDS[kind]), pk)
        Question.of(asked.whole)
        found.change(by=request.user, now=timezone.now(), kind=kind, question=asked.question)
    except (QuestionError, ValidationError):
        raise Http404 from None
    toast(request, _("Saved: %(name)s") % {"name": found.name})
    return redirect(asked.url)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it out of the lists."""
    found = SavedQuestion.objects.found(pk, user=request.user)
    found.remove(by=request.user, now=timezone.now())
    toast(request, _("Removed: %(name)s") % {"name": found.name}, undo=reverse("insight:saved_return", args=[pk]))
    return redirect("insight:explore")


@require_POST
def bringing_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the removal."""
    found = SavedQuestion.objects.filter(pk=pk).exclude(removed_at=None).select_related("owner").first()
    if found is None or not found.may_change(request.user):
        raise Http404
    found.bring_back(by=request.user)
    return redirect(opened(found).url)


def opened(saved: SavedQuestion) -> Asked:
    """Return what a saved question asks.

    Raises:
        Http404: its kind is no longer known.
    """
    if saved.kind not in KINDS:
        raise Http404
    return Asked(KINDS[saved.kind], saved.question, saved.pk)


def _form(request: HttpRequest, form: SavedQuestionForm, **words: Any) -> HttpResponse:
    context = {"form": form, **words}
    return render(request, "insight/explore/name.html", context, status=422 if form.is_bound else 200)
