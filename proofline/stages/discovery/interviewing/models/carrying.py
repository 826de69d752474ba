"""Questions that nobody answered go on to the next talk by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.stages.discovery.interviewing.models.interviews import Interview
from proofline.stages.discovery.interviewing.models.questions import GuideQuestion

if TYPE_CHECKING:
    from proofline.stages.discovery.models.studies import Study


def carry_open_questions(study: Study, *, into: Interview | None = None) -> int:
    """Put what earlier talks of the study left open into the next one; return how many questions went on.

    A question goes on once: what stands in the next talk already is not asked twice. Without a next talk they wait for it.
    """
    following = into or Interview.objects.filter(study=study).to_come().order_by("planned_at", "pk").first()
    if following is None:
        return 0
    left = GuideQuestion.objects.left_open(study).exclude(interview=following)
    return GuideQuestion.objects.carry(left, into=following)
