"""Sources: the websites, products and programs that send events."""

from __future__ import annotations

import re
import secrets
import time
from typing import TYPE_CHECKING, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime


def new_write_key() -> str:
    """Return a key that nobody can guess. It lets one add events, not read any, so websites may show it."""
    return secrets.token_urlsafe(24)


ORIGIN = re.compile(r"https?://[^\s/?#@]+")
SECONDS_KNOWN = 2.0
"""So long a process takes a source as it knows it; a change by another process counts from then on."""


def check_origins(text: str) -> None:
    """Refuse what is no list of origins.

    Raises:
        ValidationError: a line is none.
    """
    for line in text.split():
        if not ORIGIN.fullmatch(line):
            raise ValidationError(
                _("%(line)s is no origin; write it as https://www.example.com"), params={"line": line}
            )


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
    origins = models.TextField(
        _("allowed websites"),
        blank=True,
        validators=[check_origins],
        help_text=_("Origins that browsers may send from, one a line, such as https://www.example.com; empty: all."),
    )
    rate = models.PositiveIntegerField(
        _("most events a second"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("More are answered with 429 and sent again later by the client; empty: no limit."),
    )
    created_at = models.DateTimeField(_("added at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = SourceQuerySet.as_manager()
    _known: ClassVar[dict[str, tuple[float, Source]]] = {}

    def __str__(self) -> str:
        return self.name

    @classmethod
    def by_key(cls, key: str) -> Source | None:
        """Return the source in use with this write key, as it was at most two seconds ago; None when there is none."""
        now = time.monotonic()
        known = cls._known.get(key)
        if known and now - known[0] < SECONDS_KNOWN:
            return known[1]
        found = cls.objects.in_use().filter(write_key=key).first() if "\0" not in key else None
        cls._known.pop(key, None)
        if found is not None:
            cls._known[key] = (now, found)
        return found

    def allows(self, origin: str) -> bool:
        """Tell whether a browser may send from a page of this origin."""
        allowed = self.origins.split()
        return not allowed or origin in allowed

    def change(self, *, origins: str, rate: int | None, name: str) -> None:
        """Change what may be changed.

        Raises:
            ValidationError: something is not valid; nothing is changed.
        """
        self.name, self.origins, self.rate = name.strip(), origins, rate
        self.full_clean()
        self.save(update_fields=["name", "origins", "rate"])
        self._known.pop(self.write_key, None)

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
        self._known.pop(self.write_key, None)
        self.refresh_from_db()
