"""Playbooks: what to do at a stage of the sale, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proofline.enablement import kinds
from proofline.kit import formats
from proofline.records.models.catalogue import LibraryItem, LibraryQuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from proofline.enablement.models.steps import Step
    from proofline.records.models import User
    from proofline.timeline.traces import Traces


class Stage(models.TextChoices):
    """The stages of the sale, in order."""

    REACH = "reach", _("Reach")
    DISCOVERY = "discovery", _("Discovery")
    CLOSING = "closing", _("Closing")
    DELIVERY = "delivery", _("Delivery")
    GROWTH = "growth", _("Growth")


class PlaybookQuerySet(LibraryQuerySet):
    """Playbooks."""

    def present(self) -> Self:
        """Keep those that are not removed."""
        return self.filter(removed_at=None)

    def write(self, *, by: User, now: datetime, steps: Iterable[str] = (), **values: Any) -> Playbook:
        """Write a playbook with its steps, in order.

        Raises:
            ValidationError: a value is not valid.
        """
        with transaction.atomic():
            playbook: Playbook = self.add(by=by, now=now, changed_at=now, **values)
            for text in steps:
                playbook.add_step(text=text)
        return playbook

    def forget(self, traces: Traces) -> int:
        """Take somebody who is erased out of titles; return how many playbooks changed."""
        return forget(self, ("title", "title_zh"), traces)


class Playbook(LibraryItem):
    """What to do at one stage, with every record of it or with those of one kind."""

    write_area = "enablement"

    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices)
    kind = models.CharField(_("shown with"), max_length=20, blank=True)
    """The kind of record that it is for, as facts name it ("ticket"); "" for all of the stage."""
    title = models.CharField(_("title"), max_length=160)
    title_zh = models.CharField(_("title in Chinese"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PlaybookQuerySet.as_manager()  # type: ignore[misc]  # it adds to the one of the library

    class Meta:
        verbose_name = _("playbook")
        indexes = [models.Index(fields=["stage", "position", "id"], name="playbook_of_stage")]

    def __str__(self) -> str:
        return self.title_zh if self.title_zh and formats.is_chinese() else self.title

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("enablement:playbook", args=[self.pk])

    @property
    def stands_with(self) -> list[kinds.Kind]:
        """The kinds of records with which it stands."""
        return [kind for kind in kinds.of_stage(self.stage) if self.kind in {"", kind.name}]

    @property
    def steps_in_order(self) -> list[Step]:
        """Its steps, without those that were removed; nothing is asked of the store where `steps` was prefetched."""
        steps = (step for step in self.steps.all() if step.removed_at is None)
        return sorted(steps, key=lambda step: (step.position, step.pk))

    def clean(self) -> None:
        """Refuse a kind of record that is not of the stage."""
        if self.kind and not self.stands_with:
            raise ValidationError({"kind": _("These records belong to another stage.")})

    def change(self, *, by: User | None, now: datetime, **values: Any) -> dict[str, tuple[Any, Any]]:
        """Set fields. Steps keep their ticks; a state of records with which it stands no longer is forgotten.

        Raises:
            ValidationError: a value is not valid.
        """
        with transaction.atomic():
            changed = super().change(by=by, now=now, **values)
            known = {kind.name for kind in self.stands_with}
            lost = [step.pk for step in self.steps.exclude(state="") if step.kind not in known]
            self.steps.filter(pk__in=lost).update(state="")
        return changed

    def take_away(self, *, now: datetime) -> None:
        """Remove it, with its steps; what was ticked stays ticked, and `bring_back` has it all again."""
        self.removed_at = now
        self.save(update_fields=["removed_at"])

    def bring_back(self) -> None:
        """Undo `take_away`."""
        self.removed_at = None
        self.save(update_fields=["removed_at"])

    def add_step(self, **values: Any) -> Step:
        """Add a step after the last one.

        Raises:
            ValidationError: a value is not valid.
        """
        with transaction.atomic():
            self._hold()
            last = self.steps.aggregate(last=models.Max("position"))["last"] or 0
            step: Step = self.steps.model(playbook=self, position=last + 1, **values)
            step.full_clean()
            step.save()
        return step

    def put_in_order(self, steps: Iterable[Step]) -> None:
        """Give the steps their places in this order."""
        with transaction.atomic():
            self._hold()
            for position, step in enumerate(steps, 1):
                self.steps.filter(pk=step.pk).update(position=position)

    def _hold(self) -> None:
        """Hold it for the rest of the transaction, so that of two who change its order one comes after the other."""
        Playbook.objects.select_for_update(of=("self",)).get(pk=self.pk)


def forget(rows: models.QuerySet[Any], fields: tuple[str, ...], traces: Traces) -> int:
    """Take somebody who is erased out of these fields; return how many rows changed."""
    forgotten = 0
    for row in rows:
        left = {name: traces.redacted(getattr(row, name)) for name in fields}
        if any(left[name] != getattr(row, name) for name in fields):
            forgotten += rows.filter(pk=row.pk).update(**left)
    return forgotten
