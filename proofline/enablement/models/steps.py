"""The steps of a playbook: records of their own, so that what was ticked holds on to them whatever becomes of their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.enablement.models.playbooks import Playbook, forget
from proofline.kit import formats

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.enablement.kinds import Kind
    from proofline.timeline.traces import Traces


class StepQuerySet(models.QuerySet["Step"]):
    """Steps."""

    def present(self) -> Self:
        """Keep those that are not removed, nor their playbook."""
        return self.filter(removed_at=None, playbook__removed_at=None)

    def for_kind(self, kind: Kind) -> Self:
        """Keep those that stand with records of the kind."""
        mine = models.Q(state="") | models.Q(state__startswith=f"{kind.name}.")
        return self.present().filter(mine, playbook__stage=kind.stage, playbook__kind__in=("", kind.name))

    def forget(self, traces: Traces) -> int:
        """Take somebody who is erased out of the words; return how many steps changed."""
        return forget(self, ("text", "text_zh"), traces)


class Step(models.Model):
    """One thing to do, at any time or while a record is in one state."""

    playbook = models.ForeignKey(Playbook, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(_("what to do"))
    text_zh = models.TextField(_("what to do, in Chinese"), blank=True)
    state = models.CharField(_("applies"), max_length=60, blank=True)
    """The kind of record and the state of it in which the step applies ("deal.won"); "" at any time."""
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a playbook")
        indexes = [models.Index(fields=["playbook", "position", "id"], name="step_in_order")]

    def __str__(self) -> str:
        return self.text_zh if self.text_zh and formats.is_chinese() else self.text

    @property
    def kind(self) -> str:
        """The kind of record whose state it names; "" when it names none."""
        return self.state.partition(".")[0]

    def clean(self) -> None:
        """Take white space off the ends, and refuse a state of records with which the playbook does not stand."""
        self.text, self.text_zh = self.text.strip(), self.text_zh.strip()
        if self.state and self.state not in {
            key for kind in self.playbook.stands_with for key, _label in kind.named_states()
        }:
            raise ValidationError({"state": _("The records of this playbook have no such state.")})

    def edit(self, **values: Any) -> None:
        """Set fields; what was ticked stays ticked.

        Raises:
            ValidationError: a value is not valid; nothing was saved.
        """
        for name, value in values.items():
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=[*values])

    def move(self, *, up: bool) -> None:
        """Change places with the step before, or the one after; at the end it stays."""
        steps = self.playbook.steps_in_order
        place = steps.index(self)
        other = max(place - 1, 0) if up else min(place + 1, len(steps) - 1)
        steps[place], steps[other] = steps[other], steps[place]
        self.playbook.put_in_order(steps)

    def take_away(self, *, now: datetime) -> None:
        """Remove it; who ticked it stays known, and `bring_back` has it again in its place."""
        self.removed_at = now
        self.save(update_fields=["removed_at"])

    def bring_back(self) -> None:
        """Undo `take_away`."""
        self.removed_at = None
        self.save(update_fields=["removed_at"])
