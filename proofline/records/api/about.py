"""What belongs to every main record, through the API: its history, notes and files."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, File, Router, Schema, Status
from ninja.files import UploadedFile  # noqa: TC002 - the framework reads it

from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records.access import load, require_write
from proofline.records.api.tokens import user_of
from proofline.records.belonging import AREA
from proofline.records.models import Change, Note, RecordFile
from proofline.records.showing import told

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.kinds import Kind


class ChangeOut(Schema):
    id: int
    at: datetime
    by_id: int | None = Field(description="Who changed it; null when it changed by itself.")
    by: str
    field: str
    label: str = Field(description="The field's name in the user's language.")
    before: Any = Field(description="Texts are cut after 500 characters; of records the id; money with its currency.")
    after: Any
    before_text: str = Field(description="The value in words; empty for none.")
    after_text: str


class NoteIn(Given):
    text: str = Field(description="Markdown; `@Full Name` or `<@id>` mentions a colleague who may see the record.")


class NoteOut(Schema):
    id: int
    text: str = Field(description="Markdown; mentions stand as `<@id>`.")
    html: str = Field(description="The text as pages show it, sanitised.")
    by_id: int
    at: datetime
    edited_at: datetime | None
    pinned: bool
    mentioned: list[int] = Field(description="The ids of those whom it mentions.")


class FileOut(Schema):
    id: int
    name: str
    size: int = Field(description="In bytes.")
    type: str
    by_id: int
    at: datetime


def router_of(kind: Kind) -> Router:
    """Return what the API offers for every record of a kind."""
    router = Router(tags=[kind.slug])
    here = f"/{kind.slug}/{{int:pk}}"

    @router.get(f"{here}/history", response=Page[ChangeOut], operation_id=f"{kind.name}_history")
    def history(request: HttpRequest, pk: int, paging: PagingQuery, field: str = "") -> dict[str, Any]:
        """Return what changed on a record, field by field, newest first; `field` keeps one field's changes."""
        user = user_of(request)
        record = load(kind.model, user=user, pk=pk)
        found = Change.objects.of(kind.name, record.pk).select_related("by")
        page = page_of(found.filter(field=field) if field else found, paging)
        return page | {"items": [_change(one) for one in told(page["items"], kind, user=user)]}

    @router.get(f"{here}/notes", response=Page[NoteOut], operation_id=f"{kind.name}_notes")
    def notes(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
        """List the notes on a record, newest first."""
        record = load(kind.model, user=user_of(request), pk=pk)
        return page_of(Note.objects.of(kind.name, record.pk), paging)

    @router.post(f"{here}/notes", response={201: NoteOut}, operation_id=f"{kind.name}_note_add")
    def add_note(request: HttpRequest, pk: int, body: NoteIn) -> Status[Note]:
        """Write a note on a record."""
        user = user_of(request)
        record = load(kind.model, user=user, pk=pk)
        require_write(user, area=AREA)
        return Status(201, Note.objects.write(record, text=body.text, by=user, now=timezone.now()))

    @router.get(f"{here}/files", response=Page[FileOut], operation_id=f"{kind.name}_files")
    def files(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
        """List the files on a record, newest first."""
        record = load(kind.model, user=user_of(request), pk=pk)
        return page_of(RecordFile.objects.of(kind.name, record.pk), paging)

    @router.post(f"{here}/files", response={201: FileOut}, operation_id=f"{kind.name}_file_add")
    def add_file(
        request: HttpRequest, pk: int, file: Annotated[UploadedFile | None, File()] = None
    ) -> Status[RecordFile]:
        """Put a file on a record, as `multipart/form-data`."""
        user = user_of(request)
        record = load(kind.model, user=user, pk=pk)
        require_write(user, area=AREA)
        if file is None:
            raise ValidationError({"file": _("Choose a file.")})
        return Status(201, RecordFile.objects.attach(record, file, by=user, now=timezone.now()))

    return router


def _change(one: Any) -> dict[str, Any]:
    change = one.change
    return {
        "id": change.pk,
        "at": change.at,
        "by_id": change.by_id,
        "by": one.who,
        "field": change.field,
        "label": one.label,
        "before": change.before,
        "after": change.after,
        "before_text": one.before,
        "after_text": one.after,
    }
