"""Private addresses under which a person's own calendar program reads their days."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proofline.records.models.people import User
from proofline.records.models.tokens import digest

if TYPE_CHECKING:
    from datetime import datetime

SEEN_EVERY = 60
"""Seconds between two notes that a feed is read."""


class CalendarFeed(models.Model):
    """An address; only its digest is kept, so it is shown once. A new one ends the one before."""

    class Whose(models.TextChoices):
        OWN = "own", _("My days")
        TEAM = "team", _("My team’s days")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    whose = models.CharField(max_length=10, choices=Whose.choices)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "whose"], condition=Q(revoked_at__isnull=True), name="calendar_feed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.whose}"

    @classmethod
    def issue(cls, *, user: User, whose: str, now: datetime) -> str:
        """Make an address, ending the one before; return its secret, which cannot be read again."""
        text = secrets.token_urlsafe(32)
        with transaction.atomic():
            cls.revoke(user=user, whose=whose, now=now)
            cls.objects.create(user=user, whose=whose, digest=digest(text), created_at=now)
        return text

    @classmethod
    def revoke(cls, *, user: User, whose: str, now: datetime) -> None:
        """End the address."""
        cls.objects.filter(user=user, whose=whose, revoked_at=None).update(revoked_at=now)

    @classmethod
    def find(cls, text: str, *, now: datetime) -> Self | None:
        """Return the feed of an address, None when it is unknown, revoked or its person may not sign in."""
        found = cls.objects.select_related("user").filter(digest=digest(text), revoked_at=None).first()
        if found is None or not found.user.is_active:
            return None
        if found.used_at is None or (now - found.used_at).total_seconds() > SEEN_EVERY:
            cls.objects.filter(pk=found.pk).update(used_at=now)
        return found

    @classmethod
    def living(cls, user: User) -> dict[str, Self]:
        """Return the person's addresses that work, by whose days they give."""
        return {feed.whose: feed for feed in cls.objects.filter(user=user, revoked_at=None)}
