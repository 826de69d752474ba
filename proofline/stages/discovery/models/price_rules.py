"""Price rules: what makes a price differ from the list price, and in which order."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proofline.kit.addresses import record_address
from proofline.kit.money import CurrencyField
from proofline.records.models import Product, Tier
from proofline.records.models.catalogue import LibraryItem, LibraryQuerySet
from proofline.stages.discovery.models.parts import Part, PartLink, key_of, links, one_part

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from proofline.records.models import User

WHOLE = Decimal(100)


class PriceRuleQuerySet(LibraryQuerySet):
    """Price rules."""

    def add(self, *, by: User | None, now: datetime, parts: Sequence[Part] = (), **values: Any) -> PriceRule:
        """Add a price rule; a bundle names its parts.

        Raises:
            ValidationError: a value is not valid.
        """
        PriceRule(**values).check_parts(parts)
        with transaction.atomic():
            added: PriceRule = super().add(by=by, now=now, **values)
            BundlePart.objects.bulk_create(links(BundlePart, parts, rule=added))
        return added


class PriceRule(LibraryItem):
    """What makes prices differ from the list. The kinds stand in the order in which they are applied; see `configuring.pricing`.

    `least` and `most` are seats (volume), months (term) or employees (segment); empty: without end.
    """

    class Kind(models.TextChoices):
        CURRENCY = "currency", _("currency")
        TIER = "tier", _("tier")
        VOLUME = "volume", _("volume")
        BUNDLE = "bundle", _("bundle")
        TERM = "term", _("term")
        SEGMENT = "segment", _("segment")
        DATE = "date", _("date")

    OWN: dict[str, tuple[str, ...]] = {
        "currency": ("list_currency", "rate"),
        "tier": ("tier",),
        "volume": ("least", "most"),
        "bundle": (),
        "term": ("least", "most"),
        "segment": ("sector", "least", "most"),
        "date": ("starts_on", "ends_on"),
    }
    """The conditions of each kind."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120, blank=True, help_text=_("As the customer reads it."))
    product = models.ForeignKey(
        Product,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product"),
        help_text=_("Empty: all products."),
    )
    tier = models.ForeignKey(
        Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tier")
    )
    least = models.PositiveIntegerField(_("from"), null=True, blank=True)
    most = models.PositiveIntegerField(_("up to"), null=True, blank=True)
    sector = models.CharField(_("industry"), max_length=120, blank=True)
    starts_on = models.DateField(_("from the day"), null=True, blank=True)
    ends_on = models.DateField(_("up to the day"), null=True, blank=True)
    list_currency = CurrencyField(_("list price in"), blank=True)
    currency = CurrencyField(_("currency"), blank=True)
    rate = models.DecimalField(_("price of one unit"), max_digits=18, decimal_places=8, null=True, blank=True)
    percent = models.DecimalField(
        _("percent off"), max_digits=6, decimal_places=2, null=True, blank=True, help_text=_("Below nothing: on top.")
    )
    amount = models.DecimalField(
        _("amount off each price"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Per seat and month, per add-on and month, per service pack."),
    )

    objects = PriceRuleQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rate__isnull=True) | Q(rate__gt=0), name="price_rule_rate_positive"),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gte=-100, percent__lte=100), name="price_rule_percent"
            ),
            models.CheckConstraint(
                condition=Q(kind="currency", rate__isnull=False, percent__isnull=True, amount__isnull=True)
                | ~Q(kind="currency") & Q(rate__isnull=True, percent__isnull=False, amount__isnull=True)
                | ~Q(kind="currency") & Q(rate__isnull=True, percent__isnull=True, amount__isnull=False),
                name="price_rule_does_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.get_kind_display()} · {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the address where it is changed."""
        return record_address("discovery:price_rule", self.pk)

    def clean(self) -> None:
        """Refuse what does not go together, by field."""
        wrong: dict[str, Any] = {}
        own = (*self.OWN.get(self.kind, ()), "currency")
        for field in ("least", "most", "sector", "starts_on", "ends_on", "list_currency", "rate", "tier"):
            if getattr(self, field) not in {None, ""} and field not in own:
                wrong[field] = _("This kind of rule does not ask for it.")
        wrong |= self._wrong_condition() | self._wrong_effect()
        if wrong:
            raise ValidationError(wrong)

    def _wrong_condition(self) -> dict[str, Any]:
        ranged = self.least is not None or self.most is not None
        return _first(
            (self.kind in {"volume", "term"} and self.least is None, "least", _("Say from how many on.")),
            (
                self.kind == "segment" and not self.sector and not ranged,
                "sector",
                _("Say which customers: an industry, a size, or both."),
            ),
            (
                self.kind == "date" and not (self.starts_on or self.ends_on),
                "starts_on",
                _("Say from when, or until when."),
            ),
            (self.kind == "tier" and self.tier_id is None, "tier", _("Say which tier.")),
            (_falls(self.least, self.most), "most", _("This is less than where it begins.")),
            (_falls(self.starts_on, self.ends_on), "ends_on", _("This is before it begins.")),
        )

    def _wrong_effect(self) -> dict[str, Any]:
        two = bool(self.list_currency and self.currency) and self.list_currency != self.currency
        if self.kind == self.Kind.CURRENCY:
            return _first(
                (not two, "currency", _("Choose two currencies.")),
                (self.rate is None or self.rate <= 0, "rate", _("More than nothing.")),
                (self.percent is not None, "percent", _("A rule of currency has a rate only.")),
                (self.amount is not None, "amount", _("A rule of currency has a rate only.")),
            )
        percent = self.percent
        return _first(
            ((percent is None) == (self.amount is None), "percent", _("Either a percentage or an amount.")),
            (
                percent is not None and not (percent and -WHOLE <= percent <= WHOLE),
                "percent",
                _("Between −100 and 100, and not nothing."),
            ),
            (self.amount is not None and not self.amount, "amount", _("Not nothing.")),
            (self.amount is not None and not self.currency, "currency", _("Say in which currency.")),
        )

    def check_parts(self, parts: Sequence[Part]) -> None:
        """Refuse a bundle of less than two parts, and parts of another kind of rule.

        Raises:
            ValidationError: by the field `parts`.
        """
        if self.kind == self.Kind.BUNDLE and len({key_of(part) for part in parts}) < 2:  # noqa: PLR2004 - a pair
            raise ValidationError({"parts": _("A bundle has at least two parts.")})
        if self.kind != self.Kind.BUNDLE and parts:
            raise ValidationError({"parts": _("Only a bundle has parts.")})

    def change(
        self, *, by: User | None, now: datetime, parts: Sequence[Part] | None = None, **values: Any
    ) -> dict[str, tuple[Any, Any]]:
        """Set fields, and the parts of a bundle.

        Raises:
            ValidationError: a value is not valid; nothing was saved.
        """
        if parts is not None:
            PriceRule(kind=values.get("kind", self.kind)).check_parts(parts)
        with transaction.atomic():
            changed = super().change(by=by, now=now, **values)
            if parts is not None:
                self.parts.all().delete()
                BundlePart.objects.bulk_create(links(BundlePart, parts, rule=self))
        return changed


def _falls(low: Any, high: Any) -> bool:
    return low is not None and high is not None and low > high


def _first(*faults: tuple[bool, str, Any]) -> dict[str, Any]:
    """Return the first fault that is there, by its field."""
    return next(({field: message} for there, field, message in faults if there), {})


class BundlePart(PartLink):
    """A part of a bundle."""

    rule = models.ForeignKey(PriceRule, on_delete=models.CASCADE, related_name="parts")

    class Meta:
        constraints = [
            one_part("bundle_part_is_one"),
            models.UniqueConstraint(fields=["rule", "position"], name="bundle_part_position_once"),
        ]
