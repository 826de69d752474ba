"""Tokens for programs that work in a user's name."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.kit.prepared import Prepared
from proofline.records.models.people import User

if TYPE_CHECKING:
    from datetime import datetime

PREFIX = "pl_"


def digest(text: str) -> str:
    """Return what is stored of a token: SHA-256, in hexadecimal. Tokens are long and random, so no salt is needed."""
    return hashlib.sha256(text.encode()).hexdigest()


class ApiToken(models.Model):
    """A token; only its digest is kept, so its text is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=120)
    start = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"

    @classmethod
    def issue(cls, *, user: User, name: str, now: datetime) -> tuple[Self, str]:
        """Make a token; return it with its text, which cannot be read again."""
        text = PREFIX + secrets.token_urlsafe(32)
        token = cls.objects.create(user=user, name=name, start=text[:9], digest=digest(text), created_at=now)
        return token, text

    @classmethod
    def authenticate(cls, text: str, *, now: datetime) -> User | None:
        """Return the user in whose name a token speaks, or None when it is unknown, revoked or its user may not sign in."""
        token = _living.first(digest(text))
        if token is None or not token.user.is_active:
            return None
        if token.used_at is None or (now - token.used_at).total_seconds() > 60:  # noqa: PLR2004 - once a minute is enough to see that it lives
            cls.objects.filter(pk=token.pk).update(used_at=now)
        return token.user

    def revoke(self, *, now: datetime) -> None:
        """End the token."""
        self.revoked_at = self.revoked_at or now
        self.save(update_fields=["revoked_at"])


_living = Prepared[ApiToken](
    lambda digest: ApiToken.objects.select_related("user").filter(digest=digest, revoked_at=None)
)
