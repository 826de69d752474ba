"""Configurations: what of the catalogue is offered to a customer, kept in versions as it was reckoned."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from proofline.kit.addresses import record_address
from proofline.kit.money import CurrencyField, Money
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Module, ServicePack, Tier, User
from proofline.stages.discovery.models.studies import Study

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

Words = dict[str, Any]
"""The same in every language that pages have, by its code: a kept text does not change when the catalogue does."""


class ConfigurationQuerySet(VisibleQuerySet):
    """Configurations."""

    def keep(
        self, *, by: User | None, now: datetime, study: Study, parts: Sequence[ConfigurationPart], **values: Any
    ) -> Configuration:
        """Keep what was configured as the study's next version, and record it."""
        with transaction.atomic():
            Study.objects.select_for_update(of=("self",)).get(pk=study.pk)
            last = self.filter(study=study).order_by("-version").values_list("version", flat=True).first()
            kept = Configuration(study=study, version=(last or 0) + 1, created_at=now, created_by=by, **values)
            kept.full_clean()
            kept.save()
            for position, part in enumerate(parts):
                part.configuration, part.position = kept, position
            ConfigurationPart.objects.bulk_create(parts)
            study.tell(
                "configuration.kept",
                by=by,
                at=now,
                key=f"configuration.kept:{kept.pk}",
                configuration=kept.pk,
                version=kept.version,
                monthly=str(kept.monthly),
                once=str(kept.once),
                currency=kept.currency,
                parts=len(parts),
            )
        kept.refresh_from_db()
        return kept


class Configuration(Visible):
    """Modules, tiers and service packs for one customer, with why each is in and what it costs. It never changes."""

    write_area = "discovery"
    owner_paths = ("study__owner", "study__account__owner")

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="configurations")
    version = models.PositiveSmallIntegerField(_("version"))
    seats = models.PositiveIntegerField(_("seats"))
    months = models.PositiveSmallIntegerField(_("months"))
    currency = CurrencyField(_("currency"))
    monthly = models.DecimalField(_("price a month"), max_digits=18, decimal_places=2)
    once = models.DecimalField(_("price once"), max_digits=18, decimal_places=2)
    priced_on = models.DateField(_("price of the day"))
    asked = models.JSONField(default=dict, blank=True)
    """What was asked for: `pains`, and the parts that were `put_in` and `left_out`."""
    steps = models.JSONField(default=list, blank=True)
    """Why the price is what it is: `text` in words, `monthly` and `once`, the list price first; they add up to the price."""
    created_at = models.DateTimeField(_("kept on"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ConfigurationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "version"], name="configuration_version_once_in_study"),
            models.CheckConstraint(
                condition=models.Q(monthly__gte=0, once__gte=0, seats__gte=1, months__gte=1),
                name="configuration_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Version %(version)s") % {"version": self.version})

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return record_address("discovery:configuration_kept", self.pk)

    @property
    def ordered_parts(self) -> list[ConfigurationPart]:
        """Its parts, in the catalogue's order."""
        return sorted(self.parts.all(), key=lambda part: part.position)

    @property
    def monthly_price(self) -> Money:
        """What a month costs."""
        return Money(self.monthly, self.currency)

    @property
    def once_price(self) -> Money:
        """What is paid once."""
        return Money(self.once, self.currency)

    @property
    def total(self) -> Money:
        """What is paid over its months."""
        return self.monthly_price * self.months + self.once_price

    @property
    def explained(self) -> list[tuple[str, Decimal, Decimal]]:
        """The steps of its price in the reader's language: what, so much a month, so much once."""
        return [(spoken(step["text"]), Decimal(step["monthly"]), Decimal(step["once"])) for step in self.steps]


class ConfigurationPart(models.Model):
    """A module, tier or service pack in a configuration, by the name that it had."""

    configuration = models.ForeignKey(Configuration, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    module = models.ForeignKey(Module, on_delete=models.SET_NULL, null=True, related_name="+")
    tier = models.ForeignKey(Tier, on_delete=models.SET_NULL, null=True, related_name="+")
    pack = models.ForeignKey(ServicePack, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(
        max_length=6, choices=[("module", _("module")), ("tier", _("tier")), ("pack", _("service pack"))]
    )
    name = models.CharField(max_length=250)
    unlocks = models.JSONField(default=list, blank=True)
    """The names of the modules that a tier brings."""
    quantity = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=18, decimal_places=2)
    """What is paid for it: a month, a service pack once."""
    why = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["configuration", "position"], name="configuration_part_position_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reasons(self) -> list[str]:
        """Why it is in, in the reader's language."""
        return list(spoken(self.why) or [])


def spoken(words: Words) -> Any:
    """Return what was kept in the reader's language, else in any."""
    return words.get(translation.get_language() or "") or next(iter(words.values()), "")
