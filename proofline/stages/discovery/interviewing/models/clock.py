"""The clock of a talk: it runs in spans, so that a note knows its second however often the talk paused."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.records.models import User

if TYPE_CHECKING:
    from datetime import datetime

LONGEST = 24 * 3600
"""Seconds that a talk may last."""


class OverError(Exception):
    """The talk was held, or called off, so its state no longer changes."""


class Span(models.Model):
    """That the talk ran from one moment to another; it runs while it has no end."""

    interview = models.ForeignKey("discovery.Interview", on_delete=models.CASCADE, related_name="spans")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["interview"], condition=models.Q(ended_at=None), name="interview_runs_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("began_at")), name="span_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%H:%M:%S}–{self.ended_at or ''}"


class Clocked(models.Model):
    """Gives an interview its clock."""

    class Meta:
        abstract = True

    @property
    def ordered_spans(self) -> list[Span]:
        """Its spans from the first to the last; what was loaded before is used."""
        rows: Any = self.spans.all()  # type: ignore[attr-defined]
        return sorted(rows, key=lambda span: (span.began_at, span.pk))

    @property
    def is_running(self) -> bool:
        """Whether the clock runs."""
        return any(span.ended_at is None for span in self.ordered_spans)

    @property
    def began_at(self) -> datetime | None:
        """When the talk began."""
        return next((span.began_at for span in self.ordered_spans), None)

    def seconds(self, *, now: datetime) -> int:
        """Return how long they have talked, without the pauses."""
        total = sum((((span.ended_at or now) - span.began_at) for span in self.ordered_spans), timedelta())
        return min(max(int(total.total_seconds()), 0), LONGEST)

    def start(self, *, by: User | None, now: datetime) -> None:
        """Let the clock run, from the beginning or after a pause; a running one goes on.

        Raises:
            OverError: the talk was held, or called off.
        """
        with transaction.atomic():
            self._require_open()
            if not self.spans.filter(ended_at=None).exists():  # type: ignore[attr-defined]
                self.spans.create(began_at=now, by=by)  # type: ignore[attr-defined]

    def pause(self, *, now: datetime) -> None:
        """Stop the clock; a stopped one stays."""
        with transaction.atomic():
            self.lock()  # type: ignore[attr-defined]
            for span in self.spans.filter(ended_at=None):  # type: ignore[attr-defined]
                span.ended_at = max(now, span.began_at)
                span.save(update_fields=["ended_at"])

    def set_clock(self, seconds: int, *, now: datetime) -> None:
        """Correct the clock by hand, as if the talk had begun earlier or later; the notes move along.

        Raises:
            ValidationError: the talk has not begun, or would have begun after its first pause.
        """
        with transaction.atomic():
            self.lock()  # type: ignore[attr-defined]
            first = self.spans.order_by("began_at", "pk").first()  # type: ignore[attr-defined]
            if first is None:
                raise ValidationError({"clock": _("Start the talk first.")})
            if not 0 <= seconds <= LONGEST:
                raise ValidationError({"clock": _("A talk lasts between nothing and a day.")})
            by = seconds - self.seconds(now=now)
            first.began_at -= timedelta(seconds=by)
            if first.began_at > (first.ended_at or now):
                raise ValidationError({"clock": _("The talk paused before that. Choose a later time.")})
            first.save(update_fields=["began_at"])
            self.notes.all().shift(by=by, now=now)  # type: ignore[attr-defined]

    def _require_open(self) -> None:
        if self.lock().is_over:  # type: ignore[attr-defined]
            raise OverError
