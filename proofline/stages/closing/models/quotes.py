"""Quotes: an offer in three tiers side by side, in versions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.kit import search
from proofline.kit.links import LinkTokenField
from proofline.kit.money import CurrencyField, Money
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Tier, User
from proofline.stages.closing.models.choosing import Choosable
from proofline.stages.closing.models.closed import require_open
from proofline.stages.closing.models.deals import Deal

if TYPE_CHECKING:
    from datetime import date, datetime

VALID_FOR = timedelta(days=30)
MONTHS_A_YEAR = 12
OPTIONS = 3
SIZES = (1, 4, 10)


class QuoteSentError(Exception):
    """The quote was sent: what the customer has read does not change any more. Draft a new version."""


class QuoteQuerySet(VisibleQuerySet):
    """Quotes."""

    def draft(self, *, deal: Deal, by: User | None, now: datetime, today: date, language: str = "") -> Quote:
        """Draft the deal's next quote: a copy of its last one, else the three tiers of its product.

        Raises:
            DealClosedError: the deal was won or lost.
        """
        with transaction.atomic():
            require_open(deal)
            last: Quote | None = self.filter(deal=deal).order_by("-version").first()
            quote = Quote(
                deal=deal,
                version=last.version + 1 if last else 1,
                currency=last.currency if last else quote_currency(deal),
                language=language or (last.language if last else deal.account.language if deal.account else ""),
                note=last.note if last else "",
                valid_until=today + VALID_FOR,
                created_at=now,
                created_by=by,
            )
            quote.full_clean()
            quote.save()
            search.add(quote)
            options = [option.copied() for option in last.options.all()] if last else tier_options(deal)
            for option in options:
                option.quote = quote
                option.save()
            deal.tell("quote.drafted", by=by, at=now, quote=quote.pk, version=quote.version)
        return quote


class Quote(Visible, Choosable):
    """An offer to a customer. A draft until it is sent; then it stands as it was sent."""

    write_area = "closing"
    owner_paths = ("deal__owner", "deal__account__owner")

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="quotes")
    version = models.PositiveSmallIntegerField(_("version"))
    currency = CurrencyField(_("currency"))
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=[("en", "English"), ("zh-hans", "简体中文")]
    )
    note = models.TextField(_("words to the customer"), blank=True)
    valid_until = models.DateField(_("valid until"))
    token = LinkTokenField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = QuoteQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deal", "version"], name="quote_version_once_in_deal")]

    def __str__(self) -> str:
        return f"{self.deal} · {self.version}"

    @property
    def ordered_options(self) -> list[QuoteOption]:
        """The options from the smallest to the largest."""
        return list(self.options.select_related("tier").order_by("position"))

    def edit(self, *, options: list[dict[str, Any]], **fields: Any) -> None:
        """Set the quote's own fields and the fields of its options, in their order.

        Raises:
            QuoteSentError: it was sent.
            ValidationError: a value is not valid; nothing was saved.
        """
        with transaction.atomic():
            held = Quote.objects.select_for_update(of=("self",)).get(pk=self.pk)
            if held.is_sent:
                raise QuoteSentError(_("This quote was sent. Draft a new version to change the offer."))
            for name, value in fields.items():
                setattr(self, name, value)
            self.full_clean()
            self.save()
            self.options.update(recommended=False)
            for option, values in zip(self.ordered_options, options, strict=True):
                for name, value in values.items():
                    setattr(option, name, value)
                option.full_clean()
                option.save()


class QuoteOption(models.Model):
    """One of the tiers that a quote offers: what is in it, for how many people, and its price."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="options")
    tier = models.ForeignKey(Tier, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    seats = models.PositiveIntegerField(_("seats"))
    monthly = models.DecimalField(_("price a month"), max_digits=18, decimal_places=2)
    once = models.DecimalField(_("price once"), max_digits=18, decimal_places=2, default=Decimal(0))
    modules = models.JSONField(_("modules"), default=list, blank=True)
    recommended = models.BooleanField(_("recommended"), default=False)
    position = models.PositiveSmallIntegerField()

    copied_fields: ClassVar[tuple[str, ...]] = (
        "tier",
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
    """Return the currency in which the deal's product is priced, else the deal's."""
    tier = deal.product.tiers.order_by("rank").first() if deal.product else None
    currency: str = tier.currency if tier else deal.currency
    return currency


def tier_options(deal: Deal) -> list[QuoteOption]:
    """Return unsaved options, one for each of the product's first three tiers; the middle one is recommended.

    Without tiers in the catalogue, three blank ones named basic, advanced and enterprise, priced at nothing.
    """
    tiers = list(deal.product.tiers.order_by("rank").prefetch_related("modules")[:OPTIONS]) if deal.product else []
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
            name=tier.name,
            seats=tier.included_seats,
            monthly=tier.seat_price * tier.included_seats,
            modules=[module.name for module in tier.modules.all()],
            position=at,
            recommended=at == middle,
        )
        for at, tier in enumerate(tiers, 1)
    ]
