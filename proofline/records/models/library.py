"""Evidence that we keep promises, and the competitors that customers compare us with."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.kit.addresses import record_address
from proofline.records.models.battlecards import BattleCard
from proofline.records.models.catalogue import LibraryItem, LibraryQuerySet, Module, Pain
from proofline.records.models.customers import Account

if TYPE_CHECKING:
    from datetime import date


class EvidenceQuerySet(LibraryQuerySet):
    """Pieces of evidence."""

    def showable(self, *, today: date) -> Self:
        """Keep what customers may be shown and is still valid."""
        return self.filter(models.Q(valid_until=None) | models.Q(valid_until__gte=today), permission=True)


class Evidence(LibraryItem):
    """A customer story, certificate, report, review or testimonial, with the pains and modules that it speaks of."""

    class Kind(models.TextChoices):
        STORY = "story", _("Customer story")
        CERTIFICATE = "certificate", _("Certificate")
        REPORT = "report", _("Report")
        REVIEW = "review", _("Review")
        TESTIMONIAL = "testimonial", _("Testimonial")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    result = models.CharField(_("result in numbers"), max_length=200, blank=True)
    source_url = models.URLField(_("link"), blank=True)
    account = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    sector = models.CharField(_("industry"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=[("en", "English"), ("zh-hans", "简体中文")]
    )
    pains = models.ManyToManyField(Pain, related_name="evidence", blank=True, verbose_name=_("pains"))
    modules = models.ManyToManyField(Module, related_name="evidence", blank=True, verbose_name=_("modules"))
    permission = models.BooleanField(_("may be shown to customers"), default=False)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects: ClassVar = EvidenceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return record_address("records:evidence_item", self.pk)

    def has_expired(self, *, today: date) -> bool:
        """Tell whether its validity has ended."""
        return self.valid_until is not None and self.valid_until < today


class Competitor(BattleCard):
    """Somebody or something that customers use instead of us; a spreadsheet counts."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    website = models.URLField(_("website"), blank=True)
    strengths = models.TextField(_("strengths"), blank=True)
    gaps = models.TextField(_("gaps"), blank=True)
    difference = models.TextField(_("our difference"), blank=True)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return record_address("records:competitor", self.pk)
