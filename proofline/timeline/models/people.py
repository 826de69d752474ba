"""Who is behind the events: people by the keys that sources know them by, and groups, which are customers' workspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST_KEY = 255


class Group(models.Model):
    """A company as a source knows it (Segment's `groupId`)."""

    key = models.CharField(max_length=LONGEST_KEY, unique=True)
    account_id = models.BigIntegerField(null=True, db_index=True)
    traits = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.key

    @classmethod
    def named(cls, key: str, *, traits: dict[str, Any]) -> Group:
        """Return the group with this key, which from now on has these traits too."""
        group, _made = cls.objects.get_or_create(key=key[:LONGEST_KEY])
        if traits:
            group.traits = {**group.traits, **_without_nul(traits)}
            group.save(update_fields=["traits"])
        return group


class PersonQuerySet(models.QuerySet["Person"]):
    """People."""

    def canonical(self) -> Self:
        """Keep the ones that stand for themselves."""
        return self.filter(canonical=None)

    def standing_for(self, canonical: Collection[int]) -> list[int]:
        """Return the ids of these people and of all that merged into them."""
        found = self.filter(Q(pk__in=canonical) | Q(canonical__in=canonical))
        return list(found.values_list("pk", flat=True))


class Person(models.Model):
    """Somebody who did something. One that merged into another points at it; chains are one step long.

    Only the canonical person's contact, account and group are meant.
    """

    canonical = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="merged")
    contact_id = models.BigIntegerField(null=True, db_index=True)
    account_id = models.BigIntegerField(null=True, db_index=True)
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, related_name="people")
    stale = models.BooleanField(default=True)
    """The columnar store's table of people does not know the last change yet."""
    erased_at = models.DateTimeField(null=True)
    """When what was known of them was erased; who they were is not known any more."""

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(canonical=F("id")), name="person_not_own_canonical")]
        indexes = [models.Index(fields=["id"], name="person_stale", condition=Q(stale=True))]

    def __str__(self) -> str:
        return f"person {self.pk}"


class PersonKey(models.Model):
    """A name under which a source knows a person."""

    class Kind(models.TextChoices):
        ANONYMOUS = "anonymous"
        USER = "user"
        EMAIL = "email"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=LONGEST_KEY)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="keys")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="person_key_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


def _without_nul(value: Any) -> Any:
    """Return the value without the one character that PostgreSQL's JSON does not hold."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(inner) for key, inner in value.items()}
    return [_without_nul(inner) for inner in value] if isinstance(value, list) else value
