"""Work of the room that runs in the background."""

from __future__ import annotations

from proofline.kit.jobs import job
from proofline.stages.reach.models import Lead, ScoreRule


@job
def rescore_waiting() -> None:
    """Score every waiting lead by the rules as they are now."""
    rules = list(ScoreRule.objects.all())
    for lead in Lead.objects.waiting().iterator(chunk_size=500):
        lead.rescore(rules)
