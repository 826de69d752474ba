"""Importing in the browser: upload, columns, check, run, result. Leaving the page changes nothing about the work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.config.imports.access import load_import, require_importer
from proofline.config.imports.forms import ColumnsForm, FileForm
from proofline.config.imports.kinds import KINDS
from proofline.config.imports.mappings import SavedMapping
from proofline.config.imports.models import AlreadyImportedError, Import
from proofline.config.imports.undoing import NothingToUndoError, Undo
from proofline.kit import formats
from proofline.kit.addresses import address
from proofline.kit.components import Column, Empty, ListPage, toast
from proofline.kit.imports.trouble import UnreadableFileError
from proofline.records import more
from proofline.records.access import load
from proofline.records.showing import label_of

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

LISTS = {
    "accounts": "records:accounts",
    "contacts": "records:contacts",
    "products": "records:catalogue",
    "users": "records:people",
    "leads": "reach:leads",
    "deals": "closing:deals",
    "modules": "records:catalogue",
    "tasks": "records:tasks",
    "evidence": "records:evidence",
    "competitors": "records:competitors",
    "tickets": "delivery:tickets",
}
"""Where the records of a kind are listed."""


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports so far."""
    require_importer(request.user)
    return ListPage(
        request,
        queryset=Import.objects.visible_to(request.user).select_related("by").prefetch_related("passes__undo"),
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
    """Load an import that the user sees; who may import nothing is told so, whosever it is."""
    require_importer(request.user)
    return load_import(request.user, pk)


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which column fills which field; then the file is checked."""
    one = load_own(request, pk)
    form = ColumnsForm(one, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            one.choose_columns(form.mapping, form.chosen)
            if form.saved_name:
                shared = "save_shared" in request.POST
                SavedMapping.objects.keep(of=one, name=form.saved_name, shared=shared, now=timezone.now())
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
    step, undo = one.last, one.undo
    watched = undo or step
    context = {
        "one": one,
        "step": step,
        "undo": undo,
        "progress": watched.job_status if watched else None,
        "label": one.taken.label,
        "records_url": address(LISTS[one.kind]),
        "previews": previews(one),
        "samples": samples(one, step.report) if step else {},
    }
    part = request.headers.get("HX-Request-Type") == "partial"
    return render(request, "imports/import.html#state" if part else "imports/import.html", context)


def _labelled(model: type[Model], change: dict[str, Any]) -> dict[str, Any]:
    """Return a change with its field's label, and the options of a custom field by their names."""
    custom = more.custom_of(model, change["field"])
    words = {side: change[side] for side in ("before", "after")}
    if custom is not None and custom.options:
        named = dict(custom.choices)
        words = {
            side: formats.listed(named.get(key, key) for key in text.split(", ") if key) for side, text in words.items()
        }
    return change | words | {"label": label_of(model, change["field"])}


def samples(one: Import, report: dict[str, Any]) -> dict[str, Any]:
    """Return the first records made and changed, with their pages where they have one, and the labels of what changed."""
    keeper: Any = one.taken.keeper
    ids = [sample["id"] for sample in report.get("samples", []) if sample["id"]]
    found = keeper.model.objects.in_bulk(ids)
    shown: dict[str, list[dict[str, Any]]] = {"created": [], "updated": []}
    for sample in report.get("samples", []):
        record = found.get(sample["id"])
        url = record.get_absolute_url() if hasattr(record, "get_absolute_url") else ""
        changes = [_labelled(keeper.model, change) for change in sample["changes"]]
        shown[sample["outcome"]].append(sample | {"url": url, "changes": changes})
    return shown


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


@require_POST
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    """End a check or a run before its time; what is in stays."""
    one = load_own(request, pk)
    if one.last and one.last.cancel(now=timezone.now()):
        toast(request, _("The import ends after the rows that are being written."))
    return redirect(one)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the run back."""
    one = load_own(request, pk)
    try:
        Undo.ask(one.run, by=request.user, now=timezone.now())
    except NothingToUndoError as error:
        toast(request, str(error))
    return redirect(one)


@require_GET
def mappings(request: HttpRequest) -> HttpResponse:
    """List the saved mappings."""
    require_importer(request.user)
    found = SavedMapping.objects.visible_to(request.user).select_related("by").order_by("kind", "name")
    rows = [(saved, KINDS[saved.kind].label) for saved in found if saved.kind in KINDS]
    return render(request, "imports/mappings.html", {"rows": rows})


@require_POST
def mapping_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a saved mapping of one's own."""
    require_importer(request.user)
    load(SavedMapping.objects.filter(by=request.user), user=request.user, pk=pk).delete()
    toast(request, _("The mapping is forgotten."))
    return redirect("imports:mappings")


@never_cache
@require_GET
def errors(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the rejected rows, to be corrected and imported again."""
    one = load_own(request, pk)
    path = one.last.error_path if one.last else None
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv; charset=utf-8")
