"""Recordings and transcripts of a talk through the API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, File, Router, Schema, Status
from ninja.files import UploadedFile  # noqa: TC002 - read when the program runs

from proofline.kit.rest import Given, Page, PagingQuery, in_files, page_of
from proofline.records.access import load
from proofline.records.api import user_of
from proofline.records.files import answer_with
from proofline.records.models.files import ANY
from proofline.stages.discovery.interviewing.api.interviews import load_interview
from proofline.stages.discovery.models import (
    Interview,
    InterviewFile,
)

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest

router = Router(tags=["interviews"])
BEGINS = "The second of the talk at which it begins; below 0 when it began before."


class InterviewFileOut(Schema):
    id: int
    interview_id: int
    kind: str = Field(description="recording or transcript.")
    name: str
    size: int = Field(description="In bytes.")
    offset: int = Field(description=BEGINS)
    at: datetime
    has_erased_voice: bool = Field(
        description="Of a recording: somebody who was in the talk has been erased; decide whether it is deleted."
    )
    cues: list[list[Any]] = Field(description="Of a transcript: [second in the file or null, speaker, words].")


class InterviewFileChange(Given):
    offset: int | None = Field(None, description=BEGINS)


@router.get("/interviews/{int:pk}/files", response=Page[InterviewFileOut])
def interview_files(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
    """List the recordings and transcripts of a talk."""
    files = InterviewFile.objects.filter(interview=load(Interview, user=user_of(request), pk=pk))
    return page_of(files.prefetch_related("erased_voices"), paging)


@router.post("/interviews/{int:pk}/files", response={201: InterviewFileOut})
def attach_interview_file(
    request: HttpRequest, pk: int, file: Annotated[UploadedFile | None, File()] = None
) -> Status[InterviewFile]:
    """Attach a recording (mp3, m4a, aac, wav, ogg, opus, webm, mp4) or a transcript (vtt, srt, txt)."""
    found = load_interview(request, pk)
    if file is None:
        raise ValidationError({"file": _("Choose a file.")})
    return Status(201, InterviewFile.objects.attach(found, file, by=user_of(request), now=timezone.now()))


@router.patch("/interview-files/{int:pk}", response=InterviewFileOut)
def move_interview_file(request: HttpRequest, pk: int, body: InterviewFileChange) -> InterviewFile:
    """Say at which second of the talk it begins."""
    found = load(InterviewFile, user=user_of(request), pk=pk, write=True)
    if body.offset is not None:
        found.move(body.offset)
    return found


@router.delete("/interview-files/{int:pk}", response={204: None})
def remove_interview_file(request: HttpRequest, pk: int) -> Status[None]:
    """Delete a recording or a transcript for good."""
    load(InterviewFile, user=user_of(request), pk=pk, write=True).remove()
    return Status(204, None)


@router.get("/interview-files/{int:pk}/content", openapi_extra=in_files(ANY))
def interview_file(request: HttpRequest, pk: int) -> FileResponse:
    """Give a recording or a transcript."""
    return answer_with(load(InterviewFile, user=user_of(request), pk=pk))
