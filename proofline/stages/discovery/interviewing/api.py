"""Interviews through the API: planned, held, their questions, notes, needs and files."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, File, Router, Schema, Status
from ninja.files import UploadedFile  # noqa: TC002 - read when the program runs
from pydantic import AwareDatetime

from proofline.kit.rest import Given, Page, PagingQuery, Words, in_files, page_of
from proofline.records.access import load
from proofline.records.api import linked, user_of
from proofline.records.files import answer_with
from proofline.records.models import Contact, Pain, User
from proofline.records.models.files import ANY
from proofline.stages.discovery.api.studies import NeedOut
from proofline.stages.discovery.interviewing import guides
from proofline.stages.discovery.interviewing.asking import new_key, second_now
from proofline.stages.discovery.models import (
    GuideQuestion,
    Interview,
    InterviewFile,
    InterviewNote,
    Need,
    Reply,
    Save,
    Study,
    call_off,
    conclude,
    plan,
)
from proofline.stages.discovery.questionnaires.content import Aspect

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest

router = Router(tags=["interviews"])
BEGINS = "The second of the talk at which it begins; below 0 when it began before."
SECOND = "Seconds since the talk began, without its pauses."


class InterviewIn(Given):
    title: str = Field("", description="Empty: the names of whom you talk to.")
    planned_at: AwareDatetime | None = None
    place: str = ""
    owner_id: int | None = Field(None, description="Who leads it; empty: who plans it.")
    people: list[int] = Field([], description="Ids of contacts of the customer.")
    team: list[int] = Field([], description="Ids of our people who are there besides.")
    guide: str = Field("", description="Begin with the questions of this guide: see `GET /interview-guides`.")


class InterviewChange(Given):
    title: Words = None
    planned_at: AwareDatetime | None = None
    place: Words = None
    owner_id: int | None = None
    people: list[int] | None = None
    team: list[int] | None = None


class InterviewOut(Schema):
    id: int
    study_id: int
    title: str
    planned_at: datetime
    place: str
    owner_id: int | None
    people: list[int]
    team: list[int]
    state: str = Field(description="planned, running, paused, held or called_off.")
    seconds: int = Field(description="How long they have talked, without pauses.")
    held_at: datetime | None = Field(None, alias="conclusion.at")
    created_at: datetime

    @staticmethod
    def resolve_people(one: Interview) -> list[int]:
        """Return the ids of the customer's people."""
        return sorted(person.pk for person in one.people.all())

    @staticmethod
    def resolve_team(one: Interview) -> list[int]:
        """Return the ids of ours."""
        return sorted(user.pk for user in one.team.all())

    @staticmethod
    def resolve_seconds(one: Interview) -> int:
        """Return how long they have talked."""
        return one.seconds(now=timezone.now())


class CallingOffIn(Given):
    reason: str = ""


class InterviewClockIn(Given):
    seconds: int


class InterviewGuideOut(Schema):
    name: str
    sector: dict[str, str]
    questions: list[dict[str, Any]]


class InterviewQuestionsIn(Given):
    """What is asked: own texts, the questions of a guide, those that a reply to a questionnaire left unanswered."""

    texts: list[str] = []
    aspect: Aspect = Aspect.NONE
    guide: str = ""
    reply_id: int | None = None


class InterviewQuestionOut(Schema):
    id: int
    interview_id: int
    text: str
    aspect: str
    source: str = Field(description="The guide or questionnaire that it was taken from.")
    reply_id: int | None
    carried_from_id: int | None = Field(description="The question of an earlier talk that was left open.")
    state: str = Field(description="open, answered, crossed or carried.")


class CrossingIn(Given):
    reason: str


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


class InterviewFileOut(Schema):
    id: int
    interview_id: int
    kind: str = Field(description="recording or transcript.")
    name: str
    size: int = Field(description="In bytes.")
    offset: int = Field(description=BEGINS)
    at: datetime
    cues: list[list[Any]] = Field(description="Of a transcript: [second in the file or null, speaker, words].")


class InterviewFileChange(Given):
    offset: int | None = Field(None, description=BEGINS)


