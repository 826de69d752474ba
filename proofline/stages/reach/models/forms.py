"""Public forms on which visitors leave their details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.records.models import Product, User
from proofline.records.models.catalogue import LibraryItem
from proofline.stages.reach.models.leads import Lead

if TYPE_CHECKING:
    from datetime import datetime


class LeadForm(LibraryItem):
    """A form with a public address, `/f/<slug>/`; each answer becomes a lead."""

    write_area = "reach"

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=160)
    intro = models.TextField(_("introduction"), blank=True)
    thanks = models.CharField(_("thanks"), max_length=250, blank=True)
    language = models.CharField(
        _("language"), max_length=10, default="en", choices=[("en", "English"), ("zh-hans", "简体中文")]
    )
    source = models.CharField(_("source"), max_length=120, blank=True, help_text=_("Used when the link names none."))
    product = models.ForeignKey(
        Product, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("leads go to")
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return self.title

    def receive(self, *, now: datetime, anonymous: str | None = None, **fields: Any) -> Lead:
        """Take an answer as a lead; the visitor's clicks so far become the lead's history.

        Raises:
            ValidationError: an answer is not valid.
        """
        lead: Lead = Lead.objects.receive(
            now=now,
            anonymous=anonymous,
            owner=self.owner,
            product=self.product,
            language=self.language,
            source=fields.pop("source", "") or fields.get("utm_source", "") or self.source or self.title,
            **fields,
        )
        return lead
