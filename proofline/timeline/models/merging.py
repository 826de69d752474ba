"""Who became one person with whom, and who is not the same person after all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from proofline.timeline.models.people import Person

if TYPE_CHECKING:
    from collections.abc import Collection


class MergeQuerySet(models.QuerySet["Merge"]):
    """Merges that hold."""

    def below(self, person: int) -> list[int]:
        """Return the ids of all who became this person, at once or by way of others."""
        found: list[int] = []
        layer = [person]
        while layer:
            layer = list(self.filter(into__in=layer).values_list("person_id", flat=True))
            found += layer
        return found


class Merge(models.Model):
    """That a person stands for another one's history too. It holds as long as the row is there."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    into = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    """Who stood for both then; may have merged into somebody else since."""
    gave = models.JSONField(default=dict)
    """Contact, account and group that only `person` had, so that the other one got them."""
    at = models.DateTimeField(default=timezone.now)
    by = models.BigIntegerField(null=True)
    """The staff user who said so, None when the keys did."""

    objects = MergeQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(person=F("into")), name="merge_not_with_oneself")]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.into_id}"


class SeparationQuerySet(models.QuerySet["Separation"]):
    """Separations."""

    def between(self, some: Collection[int], others: Collection[int]) -> Self:
        """Keep what keeps people of two families apart."""
        return self.filter(Q(person__in=some, other__in=others) | Q(person__in=others, other__in=some))


class Separation(models.Model):
    """That two are not the same person, whatever keys they share; only a person may merge them again."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)

    objects = SeparationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "other"], name="separated_once")]

    def __str__(self) -> str:
        return f"{self.person_id} ≠ {self.other_id}"


class Absorbed(models.Model):
    """That what is written of one record is another's history too, since they turned out to be the same.

    Chains are one step long: `stays` is the one that is still there.
    """

    kind = models.CharField(max_length=10)
    """"account", "contact", or another kind of record."""
    gone = models.BigIntegerField()
    stays = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["kind", "stays"], name="absorbed_by")]
        constraints = [models.UniqueConstraint(fields=["kind", "gone"], name="absorbed_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.gone} → {self.stays}"
