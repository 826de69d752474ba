"""Imports through the API: send a file, say what is in it, check it, run it, and ask until it is done; take it back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile  # noqa: TC002 - read when the program runs

from proofline.config.imports.access import load_import, require_importer
from proofline.config.imports.kinds import UnknownKindError, kind_named, kinds_importable, kinds_of
from proofline.config.imports.mappings import SavedMapping
from proofline.config.imports.models import Import
from proofline.config.imports.passes import NothingRunsError
from proofline.config.imports.schemas import ImportIn, ImportOut, KindsOut, MappingIn, RunIn, WayIn
from proofline.config.imports.undoing import Undo
from proofline.kit.imports.trouble import UnreadableFileError
from proofline.kit.imports.ways import Way
from proofline.kit.rest import Page, PagingQuery, in_files, page_of
from proofline.records.api import user_of

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["imports"])


def shown(one: Import) -> dict[str, Any]:
    """Return an import as the API shows it."""
    step, undo = one.last, one.undo
    watched = undo or step
    job = watched.job_status if watched else None
    found = one.matched
    named = {column: found.field_at(place) for place, column in enumerate(one.columns) if found.field_at(place)}
    own = {
        "id": one.pk,
        "file": one.name,
        "state": one.state,
        "done": job.done if job else 0,
        "mapping": named | one.mapping,
        "empty": "clear" if one.clear else "keep",
        "error": step.error if step else "",
        "undo": _undo_shown(undo) if undo else None,
    }
    same = ("kind", "rows", "created_at", "about", "program", "columns", "mode", "key", "missing")
    return {**(dict(step.report) if step else {}), **{name: getattr(one, name) for name in same}, **own}


def _undo_shown(undo: Undo) -> dict[str, Any]:
    told = {"state": undo.state, "asked_at": undo.asked_at, "kept_records": undo.report.get("kept", [])}
    return {**undo.report.get("counts", {}), **told}


@router.get("/import-kinds", response=KindsOut)
def import_kinds(request: HttpRequest) -> dict[str, Any]:
    """List what you may import: the fields of each kind, and the column names that are recognised."""
    return {
        "items": [
            {
                "name": kind.name,
                "label": str(kind.label),
                "keys": list(kind.keys),
                "fields": [
                    {"name": one.name, "label": str(one.label), "required": one.required, "aliases": list(one.aliases)}
                    for one in kind.fields
                ],
            }
            for kind in kinds_of(user_of(request))
        ]
    }


@router.get("/imports", response=Page[ImportOut])
def imports(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List imports, the newest first."""
    user = user_of(request)
    found = Import.objects.visible_to(user).filter(kind__in=kinds_importable(user))
    page = page_of(found.prefetch_related("passes__undo"), paging)
    return page | {"items": [shown(one) for one in page["items"]]}


@router.post("/imports", response={202: ImportOut})
def import_new(
    request: HttpRequest, body: Annotated[ImportIn, Form()], file: Annotated[UploadedFile, File()]
) -> Status[dict[str, Any]]:
    """Send a CSV or XLSX file; it is taken in (or with `dry_run` checked) in the background."""
    user, now = user_of(request), timezone.now()
    try:
        require_importer(user, kind=kind_named(body.kind).name)
        one = Import.objects.begin(kind=body.kind, file=file, name=file.name or "import", by=user, now=now)
        given = _mapping(body.mapping)
        if given or body.model_fields_set & {"mode", "key", "empty", "missing"} or not one.saved:
            _choose(one, given, body)
    except UnknownKindError as error:
        raise ValidationError({"kind": str(error)}) from None
    except UnreadableFileError as error:
        raise ValidationError({"file": str(error)}) from None
    one.start(dry=body.dry_run, now=now, accepted=body.accept_suggestions)
    return Status(202, shown(one))


def _choose(one: Import, mapping: dict[str, str], body: WayIn | MappingIn) -> None:
    way = Way(mode=body.mode, key=body.key, clear=body.empty == "clear", missing=body.missing)
    one.choose_columns(mapping, way)


def _mapping(text: str) -> dict[str, str]:
    try:
        found = json.loads(text or "{}")
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValidationError({"mapping": _("Expected a JSON object of columns to fields.")})
    return found


@router.get("/imports/{int:pk}", response=ImportOut)
def import_(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Tell where an import stands and what came of it."""
    return shown(load_import(user_of(request), pk))


@router.put("/imports/{int:pk}/mapping", response={202: ImportOut})
def mapping(request: HttpRequest, pk: int, body: MappingIn) -> Status[dict[str, Any]]:
    """Say which columns fill which fields and how rows meet records; the file is checked in the background."""
    one = load_import(user_of(request), pk)
    try:
        _choose(one, body.mapping, body)
    except UnreadableFileError as error:
        raise ValidationError({"mapping": str(error)}) from None
    if body.save_as:
        SavedMapping.objects.keep(of=one, name=body.save_as, shared=body.shared, now=timezone.now())
    one.start(dry=True, now=timezone.now(), accepted=True)
    return Status(202, shown(one))


@router.post("/imports/{int:pk}/run", response={202: ImportOut})
def run(request: HttpRequest, pk: int, body: RunIn) -> Status[dict[str, Any]]:
    """Take the rows in, in the background."""
    one = load_import(user_of(request), pk)
    one.start(dry=False, now=timezone.now(), accepted=body.accept_suggestions)
    return Status(202, shown(one))


@router.post("/imports/{int:pk}/cancellation", response={202: ImportOut})
def cancellation(request: HttpRequest, pk: int) -> Status[dict[str, Any]]:
    """End a check or a run before its time; what is in stays, until it is undone."""
    one = load_import(user_of(request), pk)
    if one.last is None or not one.last.cancel(now=timezone.now()):
        raise NothingRunsError(_("Nothing of this import is running."))
    return Status(202, shown(one))


@router.post("/imports/{int:pk}/undo", response={202: ImportOut})
def undo(request: HttpRequest, pk: int) -> Status[dict[str, Any]]:
    """Remove what the run made and restore what it changed, but for what has a life of its own by now."""
    one = load_import(user_of(request), pk)
    Undo.ask(one.run, by=user_of(request), now=timezone.now())
    return Status(202, shown(load_import(user_of(request), pk)))


@router.get("/imports/{int:pk}/errors", openapi_extra=in_files("text/csv"))
def errors(request: HttpRequest, pk: int) -> FileResponse:
    """Give the rejected rows as CSV, to be corrected and sent again."""
    one = load_import(user_of(request), pk)
    path = one.last.error_path if one.last else None
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv; charset=utf-8")
