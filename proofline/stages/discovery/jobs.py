"""What the room does outside of requests."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from proofline.kit.jobs import job
from proofline.stages.discovery.admitting.mailing import mail_code
from proofline.stages.discovery.models import AnswerFile, InterviewFile, Proposal

KEPT = timedelta(days=31)
"""A customer who was removed can be put back for thirty days, with the files that they answered with and the recordings of talks."""


@job
def sweep_answer_files() -> None:
    """Delete files of answers that no reply knows any more."""
    AnswerFile.sweep(before=timezone.now() - KEPT)


@job
def sweep_interview_files() -> None:
    """Delete recordings and transcripts that no interview knows any more."""
    InterviewFile.objects.all().sweep(before=timezone.now() - KEPT)


@job
def send_access_code(*, proposal_id: int, email: str) -> None:
    """Send a code to who asked to read a proposal, if they may. A second run sends another, and the newest counts."""
    proposal = Proposal.objects.filter(pk=proposal_id).first()
    if proposal is not None:
        mail_code(proposal, email=email, now=timezone.now())
