"""The page of a talk: guide, notes and needs beside each other, its clock, and what others write meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.views.answers import accepted
from proofline.stages.discovery.forms import posted
from proofline.stages.discovery.interviewing.forms import ClockForm, speakers
from proofline.stages.discovery.interviewing.models.files import RECORDINGS, TRANSCRIPTS
from proofline.stages.discovery.interviewing.seconds import clock as written
from proofline.stages.discovery.interviewing.showing import files_context, guide_context, needs_context, notes_of
from proofline.stages.discovery.interviewing.views.planning import is_over, load_interview
from proofline.stages.discovery.models import NotOverError, OverError, conclude, reopen

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from proofline.stages.discovery.models import Interview, InterviewReopening

AGAIN = timedelta(seconds=15)
"""So far back the page is told again: a note may be kept later than it was stamped."""


@never_cache
@require_GET
def interview(request: HttpRequest, pk: int) -> HttpResponse:
    """The talk."""
    found = load_interview(request, pk)
    now = timezone.now()
    notes = list(notes_of(found))
    context: dict[str, Any] = {
        "interview": found,
        "may_write": request.user.may_write("discovery"),
        "notes": notes,
        "reopening": found.reopenings.select_related("by", "closed_by").order_by("-pk").first(),
        "people": found.people.order_by("name"),
        "team": found.team.order_by("name"),
        "speakers": speakers(found),
        "stamp": now.isoformat(),
        "accept": ",".join(f".{ending}" for ending in (*RECORDINGS, *TRANSCRIPTS)),
        **_clock(found, now=now),
        **guide_context(found),
        **needs_context(found),
        **files_context(found, notes),
    }
    return render(request, "discovery/interviewing/interview.html", context)


@never_cache
@require_GET
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """What others did: `{"stamp", "order": [key], "notes": [{"key", "version", "html"}], "guide", "needs", "seconds", "running", "state"}`.

    Only notes that changed since `?since=` (the last stamp) come with their words.
    """
    found = load_interview(request, pk)
    now = timezone.now()
    since = _since(request.GET.get("since", ""))
    context = {"interview": found, "may_write": request.user.may_write("discovery")}
    notes = list(notes_of(found))
    parts = {"guide": guide_context(found), "needs": needs_context(found)}
    answer = {
        "stamp": now.isoformat(),
        "order": [note.key for note in notes],
        "notes": [
            {"key": note.key, "version": note.version, "html": note_part(request, found, note)}
            for note in notes
            if since is None or note.changed_at >= since - AGAIN
        ],
        **{
            name: render_to_string(f"discovery/interviewing/parts/{name}.html", context | part, request=request)
            for name, part in parts.items()
        },
        **_clock(found, now=now),
        "state": found.state,
    }
    return JsonResponse(answer)


def note_part(request: HttpRequest, found: Interview, note: Any) -> str:
    """Return a note as the page shows it."""
    context = {"interview": found, "note": note, "may_write": request.user.may_write("discovery")}
    return render_to_string("discovery/interviewing/parts/note.html", context, request=request)


def _clock(found: Interview, *, now: datetime) -> dict[str, Any]:
    seconds = found.conclusion.seconds if hasattr(found, "conclusion") else found.seconds(now=now)
    return {"seconds": seconds, "clock": written(seconds), "running": found.is_running}


def _since(given: str) -> datetime | None:
    try:
        moment = parse_datetime(given)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the clock of a talk run."""
    found = load_interview(request, pk, write=True)
    try:
        found.start(by=request.user, now=timezone.now())
    except OverError:
        is_over(request)
    return redirect(found)


@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the clock for a while."""
    found = load_interview(request, pk, write=True)
    found.pause(now=timezone.now())
    return redirect(found)


@require_http_methods(["GET", "POST"])
def clock(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the clock by hand."""
    found = load_interview(request, pk, write=True)
    now = timezone.now()
    form = ClockForm(posted(request), initial={"clock": found.seconds(now=now)})
    if request.method == "POST" and accepted(form, lambda: found.set_clock(form.cleaned_data["clock"], now=now)):
        return redirect(found)
    context = {
        "form": form,
        "interview": found,
        "title": _("Correct the clock"),
        "submit": _("Set the clock"),
        "cancel": found.get_absolute_url(),
    }
    return render(request, "discovery/interviewing/small_form.html", context, status=422 if form.errors else 200)


@require_POST
def conclusion(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a talk that was held."""
    found = load_interview(request, pk, write=True)
    try:
        conclude(found, by=request.user, now=timezone.now())
    except OverError:
        is_over(request)
    return redirect(found)


@require_POST
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a talk again that was closed by mistake."""
    found = load_interview(request, pk, write=True)
    try:
        done = reopen(found, by=request.user, now=timezone.now())
    except NotOverError:
        toast(request, _("This interview is open already."), level=messages.ERROR)
    else:
        toast(request, _told(done))
    return redirect(found)


def _told(done: InterviewReopening) -> str:
    """Say what became of the questions that the talk had left to a later one."""
    said = [_("The interview is open again.")]
    if done.back:
        message = ngettext(
            "%(count)s question is asked here again.", "%(count)s questions are asked here again.", done.back
        )
        said.append(message % {"count": done.back})
    if done.elsewhere:
        message = ngettext(
            "%(count)s question stays with the later interview, which has begun with it.",
            "%(count)s questions stay with the later interview, which has begun with them.",
            done.elsewhere,
        )
        said.append(message % {"count": done.elsewhere})
    return " ".join(said)
