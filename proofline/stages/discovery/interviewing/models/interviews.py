"""Interviews: one talk with people of one customer, planned, then held or called off."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.kit.addresses import record_address
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Contact, User
from proofline.records.models.changing import Changeable
from proofline.stages.discovery.interviewing.models.clock import Clocked
from proofline.stages.discovery.models.studies import Study

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from proofline.timeline.traces import Traces

LONGEST_TITLE = 200
SHORTEST, USUAL, LONGEST = 5, 30, 480
"""Minutes that a talk is planned for: at least, unless told otherwise, and at most."""
PLANNED, RUNNING, PAUSED, HELD, CALLED_OFF = "planned", "running", "paused", "held", "called_off"

FORGETTING = {
    "Interview": ("title", "place"),
    "GuideQuestion": ("text",),
    "Crossing": ("reason",),
    "CallingOff": ("reason",),
    "InterviewNote": ("text",),
    "InterviewFile": ("name", "cues"),
}
"""In which texts somebody who is erased may stand, by model. A recording itself goes, or is told of (`voices.py`)."""


def _redacted(value: Any, traces: Traces) -> Any:
    """Return a text, or the cues of a transcript, without the person; the seconds of cues are no keys of anybody."""
    if isinstance(value, list):
        return [[second, traces.redacted(who), traces.redacted(words)] for second, who, words in value]
    return traces.redacted(value)


class InterviewQuerySet(VisibleQuerySet):
    """Interviews."""

    def forget(self, traces: Traces) -> int:
        """Take somebody who is erased out of what talks are called, asked, noted and transcribed; return how many rows changed."""
        forgotten = 0
        for model, fields in FORGETTING.items():
            rows = apps.get_model("discovery", model)._default_manager.all()  # noqa: SLF001 - Django's documented model API
            for row in rows.filter(traces.may_stand_in(*fields)).iterator(chunk_size=500):
                left = {name: _redacted(getattr(row, name), traces) for name in fields}
                if any(left[name] != getattr(row, name) for name in fields):
                    forgotten += rows.filter(pk=row.pk).update(**left)
        return forgotten

    def to_come(self) -> Self:
        """Keep what is neither held nor called off."""
        return self.filter(conclusion=None, calling_off=None)


class Interview(Clocked, Visible, Changeable):
    """A talk with people of a customer. Its guide, notes, needs and files hang on it."""

    write_area = "discovery"
    owner_paths = ("owner", "study__owner", "study__account__owner")

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="interviews")
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    planned_at = models.DateTimeField(_("planned for"))
    minutes = models.PositiveSmallIntegerField(
        _("planned length in minutes"),
        default=USUAL,
        validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)],
    )
    place = models.CharField(
        _("where"), max_length=300, blank=True, help_text=_("A room, a phone number, or the link of a video call.")
    )
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("led by")
    )
    people = models.ManyToManyField(Contact, related_name="+", blank=True, verbose_name=_("people of the customer"))
    team = models.ManyToManyField(User, related_name="+", blank=True, verbose_name=_("our people besides"))
    created_at = models.DateTimeField(_("created on"))

    objects = InterviewQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["study", "-id"], name="interview_study"),
            models.Index(fields=["owner", "planned_at"], name="interview_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=SHORTEST, minutes__lte=LONGEST), name="interview_planned_length"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the talk's page."""
        return record_address("discovery:interview", self.pk)

    def check_people(self, people: Iterable[Contact]) -> None:
        """Refuse people of another customer.

        Raises:
            ValidationError: one is.
        """
        if any(person.account_id not in {None, self.study.account_id} for person in people):
            raise ValidationError({"people": _("This contact belongs to another account.")})

    def change(self, *, by: User | None, now: datetime, **values: Any) -> dict[str, tuple[Any, Any]]:
        """Set fields and record it.

        Raises:
            ValidationError: a value is not valid, or a person is another customer's.
        """
        self.check_people(values.get("people", ()))
        return super().change(by=by, now=now, **values)

    @property
    def length(self) -> timedelta:
        """How long it is planned to take."""
        return timedelta(minutes=self.minutes)

    @property
    def state(self) -> str:
        """Whether it is planned, running, paused, held or called off."""
        if hasattr(self, "conclusion"):
            return HELD
        if hasattr(self, "calling_off"):
            return CALLED_OFF
        if self.is_running:
            return RUNNING
        return PAUSED if self.began_at else PLANNED

    @property
    def is_over(self) -> bool:
        """Whether it was held, or called off."""
        return self.state in {HELD, CALLED_OFF}

    def lock(self) -> Interview:
        """Return it as it is now; others who change its state wait until the transaction ends."""
        locked: Interview = Interview.objects.select_for_update().get(pk=self.pk)
        return locked

    def tell(self, fact: str, *, by: User | None, at: datetime, **properties: Any) -> None:
        """Record a fact of this talk on the timeline, with the slices of its study."""
        person = self.people.order_by("pk").first()
        self.study.tell(
            fact,
            by=by,
            at=at,
            subject=("interview", self.pk),
            contact=person.pk if person else None,
            interview=self.title,
            interview_id=self.pk,
            **properties,
        )

    def tell_change(self, *, by: User | None, now: datetime, fields: list[str]) -> None:
        """Record `interview.changed`."""
        self.tell("interview.changed", by=by, at=now, fields=fields)
