"""The options of a quote, and with which it begins: what was configured for the customer beside the tiers of the product."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.kit.money import Money
from proofline.records.models import Tier
from proofline.stages.closing.models.configured import configured_for, place_for, put_in
from proofline.stages.discovery.configuring.tiers import tier_prices
from proofline.stages.discovery.models import Configuration

if TYPE_CHECKING:
    from datetime import date

    from proofline.stages.closing.models.deals import Deal

MONTHS_A_YEAR = 12
OPTIONS = 3
SIZES = (1, 4, 10)


class QuoteOption(models.Model):
    """One of the tiers that a quote offers: what is in it, for how many people, and its price."""

    quote = models.ForeignKey("closing.Quote", on_delete=models.CASCADE, related_name="options")
    tier = models.ForeignKey(Tier, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    configuration = models.ForeignKey(Configuration, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    seats = models.PositiveIntegerField(_("seats"))
    monthly = models.DecimalField(_("price a month"), max_digits=18, decimal_places=2)
    once = models.DecimalField(_("price once"), max_digits=18, decimal_places=2, default=Decimal(0))
    modules = models.JSONField(_("modules"), default=list, blank=True)
    recommended = models.BooleanField(_("recommended"), default=False)
    position = models.PositiveSmallIntegerField()

    copied_fields: ClassVar[tuple[str, ...]] = (
        "tier",
        "configuration",
        "name",
        "seats",
        "monthly",
        "once",
        "modules",
        "recommended",
        "position",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quote", "position"], name="option_position_once_in_quote"),
            models.UniqueConstraint(
                fields=["quote"], condition=models.Q(recommended=True), name="one_option_recommended"
            ),
            models.CheckConstraint(condition=models.Q(seats__gte=1), name="option_seats_at_least_one"),
            models.CheckConstraint(
                condition=models.Q(monthly__gte=0) & models.Q(once__gte=0), name="option_prices_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse prices below nothing and offers for nobody."""
        for name in ("seats", "monthly", "once"):
            value = getattr(self, name)
            if name == "seats" and value == 0:
                raise ValidationError({name: _("At least one seat.")})
            if value is not None and value < 0:
                raise ValidationError({name: _("A price can't be negative.")})

    @property
    def monthly_price(self) -> Money:
        """What a month costs."""
        return Money(self.monthly, self.quote.currency)

    @property
    def once_price(self) -> Money:
        """What is paid once."""
        return Money(self.once, self.quote.currency)

    def total(self, *, months: int = MONTHS_A_YEAR) -> Money:
        """Return what the option costs over the months, what is paid once included."""
        return self.monthly_price * months + self.once_price

    def copied(self) -> QuoteOption:
        """Return an unsaved copy for another version of the quote."""
        return QuoteOption(**{name: getattr(self, name) for name in self.copied_fields})


def quote_currency(deal: Deal) -> str:
    """Return the currency of what was configured for the deal, else that of its product's prices, else the deal's."""
    kept = configured_for(deal)
    if kept:
        return str(kept.currency)
    tier = deal.product.tiers.order_by("rank").first() if deal.product else None
    currency: str = tier.currency if tier else deal.currency
    return currency


def first_options(deal: Deal, *, on: date) -> list[QuoteOption]:
    """Return unsaved options: the product's tiers, among them what was configured in place of its own tier, and recommended.

    Without a configuration the middle one is recommended. Without tiers in the catalogue there are three blank ones named basic, advanced
    and enterprise, priced at nothing.
    """
    options = tier_options(deal, on=on)
    kept = configured_for(deal)
    if kept is not None:
        for option in options:
            option.recommended = False
        put_in(kept, place_for(kept, options))
    return options


def tier_options(deal: Deal, *, on: date) -> list[QuoteOption]:
    """Return unsaved options, one for each of the product's first three tiers at its price; the middle one is recommended."""
    tiers = list(deal.product.tiers.order_by("rank").prefetch_related("modules")[:OPTIONS]) if deal.product else []
    prices = tier_prices(tiers, account=deal.account, currency=quote_currency(deal), months=MONTHS_A_YEAR, on=on)
    tiers = [tier for tier in tiers if tier.pk in prices]
    if not tiers:
        names = (_("Basic"), _("Advanced"), _("Enterprise"))
        return [
            QuoteOption(name=str(name), seats=size, monthly=Decimal(0), position=at, recommended=at == 2)  # noqa: PLR2004 - the middle of three
            for at, (name, size) in enumerate(zip(names, SIZES, strict=True), 1)
        ]
    middle = min(2, len(tiers))
    return [
        QuoteOption(
            tier=tier,
            name=tier.called,
            seats=tier.included_seats,
            monthly=prices[tier.pk],
            modules=[module.called for module in tier.modules.all()],
            position=at,
            recommended=at == middle,
        )
        for at, tier in enumerate(tiers, 1)
    ]
