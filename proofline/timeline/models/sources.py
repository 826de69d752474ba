"""Sources: the websites, products and programs that send events."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime


def new_write_key() -> str:
    """Return a key that nobody can guess. It lets one add events, not read any, so websites may show it."""
    return secrets.token_urlsafe(24)


class Kind(models.TextChoices):
    """What sends."""

    WEBSITE = "website", _("Website")
    PRODUCT = "product", _("Product")
    PROGRAM = "program", _("Program")


class SourceQuerySet(models.QuerySet["Source"]):
    """Sources."""

    def in_use(self) -> Self:
        """Keep the ones whose key is not revoked."""
        return self.filter(revoked_at=None)


class Source(models.Model):
    """Something that sends events, with its own write key."""

    Kind = Kind

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.PRODUCT)
    write_key = models.CharField(_("write key"), max_length=64, unique=True, default=new_write_key, editable=False)
    created_at = models.DateTimeField(_("added at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = SourceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def add(cls, *, name: str, now: datetime, kind: str = Kind.PRODUCT) -> Self:
        """Add a source with a new write key.

        Raises:
            ValidationError: the name or the kind is not valid.
        """
        source = cls(name=name.strip(), kind=kind, created_at=now)
        source.full_clean()
        source.save()
        return source

    def revoke(self, *, now: datetime) -> None:
        """Take no more events with this key; what came stays. Revoking twice keeps the first time."""
        type(self).objects.in_use().filter(pk=self.pk).update(revoked_at=now)
        self.refresh_from_db()
