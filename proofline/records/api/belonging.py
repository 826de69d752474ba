"""One note and one file through the API, whatever record they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from ninja import Router, Status

from proofline.kit.rest import Given, in_files
from proofline.records.api.about import FileOut, NoteOut
from proofline.records.api.tokens import user_of
from proofline.records.belonging import load_file, load_note
from proofline.records.files import answer_with
from proofline.records.models.files import ANY

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest

    from proofline.records.models import Note, RecordFile

router = Router()


class NoteChange(Given):
    text: str | None = None
    pinned: bool | None = None


@router.get("/notes/{int:pk}", response=NoteOut, tags=["notes"])
def note(request: HttpRequest, pk: int) -> Note:
    """Return a note."""
    return _note(request, pk)


@router.patch("/notes/{int:pk}", response=NoteOut, tags=["notes"])
def change_note(request: HttpRequest, pk: int, body: NoteChange) -> Note:
    """Change the text of a note of your own, or pin one above the others."""
    user, now = user_of(request), timezone.now()
    found, record = load_note(user=user, pk=pk, write=True)
    if body.text is not None:
        found.rewrite(record, text=body.text, by=user, now=now)
    if body.pinned is not None:
        found.put_first(by=user, now=now) if body.pinned else found.put_back()
    return load_note(user=user, pk=pk)[0]


@router.delete("/notes/{int:pk}", response={204: None}, tags=["notes"])
def remove_note(request: HttpRequest, pk: int) -> Status[None]:
    """Take a note of your own off its record."""
    _note(request, pk, write=True).remove(by=user_of(request), now=timezone.now())
    return Status(204, None)


@router.get("/files/{int:pk}", response=FileOut, tags=["files"])
def file(request: HttpRequest, pk: int) -> RecordFile:
    """Return what is known of a file."""
    return _file(request, pk)


@router.get("/files/{int:pk}/content", tags=["files"], openapi_extra=in_files(ANY))
def content(request: HttpRequest, pk: int) -> FileResponse:
    """Give the file itself."""
    return answer_with(_file(request, pk))


@router.delete("/files/{int:pk}", response={204: None}, tags=["files"])
def remove_file(request: HttpRequest, pk: int) -> Status[None]:
    """Take a file off its record."""
    _file(request, pk, write=True).remove(by=user_of(request), now=timezone.now())
    return Status(204, None)


def _note(request: HttpRequest, pk: int, *, write: bool = False) -> Note:
    return load_note(user=user_of(request), pk=pk, write=write)[0]


def _file(request: HttpRequest, pk: int, *, write: bool = False) -> RecordFile:
    return load_file(user=user_of(request), pk=pk, write=write)[0]
