"""Playbooks: what to do at a stage of the sale, shown where it applies."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.records.models.catalogue import LibraryItem


class Playbook(LibraryItem):
    """A piece of advice for one stage, in the language of the team."""

    class Stage(models.TextChoices):
        REACH = "reach", _("Reach")
        DISCOVERY = "discovery", _("Discovery")
        CLOSING = "closing", _("Closing")
        DELIVERY = "delivery", _("Delivery")
        GROWTH = "growth", _("Growth")

    write_area = "enablement"

    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices)
    title = models.CharField(_("title"), max_length=160)
    body = models.TextField(_("steps"), help_text=_("One step a line."))
    position = models.PositiveSmallIntegerField(_("order"), default=1)

    def __str__(self) -> str:
        return self.title

    @property
    def steps(self) -> list[str]:
        """The steps, one a line."""
        return [line.strip() for line in self.body.splitlines() if line.strip()]
