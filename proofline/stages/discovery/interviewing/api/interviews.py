"""Interviews through the API: planned, held, called off, their clock, and the guides that come with the product."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import load
from proofline.records.api import linked, user_of
from proofline.records.models import Contact, User
from proofline.stages.discovery.interviewing import guides
from proofline.stages.discovery.interviewing.models.interviews import LONGEST, SHORTEST, USUAL
from proofline.stages.discovery.models import (
    GuideQuestion,
    Interview,
    InterviewReopening,
    Study,
    call_off,
    conclude,
    plan,
    reopen,
)

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["interviews"])
MINUTES = f"How long it is planned to take, in minutes: {SHORTEST} to {LONGEST}."


class InterviewIn(Given):
    title: str = Field("", description="Empty: the names of whom you talk to.")
    planned_at: AwareDatetime | None = None
    minutes: int = Field(USUAL, description=MINUTES)
    place: str = ""
    owner_id: int | None = Field(None, description="Who leads it; empty: who plans it.")
    people: list[int] = Field([], description="Ids of contacts of the customer.")
    team: list[int] = Field([], description="Ids of our people who are there besides.")
    guide: str = Field("", description="Begin with the questions of this guide: see `GET /interview-guides`.")


class InterviewChange(Given):
    title: Words = None
    planned_at: AwareDatetime | None = None
    minutes: int = Field(USUAL, description=MINUTES)
    place: Words = None
    owner_id: int | None = None
    people: list[int] | None = None
    team: list[int] | None = None


class InterviewReopeningOut(Schema):
    at: datetime
    by_id: int | None
    was: str = Field(description="held or called_off.")
    closed_at: datetime
    closed_by_id: int | None
    back: int = Field(description="Questions that it asks again.")
    elsewhere: int = Field(description="Questions that a later talk keeps, because it has begun with them.")


class InterviewOut(Schema):
    id: int
    study_id: int
    title: str
    planned_at: datetime
    minutes: int = Field(description=MINUTES)
    place: str
    owner_id: int | None
    people: list[int]
    team: list[int]
    state: str = Field(description="planned, running, paused, held or called_off.")
    seconds: int = Field(description="How long they have talked, without pauses.")
    held_at: datetime | None = Field(None, alias="conclusion.at")
    reopenings: list[InterviewReopeningOut] = Field(description="Each time that it was opened again after its end.")
    created_at: datetime

    @staticmethod
    def resolve_reopenings(one: Interview) -> list[InterviewReopening]:
        """Return them from the first to the last."""
        return sorted(one.reopenings.all(), key=lambda reopening: reopening.pk)

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
    ).prefetch_related("people", "team", "spans", "reopenings")


@router.post("/studies/{int:pk}/interviews", response={201: InterviewOut})
def plan_interview(request: HttpRequest, pk: int, body: InterviewIn) -> Status[Interview]:
    """Plan a talk of a study; what earlier talks left open is asked in it."""
    user = user_of(request)
    study = load(Study.objects.select_related("account"), user=user, pk=pk, write=True)
    values = _people(request, linked(request, body.dict(), owner=User))
    asked = of_guide(values.pop("guide"), study)
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


def of_guide(name: str, study: Study) -> list[GuideQuestion]:
    """Return the questions of a guide in the language of the study's customer; none without a name.

    Raises:
        ValidationError: there is no such guide.
    """
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
    found = load_interview(request, pk)
    values = _people(request, linked(request, body.dict(exclude_unset=True), owner=User))
    found.change(by=user_of(request), now=timezone.now(), **values)
    return load(_rows(), user=user_of(request), pk=pk)


def load_interview(request: HttpRequest, pk: int) -> Interview:
    """Load a talk to write in it.

    Raises:
        Http404: there is none that the user may see.
        PermissionDenied: the role does not allow it.
    """
    rows = Interview.objects.select_related("study__account", "study__owner__team")
    found: Interview = load(rows, user=user_of(request), pk=pk, write=True)
    return found


@router.post("/interviews/{int:pk}/start", response=InterviewOut)
def start_interview(request: HttpRequest, pk: int) -> Any:
    """Let the clock of a talk run, from the beginning or after a pause."""
    load_interview(request, pk).start(by=user_of(request), now=timezone.now())
    return load(_rows(), user=user_of(request), pk=pk)


@router.post("/interviews/{int:pk}/pause", response=InterviewOut)
def pause_interview(request: HttpRequest, pk: int) -> Any:
    """Stop the clock of a talk for a while."""
    load_interview(request, pk).pause(now=timezone.now())
    return load(_rows(), user=user_of(request), pk=pk)


@router.post("/interviews/{int:pk}/clock", response=InterviewOut)
def correct_interview_clock(request: HttpRequest, pk: int, body: InterviewClockIn) -> Any:
    """Correct the clock of a talk, as if it had begun earlier or later; the notes move along."""
    load_interview(request, pk).set_clock(body.seconds, now=timezone.now())
    return load(_rows(), user=user_of(request), pk=pk)


@router.post("/interviews/{int:pk}/conclusion", response=InterviewOut)
def conclude_interview(request: HttpRequest, pk: int) -> Any:
    """Close a talk that was held; questions that nobody answered go on to the next one."""
    conclude(load_interview(request, pk), by=user_of(request), now=timezone.now())
    return load(_rows(), user=user_of(request), pk=pk)


@router.post("/interviews/{int:pk}/calling-off", response=InterviewOut)
def call_interview_off(request: HttpRequest, pk: int, body: CallingOffIn) -> Any:
    """Note that a talk does not take place."""
    call_off(load_interview(request, pk), by=user_of(request), now=timezone.now(), reason=body.reason)
    return load(_rows(), user=user_of(request), pk=pk)


@router.post("/interviews/{int:pk}/reopening", response=InterviewOut)
def reopen_interview(request: HttpRequest, pk: int) -> Any:
    """Open a talk again that was closed, or called off, by mistake; what it left to a later talk that has not begun with it, it asks again."""
    reopen(load_interview(request, pk), by=user_of(request), now=timezone.now())
    return load(_rows(), user=user_of(request), pk=pk)
