"""That two records turned out to be the same and are one now; and that somebody took it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from proofline.records.models.duplicates import MODELS, Kind
from proofline.records.models.people import User


class ExactEncoder(DjangoJSONEncoder):
    """Writes values as JSON from which they come back as they were; Django's own drops microseconds."""

    def default(self, o: Any) -> Any:
        """Return what JSON knows in place of a value."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


class MergerQuerySet(models.QuerySet["Merger"]):
    """Mergers."""

    def holding(self) -> Self:
        """Keep those that nobody took back."""
        return self.filter(unmerger=None)

    def visible_to(self, user: User) -> Self:
        """Keep those whose record the user may see, whom it became."""
        seen = Q(pk__in=[])
        for kind, model in MODELS.items():
            seen |= Q(kind=kind, winner__in=model.objects.visible_to(user).values("pk"))
        return self.filter(seen)

    def winner_of(self, kind: str, pk: int) -> int | None:
        """Return the id of the record that one became, by way of others too; None when it became none."""
        found = self.holding().filter(kind=kind, loser=pk).values_list("winner", flat=True).first()
        while found is not None and (further := self.holding().filter(kind=kind, loser=found).first()):
            found = further.winner
        return found


class Merger(models.Model):
    """That `loser` became `winner`: how it was, and all that went over, so that it can be taken back."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    winner = models.BigIntegerField()
    loser = models.BigIntegerField()
    name = models.CharField(max_length=200)
    """What the loser was called."""
    into = models.CharField(max_length=200)
    """What the winner was called before."""
    row = models.JSONField(encoder=ExactEncoder)
    """The loser as Django serialises it."""
    changes = models.JSONField(default=dict, encoder=ExactEncoder)
    """{field: [before, after]} of the winner."""
    followed = models.JSONField(default=dict, encoder=ExactEncoder)
    """What went over in the record store (see `records.following`)."""
    histories = models.JSONField(default=dict)
    """What went over on the timeline (see `timeline.absorbing`)."""
    said = models.JSONField(default=list, encoder=ExactEncoder)
    """What people had said of the loser: with whom it is not the same."""
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = MergerQuerySet.as_manager()
    write_area = "records"

    class Meta:
        indexes = [
            models.Index(fields=["kind", "loser"], name="merger_loser"),
            models.Index(fields=["kind", "winner"], name="merger_winner"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(winner=F("loser")), name="merger_of_two")]

    def __str__(self) -> str:
        return f"{self.name} → {self.into}"

    @property
    def is_undone(self) -> bool:
        """Whether somebody took it back."""
        return hasattr(self, "unmerger")

    def moved(self) -> int:
        """Return how many rows went over."""
        return sum(len(keys) for ways in self.followed.get("moved", {}).values() for keys in ways.values())


class Unmerger(models.Model):
    """That a merger was taken back."""

    merger = models.OneToOneField(Merger, on_delete=models.CASCADE, related_name="unmerger")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"not {self.merger}"


def plain(record: Any, name: str) -> Any:
    """Return a field's value as it is kept: of a foreign key, the key."""
    return getattr(record, record._meta.get_field(name).attname)  # noqa: SLF001 - Django's documented model API
