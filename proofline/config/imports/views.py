"""Importing in the browser: upload, columns, check, run, result. Leaving the page changes nothing about the work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.config.addresses import address
from proofline.config.imports.forms import ColumnsForm, FileForm
from proofline.config.imports.kinds import KINDS, kinds_of
from proofline.config.imports.models import AlreadyImportedError, Import
from proofline.kit.components import Column, Empty, ListPage, toast
from proofline.kit.imports.trouble import UnreadableFileError
from proofline.records.access import load

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from proofline.records.models import User

LISTS = {
    "accounts": "records:accounts",
    "contacts": "records:contacts",
    "products": "records:catalogue",
    "users": "records:people",
    "leads": "reach:leads",
    "deals": "closing:deals",
}
"""Where the records of a kind are listed."""


def require_importer(user: User) -> None:
    """Let pass who may import something.

    Raises:
        PermissionDenied: the role may not.
    """
    if not kinds_of(user):
        raise PermissionDenied(_("Your role may not import. Ask an administrator of the workspace."))


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports so far."""
    require_importer(request.user)
    return ListPage(
        request,
        queryset=Import.objects.visible_to(request.user).select_related("by").prefetch_related("passes"),
        columns=[
            Column(_("File"), "name"),
            Column(_("Holds"), lambda one: KINDS[one.kind].label),
            Column(_("Rows"), "rows", "number"),
            Column(_("State"), "state", template="imports/cells/state.html"),
            Column(_("By"), "by", "user"),
            Column(_("Begun"), "created_at", "when"),
        ],
        order=("-created_at",),
        empty=Empty(
            _("Nothing imported yet"),
            _("Bring the customers, leads and deals that you have: a CSV or XLSX file from any program."),
            reverse("imports:new"),
            _("Import a file"),
            icon="file-import",
        ),
    ).render("imports/imports.html")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take a file."""
    require_importer(request.user)
    form = FileForm(
        request.POST or None, request.FILES or None, user=request.user, initial={"kind": request.GET.get("kind")}
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = Import.objects.begin(
                kind=form.cleaned_data["kind"], file=file, name=file.name, by=request.user, now=timezone.now()
            )
        except UnreadableFileError as error:
            form.add_error("file", str(error))
        else:
            return redirect("imports:columns", kept.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "imports/new.html", {"form": form, "cancel": reverse("imports:imports")}, status=status)


def load_own(request: HttpRequest, pk: int) -> Import:
    """Load an import of the user whose kind the user may still import."""
    require_importer(request.user)
    found = load(Import, user=request.user, pk=pk)
    if found.taken not in kinds_of(request.user):
        raise PermissionDenied
    return found


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which column fills which field; then the file is checked."""
    one = load_own(request, pk)
    form = ColumnsForm(one, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            one.choose_columns(form.mapping)
            one.start(dry=True, now=timezone.now(), accepted=True)
        except AlreadyImportedError:
            toast(request, _("This file was imported already."))
        return redirect(one)
    status = 422 if request.method == "POST" else 200
    return render(request, "imports/columns.html", {"one": one, "form": form}, status=status)


@never_cache
@require_GET
def import_(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where an import stands: its check, its progress, or what came of it."""
    one = load_own(request, pk)
    if one.state == "columns":
        return redirect("imports:columns", one.pk)
    step = one.last
    context = {
        "one": one,
        "step": step,
        "progress": step.job_status if step else None,
        "label": one.taken.label,
        "records_url": address(LISTS[one.kind]),
        "previews": previews(one),
    }
    part = request.headers.get("HX-Request-Type") == "partial"
    return render(request, "imports/import.html#state" if part else "imports/import.html", context)


def previews(one: Import) -> dict[str, Any]:
    """Return the first rows as they will be read: the fields' labels, and under them the cells."""

    def blank(row: list[str], place: int) -> bool:
        return place >= len(row) or row[place].casefold() in one.taken.blanks

    places = [
        (field.label, one.columns.index(column))
        for field in one.taken.fields
        for column, name in one.mapping.items()
        if name == field.name
    ]
    rows = [["" if blank(row, place) else row[place] for _label, place in places] for row in one.samples[:5]]
    return {"labels": [str(label) for label, _place in places], "rows": rows}


@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the rows in, with the suggestions that were ticked."""
    one = load_own(request, pk)
    if one.state != "checked":
        return redirect(one)
    near = one.last.report.get("suggestions", []) if one.last else []
    ticked = set(request.POST.getlist("accept"))
    accepted = [[item["column"], item["value"]] for place, item in enumerate(near) if str(place) in ticked]
    try:
        one.start(dry=False, now=timezone.now(), accepted=accepted)
    except AlreadyImportedError:
        toast(request, _("This file was imported already."))
    return redirect(one)


@never_cache
@require_GET
def errors(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the rejected rows, to be corrected and imported again."""
    one = load_own(request, pk)
    path = one.run.error_path if one.run else None
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv; charset=utf-8")
