"""Mappings kept for the next file with the same columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.kit.imports.sources import fingerprint_of
from proofline.kit.imports.ways import Missing, Mode
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import User
from proofline.records.models.people import and_above

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.config.imports.models import Import


class SavedMappingQuerySet(VisibleQuerySet):
    """Saved mappings."""

    def visible_to(self, user: User) -> Self:
        """Keep one's own, and those that somebody of one's team, of one above it, or of none, shares."""
        near = models.Q(by__team=None)
        if user.team_id:
            near |= models.Q(by__team__in=and_above(user.team_id))
        return self.filter(models.Q(by=user) | models.Q(shared=True) & near)

    def fitting(self, columns: list[str], *, kind: str, user: User) -> SavedMapping | None:
        """Return the newest that fits a file of these columns; one's own goes before the team's."""
        found = self.visible_to(user).filter(kind=kind, fingerprint=fingerprint_of(columns))
        first: SavedMapping | None = found.order_by(
            models.Case(models.When(by=user, then=0), default=1), "-saved_at"
        ).first()
        return first

    def keep(self, *, of: Import, name: str, shared: bool, now: datetime) -> SavedMapping:
        """Keep an import's columns and its way; one's own of the same name is replaced."""
        values: dict[str, Any] = {
            "fingerprint": of.fingerprint,
            "mapping": of.mapping,
            "mode": of.mode,
            "key": of.key,
            "clear": of.clear,
            "missing": of.missing,
            "shared": shared,
            "saved_at": now,
        }
        saved: SavedMapping = self.update_or_create(by=of.by, kind=of.kind, name=name, defaults=values)[0]
        return saved


class SavedMapping(Visible):
    """Which columns fill which fields, and how rows meet records, for files with the same columns."""

    owner_paths = ("by",)
    write_area = "import"

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("what"), max_length=20)
    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    mode = models.CharField(max_length=8, default=Mode.BOTH)
    key = models.CharField(max_length=40, blank=True)
    clear = models.BooleanField(default=False)
    missing = models.CharField(max_length=8, default=Missing.REJECT)
    shared = models.BooleanField(_("for my team"), default=False)
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name=_("by"))
    saved_at = models.DateTimeField(_("saved"))

    objects = SavedMappingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "kind", "name"], name="saved_mapping_once")]
        indexes = [models.Index(fields=["kind", "fingerprint"], name="saved_mapping_columns")]

    def __str__(self) -> str:
        return self.name
