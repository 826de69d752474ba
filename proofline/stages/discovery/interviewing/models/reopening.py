"""Opening a talk again that was closed, or called off, by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models, transaction

from proofline.records.models import User
from proofline.stages.discovery.interviewing.models.carrying import take_back_questions
from proofline.stages.discovery.interviewing.models.interviews import CALLED_OFF, HELD, Interview

if TYPE_CHECKING:
    from datetime import datetime


class NotOverError(Exception):
    """The talk is open already."""


class InterviewReopening(models.Model):
    """That a talk was opened again: by whom and when, and how it had ended."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="reopenings")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    was = models.CharField(max_length=10, choices=[(HELD, HELD), (CALLED_OFF, CALLED_OFF)])
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    back = models.PositiveIntegerField()
    """Questions that it asks again."""
    elsewhere = models.PositiveIntegerField()
    """Questions that a later talk keeps."""

    def __str__(self) -> str:
        return f"{self.interview_id}: {self.at:%Y-%m-%d}"


def reopen(interview: Interview, *, by: User | None, now: datetime) -> InterviewReopening:
    """Open a talk again and record it. Its clock stands where it stopped; what it left to a later talk it asks again, where that has not begun with it.

    Raises:
        NotOverError: it is open.
    """
    with transaction.atomic():
        locked = interview.lock()
        if not locked.is_over:
            raise NotOverError
        was = locked.state
        ended = locked.conclusion if was == HELD else locked.calling_off
        ended.delete()
        taken = take_back_questions(locked)
        done = InterviewReopening.objects.create(
            interview=locked, by=by, at=now, was=was, closed_at=ended.at, closed_by=ended.by, **taken._asdict()
        )
        locked.tell("interview.reopened", by=by, at=now, was=was, closed_at=ended.at.isoformat(), **taken._asdict())
    return done