@router.get("/interview-guides", response=list[InterviewGuideOut])
def interview_guides(request: HttpRequest) -> list[dict[str, Any]]:
    """List the guides that come with the product: situation, pain and goal, by industry."""
    user_of(request)
    return [
        {
            "name": one.slug,
            "sector": one.sector,
            "questions": [{"aspect": aspect, "text": words} for aspect, words in one.questions],
        }
        for one in guides.every()
    ]


@router.get("/interviews", response=Page[InterviewOut])
def interviews(request: HttpRequest, paging: PagingQuery, study_id: int | None = None) -> dict[str, Any]:
    """List the interviews that you may see."""
    rows = _rows().visible_to(user_of(request))
    return page_of(rows if study_id is None else rows.filter(study=study_id), paging)


def _rows() -> Any:
    return Interview.objects.select_related(
        "conclusion", "calling_off", "study__account", "study__owner__team"
    ).prefetch_related("people", "team", "spans")


@router.post("/studies/{int:pk}/interviews", response={201: InterviewOut})
def plan_interview(request: HttpRequest, pk: int, body: InterviewIn) -> Status[Interview]:
    """Plan a talk of a study; what earlier talks left open is asked in it."""
    user = user_of(request)
    study = load(Study.objects.select_related("account"), user=user, pk=pk, write=True)
    values = _people(request, linked(request, body.dict(), owner=User))
    asked = _guide(values.pop("guide"), study)
    made = plan(study, by=user, now=timezone.now(), **values)
    GuideQuestion.objects.ask(made, asked)
    return Status(201, made)


def _people(request: HttpRequest, values: dict[str, Any]) -> dict[str, Any]:
    for name, rows in (("people", Contact.objects.visible_to(user_of(request))), ("team", User.objects.all())):
        asked = set(values.get(name) or ())
        if values.get(name) is None:
            values.pop(name, None)
            continue
        values[name] = list(rows.filter(pk__in=asked))
        if len(values[name]) < len(asked):
            raise ValidationError({name: _("There is no such record that you may see.")})
    return values


def _guide(name: str, study: Study) -> list[GuideQuestion]:
    guide = guides.named(name)
    if name and guide is None:
        raise ValidationError({"guide": _("There is no such guide.")})
    return guide.asked(study.account.language or "en") if guide else []


@router.get("/interviews/{int:pk}", response=InterviewOut)
def interview(request: HttpRequest, pk: int) -> Any:
    """Return an interview."""
    return load(_rows(), user=user_of(request), pk=pk)


@router.patch("/interviews/{int:pk}", response=InterviewOut)
def change_interview(request: HttpRequest, pk: int, body: InterviewChange) -> Any:
    """Change the fields that are given."""
    found = _load(request, pk)
    values = _people(request, linked(request, body.dict(exclude_unset=True), owner=User))
    found.change(by=user_of(request), now=timezone.now(), **values)
    return load(_rows(), user=user_of(request), pk=pk)


def _load(request: HttpRequest, pk: int) -> Interview:
    rows = Interview.objects.select_related("study__account", "study__owner__team")
    found: Interview = load(rows, user=user_of(request), pk=pk, write=True)
    return found


@router.post("/interviews/{int:pk}/start", response=InterviewOut)
def start_interview(request: HttpRequest, pk: int) -> Any:
    """Let the clock of a talk run, from the beginning or after a pause."""
    _load(request, pk).start(by=user_of(request), now=timezone.now())
    return load(_rows(), user=user_of(request), pk=pk)


@router.post("/interviews/{int:pk}/pause", response=InterviewOut)
def pause_interview(request: HttpRequest, pk: int) -> Any:
    """Stop the clock of a talk for a while."""
    _load(request, pk).pause(now=timezone.now())
    return load(_rows(), user=user_of(request), pk=pk)


@router.post("/interviews/{int:pk}/clock", response=InterviewOut)
def correct_interview_clock(request: HttpRequest, pk: int, body: InterviewClockIn) -> Any:
    """Correct the clock of a talk, as if it had begun earlier or later; the notes move along."""
    _load(request, pk).set_clock(body.seconds, now=timezone.now())
    return load(_rows(), user=user_of(request), pk=pk)


