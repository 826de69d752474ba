"""Questions that nobody answered go on to the next talk by themselves, and come back to a talk that is open again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from proofline.stages.discovery.interviewing.models.interviews import HELD, Interview
from proofline.stages.discovery.interviewing.models.questions import GuideQuestion

if TYPE_CHECKING:
    from proofline.stages.discovery.models.studies import Study


def carry_open_questions(study: Study, *, into: Interview | None = None) -> int:
    """Put what earlier talks of the study left open into the next one; return how many questions went on.

    A question goes on once: what stands in the next talk already is not asked twice. Without a next talk they wait for it;
    one that was held and is open again is no next talk.
    """
    following = into or _next_talk(study)
    if following is None:
        return 0
    left = GuideQuestion.objects.left_open(study).exclude(interview=following)
    return GuideQuestion.objects.carry(left, into=following)


def _next_talk(study: Study) -> Interview | None:
    to_come = Interview.objects.filter(study=study).to_come().exclude(reopenings__was=HELD)
    found: Interview | None = to_come.order_by("planned_at", "pk").first()
    return found


class TakenBack(NamedTuple):
    """How many questions came back, and how many stay with the later talk that began with them."""

    back: int
    elsewhere: int


def take_back_questions(interview: Interview) -> TakenBack:
    """Ask again in a talk that is open again what it had left to a later one.

    A later talk that has begun, or in which something was noted to the question or it was crossed off, keeps it: it is not asked twice.
    """
    carried = GuideQuestion.objects.filter(carried_from__interview=interview)
    for talk in Interview.objects.filter(questions__in=carried).order_by("pk").distinct():
        talk.lock()
    free = list(carried.untouched())
    for question in free:
        question.let_go()
    return TakenBack(len(free), carried.count())
