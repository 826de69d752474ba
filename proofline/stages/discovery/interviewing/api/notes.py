"""Notes of a talk through the API, and the needs that come of them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import load
from proofline.records.api import linked, user_of
from proofline.records.models import Contact, Pain
from proofline.stages.discovery.api.studies import NeedOut
from proofline.stages.discovery.interviewing.api.interviews import load_interview
from proofline.stages.discovery.interviewing.asking import new_key, second_now
from proofline.stages.discovery.models import (
    GuideQuestion,
    Interview,
    InterviewNote,
    Need,
    Save,
)

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["interviews"])
SECOND = "Seconds since the talk began, without its pauses."


class InterviewNoteIn(Given):
    text: str
    second: int | None = Field(None, ge=0, description=SECOND + " Empty: now, while the talk runs.")
    question_id: int | None = None
    contact_id: int | None = None
    needs: list[int] = Field([], description="Ids of needs of the study that it speaks of.")


class InterviewNoteChange(Given):
    text: Words = None
    version: int | None = Field(None, description="The version that was read; needed to change the text.")
    second: int | None = Field(None, ge=0, description=SECOND)
    question_id: int | None = None
    contact_id: int | None = None
    needs: list[int] | None = None


class InterviewNoteOut(Schema):
    id: int
    interview_id: int
    text: str
    version: int
    second: int | None = Field(description=SECOND)
    question_id: int | None
    contact_id: int | None
    by_id: int | None
    needs: list[int]
    at: datetime
    changed_at: datetime

    @staticmethod
    def resolve_needs(note: InterviewNote) -> list[int]:
        """Return the ids of the needs that it speaks of."""
        return sorted(need.pk for need in note.needs.all())


class NoteNeedIn(Given):
    """With `because_of_id` it is the why below that need."""

    because_of_id: int | None = None
    pain_id: int | None = None
    loss: str = ""
    loss_amount: Decimal | None = None
    loss_currency: str = ""


@router.get("/interviews/{int:pk}/notes", response=Page[InterviewNoteOut])
def interview_notes(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
    """List the notes of a talk, the newest first."""
    found = load(Interview, user=user_of(request), pk=pk)
    return page_of(found.notes.standing().prefetch_related("needs"), paging)


@router.post("/interviews/{int:pk}/notes", response={201: InterviewNoteOut})
def add_interview_note(request: HttpRequest, pk: int, body: InterviewNoteIn) -> Status[InterviewNote]:
    """Note what was said."""
    found, now = load_interview(request, pk), timezone.now()
    values = linked(request, body.dict(exclude={"text"}), question=GuideQuestion, contact=Contact)
    needs = _needs(values.pop("needs"), found.study_id)
    if not body.text.strip():
        raise ValidationError({"text": _("Write what was said.")})
    if values["second"] is None:
        values["second"] = second_now(found, now=now)
    user = user_of(request)
    note = InterviewNote.objects.write(found, Save(body.text.strip()), key=new_key(), by=user, now=now, **values)
    note.needs.set(needs)
    return Status(201, note)


def _needs(asked: list[int], study: int) -> list[Need]:
    found = list(Need.objects.filter(study=study, pk__in=asked))
    if len(found) < len(set(asked)):
        raise ValidationError({"needs": _("That need belongs to another customer.")})
    return found


@router.patch("/interview-notes/{int:pk}", response=InterviewNoteOut)
def change_interview_note(request: HttpRequest, pk: int, body: InterviewNoteChange) -> InterviewNote:
    """Change the fields that are given. A text is refused with 409 when somebody else wrote since the version that was read."""
    user, now = user_of(request), timezone.now()
    note = _note(request, pk)
    values = linked(request, body.dict(exclude_unset=True), question=GuideQuestion, contact=Contact)
    version, text = values.pop("version", None), values.pop("text", None)
    if "needs" in values:
        values["needs"] = _needs(values["needs"] or [], note.interview.study_id)
    if text is not None and version is None:
        raise ValidationError({"version": _("Give the version that was read, so that nothing is overwritten unseen.")})
    if text is not None:
        note = InterviewNote.objects.write(
            note.interview, Save(text.strip(), base=version or 0), key=note.key, by=user, now=now
        )
    note.correct(by=user, now=now, **values)
    return note


def _note(request: HttpRequest, pk: int) -> InterviewNote:
    rows = InterviewNote.objects.select_related("interview__study__account")
    found: InterviewNote = load(rows, user=user_of(request), pk=pk, write=True)
    return found


@router.delete("/interview-notes/{int:pk}", response={204: None})
def remove_interview_note(request: HttpRequest, pk: int) -> Status[None]:
    """Take a note away."""
    _note(request, pk).remove(by=user_of(request), now=timezone.now())
    return Status(204, None)


@router.post("/interview-notes/{int:pk}/need", response={201: NeedOut})
def make_note_a_need(request: HttpRequest, pk: int, body: NoteNeedIn) -> Status[Need]:
    """Make a note a need in its own words, or the why below another need; the one that was made of it before is returned."""
    note = _note(request, pk)
    values = linked(request, body.dict(exclude_unset=True), because_of=Need, pain=Pain)
    kind = Need.Kind.DEEP if values.get("because_of") else Need.Kind.SURFACE
    need, _is_new = note.become_need(by=user_of(request), now=timezone.now(), kind=kind, **values)
    return Status(201, need)
