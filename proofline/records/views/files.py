"""Files on a main record: attached, given, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import load, require_write
from proofline.records.belonging import AREA, load_file
from proofline.records.files import answer_with
from proofline.records.models import RecordFile
from proofline.records.templatetags.records import files_context

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest, HttpResponse

    from proofline.records.kinds import Kind


@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, pk: int, *, kind: Kind) -> HttpResponse:
    """Show a record's files, or attach some (`file`, once or several times). With `?part=1` the answer is the card."""
    record: Any = load(kind.model, user=request.user, pk=pk)
    if request.method == "GET":
        return _answer(request, record)
    require_write(request.user, area=AREA)
    errors = []
    for upload in request.FILES.getlist("file"):
        try:
            RecordFile.objects.attach(record, upload, by=request.user, now=timezone.now())
        except ValidationError as error:
            errors += error.messages
    if not request.FILES:
        errors = [_("Choose a file.")]
    return _answer(request, record, errors=errors) if errors or _is_part(request) else redirect(record)


@require_GET
def file(request: HttpRequest, pk: int) -> FileResponse:
    """Give a file; `?show=1` lets the browser show a picture or a PDF."""
    found, _record = load_file(user=request.user, pk=pk)
    return answer_with(found, show=request.GET.get("show") == "1")


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file off its record."""
    found, record = load_file(user=request.user, pk=pk, write=True, removed=True)
    found.remove(by=request.user, now=timezone.now())
    undo = reverse("records:file_restoration", args=[pk])
    toast(request, _("Removed: %(item)s") % {"item": found.name}, undo=undo)
    return _answer(request, record) if _is_part(request) else redirect(record)


@require_POST
def restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a file back."""
    found, record = load_file(user=request.user, pk=pk, write=True, removed=True)
    found.restore()
    return redirect(record)


def _is_part(request: HttpRequest) -> bool:
    return request.GET.get("part") == "1"


def _answer(request: HttpRequest, record: Any, *, errors: list[str] | None = None) -> HttpResponse:
    context = files_context(request, record, errors=errors or [])
    part = "records/parts/files.html" if _is_part(request) else "records/files.html"
    return render(request, part, context, status=422 if errors else 200)
