"""The guide of a talk through the API: questions asked, crossed off, taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given
from proofline.records.access import load
from proofline.records.api import linked, user_of
from proofline.stages.discovery.interviewing import guides
from proofline.stages.discovery.interviewing.api.interviews import load_interview, of_guide
from proofline.stages.discovery.models import (
    GuideQuestion,
    Interview,
    Reply,
)
from proofline.stages.discovery.questionnaires.content import Aspect

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["interviews"])


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


@router.get("/interviews/{int:pk}/questions", response=list[InterviewQuestionOut])
def interview_questions(request: HttpRequest, pk: int) -> Any:
    """Return the guide of a talk in its order."""
    return load(Interview, user=user_of(request), pk=pk).questions.with_state()


@router.post("/interviews/{int:pk}/questions", response={201: list[InterviewQuestionOut]})
def ask_questions(request: HttpRequest, pk: int, body: InterviewQuestionsIn) -> Status[Any]:
    """Add questions; those that stand in the guide in the same words are left out. Returns the new ones."""
    found = load_interview(request, pk)
    asked = [GuideQuestion(text=text, aspect=body.aspect) for text in body.texts]
    asked += of_guide(body.guide, found.study)
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
