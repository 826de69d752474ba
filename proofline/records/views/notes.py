"""Notes on a main record: on its page as a card, by themselves as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import load, require_write
from proofline.records.belonging import AREA, load_note
from proofline.records.mentions import written
from proofline.records.models import Note
from proofline.records.templatetags.records import notes_context
from proofline.records.viewers import viewers_of

if TYPE_CHECKING:
    from proofline.records.kinds import Kind

OFFERED = 8


@require_http_methods(["GET", "POST"])
def notes(request: HttpRequest, pk: int, *, kind: Kind) -> HttpResponse:
    """Show a record's notes, or write one. With `?part=1` the answer is the card on the record's page."""
    record: Any = load(kind.model, user=request.user, pk=pk)
    if request.method == "GET":
        return _answer(request, record)
    require_write(request.user, area=AREA)
    text = request.POST.get("text", "")
    try:
        Note.objects.write(record, text=text, by=request.user, now=timezone.now())
    except ValidationError as error:
        return _answer(request, record, typed=text, error=" ".join(error.messages))
    return _answer(request, record) if _is_part(request) else redirect(f"{record.get_absolute_url()}#notes")


@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a note of one's own."""
    found, record = load_note(user=request.user, pk=pk, write=True)
    if request.method == "GET" and found.may_change(request.user):
        return _answer(request, record, editing=found, typed=found.typed)
    text = request.POST.get("text", "")
    try:
        found.rewrite(record, text=text, by=request.user, now=timezone.now())
    except ValidationError as error:
        return _answer(request, record, editing=found, typed=text, error=" ".join(error.messages))
    return _answer(request, record) if _is_part(request) else redirect(f"{record.get_absolute_url()}#notes")


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a note off its record."""
    found, record = load_note(user=request.user, pk=pk, write=True, removed=True)
    found.remove(by=request.user, now=timezone.now())
    toast(request, _("The note is removed."), undo=reverse("records:note_restoration", args=[pk]))
    return _answer(request, record) if _is_part(request) else redirect(record)


@require_POST
def restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a note back."""
    found, record = load_note(user=request.user, pk=pk, write=True, removed=True)
    found.restore(by=request.user)
    return redirect(record)


@require_POST
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Pin a note above the others, or with `put=back` among them again."""
    found, record = load_note(user=request.user, pk=pk, write=True)
    if request.POST.get("put") == "back":
        found.put_back()
    else:
        found.put_first(by=request.user, now=timezone.now())
    return _answer(request, record) if _is_part(request) else redirect(record)


@require_GET
def colleagues(request: HttpRequest, pk: int, *, kind: Kind) -> JsonResponse:
    """Offer colleagues who may see the record, by a part of the name; `text` is what mentions them."""
    record: Any = load(kind.model, user=request.user, pk=pk)
    viewers = viewers_of(record)
    query = request.GET.get("q", "").strip()
    found = list(viewers.filter(name__icontains=query).order_by("name").values_list("pk", "name")[:OFFERED])
    names = [name for _pk, name in found]
    same = set(viewers.filter(name__in=names).order_by().values_list("name", "pk"))
    counts = {name: sum(other == name for other, _pk in same) for name in names}
    offered = [{"id": pk, "name": name, "text": written((pk, name), several=counts[name] > 1)} for pk, name in found]
    return JsonResponse({"people": offered})


def _is_part(request: HttpRequest) -> bool:
    return request.GET.get("part") == "1"


def _answer(request: HttpRequest, record: Any, **given: Any) -> HttpResponse:
    context = notes_context(request, record, **given)
    part = "records/parts/notes.html" if _is_part(request) else "records/notes.html"
    return render(request, part, context, status=422 if given.get("error") else 200)