@router.post("/interviews/{int:pk}/conclusion", response=InterviewOut)
def conclude_interview(request: HttpRequest, pk: int) -> Any:
    """Close a talk that was held; questions that nobody answered go on to the next one."""
    conclude(_load(request, pk), by=user_of(request), now=timezone.now())
    return load(_rows(), user=user_of(request), pk=pk)


@router.post("/interviews/{int:pk}/calling-off", response=InterviewOut)
def call_interview_off(request: HttpRequest, pk: int, body: CallingOffIn) -> Any:
    """Note that a talk does not take place."""
    call_off(_load(request, pk), by=user_of(request), now=timezone.now(), reason=body.reason)
    return load(_rows(), user=user_of(request), pk=pk)


@router.get("/interviews/{int:pk}/questions", response=list[InterviewQuestionOut])
def interview_questions(request: HttpRequest, pk: int) -> Any:
    """Return the guide of a talk in its order."""
    return load(Interview, user=user_of(request), pk=pk).questions.with_state()


@router.post("/interviews/{int:pk}/questions", response={201: list[InterviewQuestionOut]})
def ask_questions(request: HttpRequest, pk: int, body: InterviewQuestionsIn) -> Status[Any]:
    """Add questions; those that stand in the guide in the same words are left out. Returns the new ones."""
    found = _load(request, pk)
    asked = [GuideQuestion(text=text, aspect=body.aspect) for text in body.texts]
    asked += _guide(body.guide, found.study)
    reply = linked(request, {"reply_id": body.reply_id}, reply=Reply)["reply"]
    if reply is not None and reply.study_id != found.study_id:
        raise ValidationError({"reply_id": _("These answers belong to another discovery.")})
    asked += guides.left_open(reply) if reply else []
    made = [question.pk for question in GuideQuestion.objects.ask(found, asked)]
    return Status(201, found.questions.filter(pk__in=made).with_state())


@router.delete("/interview-questions/{int:pk}", response={204: None})
def drop_question(request: HttpRequest, pk: int) -> Status[None]:
    """Take a question out of the guide; one that an earlier talk left open is crossed off instead."""
    load(GuideQuestion, user=user_of(request), pk=pk, write=True).remove()
    return Status(204, None)


@router.post("/interview-questions/{int:pk}/crossing", response=InterviewQuestionOut)
def cross_question_off(request: HttpRequest, pk: int, body: CrossingIn) -> Any:
    """Note why a question need not be asked; it is not carried on."""
    user = user_of(request)
    load(GuideQuestion, user=user, pk=pk, write=True).cross_off(by=user, now=timezone.now(), reason=body.reason)
    return GuideQuestion.objects.with_state().get(pk=pk)


@router.delete("/interview-questions/{int:pk}/crossing", response={204: None})
def ask_question_after_all(request: HttpRequest, pk: int) -> Status[None]:
    """Ask a question after all that was crossed off."""
    load(GuideQuestion, user=user_of(request), pk=pk, write=True).put_back()
    return Status(204, None)


@router.get("/interviews/{int:pk}/notes", response=Page[InterviewNoteOut])
def interview_notes(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
    """List the notes of a talk, the newest first."""
    found = load(Interview, user=user_of(request), pk=pk)
    return page_of(found.notes.standing().prefetch_related("needs"), paging)


@router.post("/interviews/{int:pk}/notes", response={201: InterviewNoteOut})
def add_interview_note(request: HttpRequest, pk: int, body: InterviewNoteIn) -> Status[InterviewNote]:
    """Note what was said."""
    found, now = _load(request, pk), timezone.now()
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


@router.get("/interviews/{int:pk}/files", response=Page[InterviewFileOut])
def interview_files(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
    """List the recordings and transcripts of a talk."""
    return page_of(InterviewFile.objects.filter(interview=load(Interview, user=user_of(request), pk=pk)), paging)


@router.post("/interviews/{int:pk}/files", response={201: InterviewFileOut})
def attach_interview_file(
    request: HttpRequest, pk: int, file: Annotated[UploadedFile | None, File()] = None
) -> Status[InterviewFile]:
    """Attach a recording (mp3, m4a, aac, wav, ogg, opus, webm, mp4) or a transcript (vtt, srt, txt)."""
    found = _load(request, pk)
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
