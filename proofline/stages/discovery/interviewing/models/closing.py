"""How a talk ends: it was held, or it was called off. Either way what it left open is asked the next time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.records.models import User
from proofline.stages.discovery.interviewing.models.carrying import carry_open_questions
from proofline.stages.discovery.interviewing.models.clock import OverError
from proofline.stages.discovery.interviewing.models.interviews import Interview
from proofline.stages.discovery.models.needs import Need

if TYPE_CHECKING:
    from datetime import datetime


class Conclusion(models.Model):
    """That a talk was held, with what came of it then."""

    interview = models.OneToOneField(Interview, on_delete=models.CASCADE, related_name="conclusion")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    seconds = models.PositiveIntegerField()
    notes = models.PositiveIntegerField()
    needs = models.PositiveIntegerField()
    questions = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.interview_id}: {self.at:%Y-%m-%d}"


class CallingOff(models.Model):
    """That a talk did not take place, and why."""

    interview = models.OneToOneField(Interview, on_delete=models.CASCADE, related_name="calling_off")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    def __str__(self) -> str:
        return self.reason


def conclude(interview: Interview, *, by: User | None, now: datetime) -> Conclusion:
    """Close a talk that was held: the clock stops, its counts are kept and told, open questions go on to the next talk.

    Raises:
        OverError: it was closed before.
    """
    with transaction.atomic():
        if interview.lock().is_over:
            raise OverError
        interview.pause(now=now)
        interview = interview.lock()
        questions = list(interview.questions.with_state())
        conclusion = Conclusion.objects.create(
            interview=interview,
            by=by,
            at=now,
            seconds=interview.seconds(now=now),
            notes=interview.notes.standing().count(),
            needs=Need.objects.filter(note__interview=interview).count(),
            questions=len(questions),
            answered=sum(question.state == "answered" for question in questions),
        )
        left = sum(question.state == "open" for question in questions)
        carry_open_questions(interview.study)
        interview.tell(
            "interview.held",
            by=by,
            at=now,
            minutes=round(conclusion.seconds / 60),
            people=interview.people.count(),
            open=left,
            **{name: getattr(conclusion, name) for name in ("notes", "needs", "questions", "answered")},
        )
    return conclusion


def call_off(interview: Interview, *, by: User | None, now: datetime, reason: str = "") -> CallingOff:
    """Note that a talk does not take place; what it was to ask goes on to the next one.

    Raises:
        OverError: it was closed before.
        ValidationError: the reason is too long.
    """
    with transaction.atomic():
        if interview.lock().is_over:
            raise OverError
        interview.pause(now=now)
        calling_off = CallingOff(interview=interview, by=by, at=now, reason=reason)
        calling_off.full_clean(exclude=["by"])
        calling_off.save()
        carry_open_questions(interview.study)
        interview.tell("interview.called_off", by=by, at=now, reason=reason)
    return calling_off
