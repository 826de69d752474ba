"""What all replies to a questionnaire say together, through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import translation
from ninja import Field, Router, Schema

from proofline.records.access import load
from proofline.records.api import user_of
from proofline.stages.discovery.models import Questionnaire
from proofline.stages.discovery.questionnaires.api.replies import replies_seen
from proofline.stages.discovery.questionnaires.results import LOOKED_AT, results

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["questionnaires"])


class QuestionResultOut(Schema):
    question: str
    text: str
    condition: str = Field(description="When it is asked, in words; empty for always.")
    answers: int
    headline: str
    counts: list[dict[str, Any]]


class QuestionnaireResultsOut(Schema):
    submitted: int = Field(description=f"How many are counted: at most the newest {LOOKED_AT}.")
    questions: list[QuestionResultOut]


@router.get("/questionnaires/{int:pk}/results", response=QuestionnaireResultsOut)
def questionnaire_results(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return what the replies that you may see say together, question by question."""
    user = user_of(request)
    found = load(Questionnaire, user=user, pk=pk)
    content = found.newest.content if found.newest else found.content
    rows = replies_seen().visible_to(user).filter(link__questionnaire=found, submission__isnull=False)
    replies = list(rows.prefetch_related("answers").order_by("-submission__at")[:LOOKED_AT])
    told = results(content, replies, language=translation.get_language() or "en")
    return {
        "submitted": len(replies),
        "questions": [
            {
                "question": one.question.key,
                "text": one.text,
                "condition": one.condition,
                "answers": one.answers,
                "headline": one.headline,
                "counts": [{"label": bar.label, "count": bar.count} for bar in one.bars],
            }
            for one in told
        ],
    }
