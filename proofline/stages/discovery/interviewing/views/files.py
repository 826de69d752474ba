"""Recordings and transcripts: attached, played from any second, lined up with the talk, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.addresses import next_of
from proofline.kit.components import toast
from proofline.records.access import load
from proofline.records.files import answer_with, part_of
from proofline.records.views.answers import accepted
from proofline.stages.discovery.forms import posted
from proofline.stages.discovery.interviewing.forms import OffsetForm
from proofline.stages.discovery.interviewing.views.planning import load_interview
from proofline.stages.discovery.models import InterviewFile

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach recordings and transcripts (`file`, once or several times)."""
    found = load_interview(request, pk, write=True)
    errors = [] if request.FILES else [_("Choose a file.")]
    for upload in request.FILES.getlist("file"):
        try:
            InterviewFile.objects.attach(found, upload, by=request.user, now=timezone.now())
        except ValidationError as error:
            errors += error.messages
    for text in errors:
        toast(request, text, level=messages.ERROR)
    return redirect(f"{found.get_absolute_url()}#recording")


@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give a file; with `?show=1` a recording is played, from whichever second the browser asks for."""
    found = load(InterviewFile, user=request.user, pk=pk)
    if request.GET.get("show") == "1" and found.is_shown:
        return part_of(found, request.headers.get("Range", ""))
    return answer_with(found)


@require_http_methods(["GET", "POST"])
def offset(request: HttpRequest, pk: int) -> HttpResponse:
    """Say at which second of the talk it begins."""
    found = _load(request, pk)
    form = OffsetForm(posted(request), initial={"offset": found.offset})
    if request.method == "POST" and accepted(form, lambda: found.move(form.cleaned_data["offset"])):
        return redirect(f"{found.interview.get_absolute_url()}#recording")
    context = {
        "form": form,
        "interview": found.interview,
        "title": _("Line it up with the notes"),
        "intro": found.name,
        "cancel": found.interview.get_absolute_url(),
    }
    return render(request, "discovery/interviewing/small_form.html", context, status=422 if form.errors else 200)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a recording or a transcript for good; goes back to the talk, or to `next`."""
    found = _load(request, pk)
    interview = found.interview
    found.remove()
    toast(request, _("Removed: %(item)s") % {"item": found.name})
    return redirect(next_of(request) or f"{interview.get_absolute_url()}#recording")


def _load(request: HttpRequest, pk: int) -> InterviewFile:
    rows = InterviewFile.objects.select_related("interview__study")
    found: InterviewFile = load(rows, user=request.user, write=True, pk=pk)
    return found
