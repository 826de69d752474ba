"""Imports through the API: send a file, then ask until it is done."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Router, Schema, Status
from ninja.files import UploadedFile  # noqa: TC002 - read when the program runs

from proofline.config.imports.kinds import UnknownKindError, kind_named, kinds_of
from proofline.config.imports.models import Import
from proofline.kit.imports.trouble import UnreadableFileError
from proofline.kit.rest import Page, PagingQuery, page_of
from proofline.records.access import load
from proofline.records.api import user_of

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["imports"])


class Suggestion(Schema):
    column: str
    value: str
    suggestion: str
    rows: int


class ProblemRow(Schema):
    row: int
    column: str
    text: str


class ImportOut(Schema):
    id: int
    kind: str
    file: str
    rows: int
    state: str = Field(description="columns, checking, checked, running, done or failed")
    created_at: datetime
    created: int | None = None
    updated: int | None = None
    unchanged: int | None = None
    rejected: int | None = None
    suggestions: list[Suggestion] = []
    problems: list[ProblemRow] = []
    error: str = ""


class ImportIn(Schema):
    kind: str = Field(description="accounts, contacts, products, users, leads or deals")
    mapping: str = Field("", description="JSON: column of the file to our field; “-” leaves a column out")
    accept_suggestions: bool = Field(False, description="Take near misses with known values.")
    dry_run: bool = Field(False, description="Only check; nothing is changed.")


def shown(one: Import) -> dict[str, Any]:
    """Return an import as the API shows it."""
    step = one.last
    report = dict(step.report) if step else {}
    own = {"id": one.pk, "kind": one.kind, "file": one.name, "rows": one.rows, "state": one.state}
    return {**report, **own, "created_at": one.created_at, "error": step.error if step else ""}


@router.get("/imports", response=Page[ImportOut])
def imports(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List imports, the newest first."""
    page = page_of(Import.objects.visible_to(user_of(request)).prefetch_related("passes"), paging)
    return page | {"items": [shown(one) for one in page["items"]]}


@router.post("/imports", response={202: ImportOut})
def import_new(
    request: HttpRequest, body: Annotated[ImportIn, Form()], file: Annotated[UploadedFile, File()]
) -> Status[dict[str, Any]]:
    """Send a CSV or XLSX file; it is taken in (or with `dry_run` checked) in the background."""
    user, now = user_of(request), timezone.now()
    try:
        if kind_named(body.kind) not in kinds_of(user):
            raise PermissionDenied(_("Your role may not import. Ask an administrator of the workspace."))
        one = Import.objects.begin(kind=body.kind, file=file, name=file.name or "import", by=user, now=now)
        one.choose_columns(_mapping(body.mapping))
    except UnknownKindError as error:
        raise ValidationError({"kind": str(error)}) from None
    except UnreadableFileError as error:
        raise ValidationError({"file": str(error)}) from None
    one.start(dry=body.dry_run, now=now, accepted=body.accept_suggestions)
    return Status(202, shown(one))


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
    return shown(load(Import, user=user_of(request), pk=pk))


@router.get("/imports/{int:pk}/errors")
def errors(request: HttpRequest, pk: int) -> FileResponse:
    """Give the rejected rows as CSV, to be corrected and sent again."""
    one = load(Import, user=user_of(request), pk=pk)
    path = one.run.error_path if one.run else None
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv; charset=utf-8")
