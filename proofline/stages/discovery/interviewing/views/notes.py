"""Notes of a talk: saved as they are typed, corrected, made needs, and asked why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import load
from proofline.records.models import Workspace
from proofline.records.views.answers import accepted
from proofline.stages.discovery.forms import posted
from proofline.stages.discovery.interviewing.asking import ask_why, new_key, second_now
from proofline.stages.discovery.interviewing.forms import NoteForm, WhyForm, speakers
from proofline.stages.discovery.interviewing.showing import notes_of
from proofline.stages.discovery.interviewing.views.planning import load_interview
from proofline.stages.discovery.interviewing.views.talk import note_part
from proofline.stages.discovery.models import InterviewNote, Need, Save, StaleNoteError

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from proofline.stages.discovery.models import Interview

KEY = re.compile(r"[A-Za-z0-9-]{8,40}")
MOST_TRIED = 20


@require_POST
def saving(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is typed: `key` names the note, `text` are its words, `base`, `mark` and `tried` say what they follow (`models.Save`).

    A program is answered with `{"key", "version", "html"}`; 409 with `{"version", "text", "by"}` when somebody else wrote meanwhile, 422
    with `{"error"}`. A browser that sent the form itself is led back to the talk.
    """
    found = load_interview(request, pk, write=True)
    as_json = "application/json" in request.headers.get("Accept", "")
    try:
        note = _write(request, found, now=timezone.now())
    except StaleNoteError as error:
        return JsonResponse(_theirs(error.note), status=409)
    except ValidationError as error:
        if as_json:
            return JsonResponse({"error": " ".join(error.messages)}, status=422)
        toast(request, " ".join(error.messages), level=messages.ERROR)
        return redirect(found)
    if not as_json:
        return redirect(f"{found.get_absolute_url()}#notes")
    if note is None:
        return JsonResponse({"key": request.POST.get("key", ""), "version": 0, "html": ""})
    shown = notes_of(found).filter(pk=note.pk).first()
    html = note_part(request, found, shown) if shown else ""
    return JsonResponse({"key": note.key, "pk": note.pk, "version": note.version, "html": html})


def _write(request: HttpRequest, found: Interview, *, now: datetime) -> InterviewNote | None:
    """Keep the words; a new note without any is none.

    Raises:
        StaleNoteError: somebody else wrote meanwhile.
        ValidationError: something is not valid.
    """
    given = request.POST
    key, text = given.get("key", "") or new_key(), given.get("text", "").strip().replace("\r\n", "\n")
    if not KEY.fullmatch(key):
        raise ValidationError(_("This note can't be kept: load the page again."))
    if not text and not InterviewNote.objects.filter(interview=found, key=key).exists():
        return None
    save = Save(
        text, base=_number(given.get("base")) or 0, mark=given.get("mark", "")[:40], tried=tuple(given.getlist("tried"))[:MOST_TRIED]
    )  # fmt: skip
    second = _number(given.get("second"))
    return InterviewNote.objects.write(
        found,
        save,
        key=key,
        by=request.user,
        now=now,
        second=second_now(found, now=now) if second is None and "second" not in given else second,
        question=found.questions.filter(pk=_number(given.get("question")) or 0).first(),
        contact=speakers(found).filter(pk=_number(given.get("contact")) or 0).first(),
    )


def _theirs(note: InterviewNote) -> dict[str, Any]:
    by = note.changed_by
    return {"key": note.key, "version": note.version, "text": note.text, "by": str(by or "")}


def _number(given: str | None) -> int | None:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 10 else None  # noqa: PLR2004 - beyond is none of ours


@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct when a note was said, by whom, what it answers and of which needs it speaks."""
    found = _load(request, pk)
    form = NoteForm(posted(request), instance=_load(request, pk))
    if request.method == "POST" and accepted(
        form, lambda: found.correct(by=request.user, now=timezone.now(), **form.cleaned_data)
    ):
        return redirect(_address(found))
    context = {
        "form": form,
        "interview": found.interview,
        "title": _("Details of the note"),
        "intro": found.text,
        "cancel": found.interview.get_absolute_url(),
    }
    return render(request, "discovery/interviewing/small_form.html", context, status=422 if form.errors else 200)


@require_POST
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a note a need."""
    found = _load(request, pk)
    try:
        found.become_need(by=request.user, now=timezone.now())
    except ValidationError as error:
        toast(request, " ".join(error.messages), level=messages.ERROR)
    return redirect(_address(found))


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a note away."""
    found = _load(request, pk)
    found.remove(by=request.user, now=timezone.now())
    if request.headers.get("X-Talk") != "1":  # the talk's own script offers to undo beside the note
        toast(request, _("The note was removed."), undo=reverse("discovery:interview_note_restoration", args=[pk]))
    return redirect(f"{found.interview.get_absolute_url()}#notes")


@require_POST
def restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a note back."""
    found = _load(request, pk)
    found.restore(now=timezone.now())
    return redirect(_address(found))


@require_http_methods(["GET", "POST"])
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why below a need (`?need=`), until the business loss."""
    found = load_interview(request, pk, write=True)
    above = Need.objects.filter(study=found.study_id, pk=_number(request.GET.get("need")) or 0).first()
    if above is None:
        return redirect(f"{found.get_absolute_url()}#needs")
    first = {"loss_currency": above.loss_currency or Workspace.current().currency, "contact": above.stated_by_id}
    form = WhyForm(posted(request), need=above, interview=found, initial=first)
    made: list[Need] = []

    def act() -> None:
        made.append(ask_why(found, above, by=request.user, now=timezone.now(), **form.cleaned_data))

    if request.method == "POST" and accepted(form, act):
        return redirect(f"{found.get_absolute_url()}#need-{made[-1].pk}")
    context = {"form": form, "interview": found, "need": above, "cancel": found.get_absolute_url()}
    return render(request, "discovery/interviewing/why_form.html", context, status=422 if form.errors else 200)


def _load(request: HttpRequest, pk: int) -> InterviewNote:
    rows = InterviewNote.objects.select_related("interview__study__account", "contact", "question")
    found: InterviewNote = load(rows, user=request.user, write=True, pk=pk)
    return found


def _address(found: InterviewNote) -> str:
    return f"{found.interview.get_absolute_url()}#note-{found.key}"
