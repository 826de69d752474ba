"""What was answered, through the API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, in_files, page_of
from proofline.records.access import load
from proofline.records.api import linked, user_of
from proofline.records.files import answer_with
from proofline.records.models.files import ANY
from proofline.stages.discovery.api.studies import NeedOut
from proofline.stages.discovery.models import Answer, AnswerFile, Need, Reply, Study
from proofline.stages.discovery.questionnaires.submitting import apply_rules, note_need

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["questionnaires"])


class QuestionnaireReplyOut(Schema):
    id: int
    questionnaire_id: int = Field(alias="version.questionnaire_id")
    version: int = Field(alias="version.number")
    link_id: int
    study_id: int | None
    contact_id: int | None
    name: str
    email: str
    language: str
    begun_at: datetime
    changed_at: datetime
    submitted_at: datetime | None
    score: int | None

    @staticmethod
    def resolve_submitted_at(reply: Reply) -> datetime | None:
        """Return when it was handed in."""
        return reply.submission.at if reply.is_submitted else None

    @staticmethod
    def resolve_score(reply: Reply) -> int | None:
        """Return the points when it was handed in."""
        return reply.submission.score if reply.is_submitted else None


class QuestionnaireAnswerOut(Schema):
    id: int
    question: str
    value: Any
    text: str = Field(description="The answer in words.")
    asked: bool = Field(description="Whether the question is asked, given the other answers.")
    file_id: int | None


class QuestionnaireReplyWhole(QuestionnaireReplyOut):
    answers: list[QuestionnaireAnswerOut]

    @staticmethod
    def resolve_answers(reply: Reply) -> list[dict[str, Any]]:
        """Return the answers."""
        asked, files = reply.asked, {kept.question: kept.pk for kept in reply.files.all()}
        return [
            {
                "id": one.pk,
                "question": key,
                "value": one.value,
                "text": one.text,
                "asked": key in asked,
                "file_id": files.get(key),
            }
            for key, one in reply.rows.items()
        ]


class QuestionnaireReplyPlaceIn(Given):
    study_id: int


@router.get("/replies", response=Page[QuestionnaireReplyOut])
def replies(
    request: HttpRequest, paging: PagingQuery, study_id: int | None = None, questionnaire_id: int | None = None
) -> dict[str, Any]:
    """List the answered questionnaires that you may see."""
    given = {"study_id": study_id, "version__questionnaire_id": questionnaire_id}
    asked = {name: value for name, value in given.items() if value is not None}
    return page_of(replies_seen().visible_to(user_of(request)).filter(**asked), paging)


def replies_seen() -> Any:
    """Return the replies with what is told of them."""
    return Reply.objects.select_related("version", "submission", "link", "study", "contact")


@router.get("/replies/{int:pk}", response=QuestionnaireReplyWhole)
def reply(request: HttpRequest, pk: int) -> Any:
    """Return what one person answered."""
    return load(replies_seen().prefetch_related("answers", "files"), user=user_of(request), pk=pk)


@router.post("/replies/{int:pk}/study", response=QuestionnaireReplyWhole)
def place_reply(request: HttpRequest, pk: int, body: QuestionnaireReplyPlaceIn) -> Any:
    """Let a reply that came by a public link belong to a study; what its options mean becomes needs there."""
    user = user_of(request)
    found = load(replies_seen(), user=user, pk=pk, write=True)
    found.place(linked(request, body.dict(), study=Study)["study"])
    if found.is_submitted:
        apply_rules(found, by=user, now=timezone.now())
    return found


@router.post("/replies/{int:pk}/needs", response={201: list[NeedOut]})
def note_needs(request: HttpRequest, pk: int) -> Status[list[Need]]:
    """Note the needs that the chosen options mean; those that were noted before are not noted again."""
    user = user_of(request)
    found = load(replies_seen(), user=user, pk=pk, write=True)
    return Status(201, apply_rules(found, by=user, now=timezone.now()))


@router.post("/answers/{int:pk}/need", response={201: NeedOut})
def answer_need(request: HttpRequest, pk: int) -> Status[Need]:
    """Make an answer a need, in its own words; the one that was made of it before is returned."""
    user = user_of(request)
    found = Answer.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    found.reply = load(replies_seen(), user=user, pk=found.reply_id, write=True)
    return Status(201, note_need(found, by=user, now=timezone.now())[0])


@router.get("/answer-files/{int:pk}/content", openapi_extra=in_files(ANY))
def answer_file(request: HttpRequest, pk: int) -> FileResponse:
    """Give a file that somebody answered with."""
    found = AnswerFile.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    load(Reply, user=user_of(request), pk=found.reply_id)
    return answer_with(found)
