"""The company that works here: its brand, currency and hours; exchange rates to its currency."""

from __future__ import annotations

from copy import copy
from datetime import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.kit.clock import WorkingCalendar
from proofline.kit.colour import on_paper
from proofline.kit.documents import image_data
from proofline.kit.money import CurrencyField, Money
from proofline.kit.once import Once
from proofline.kit.prepared import Prepared
from proofline.records.models.changing import Changeable

if TYPE_CHECKING:
    from datetime import date


class NoExchangeRateError(LookupError):
    """There is no exchange rate to the workspace's currency on or before the day."""


class Workspace(Changeable):
    """The one row of settings that people change in the browser."""

    write_area = "settings"

    name = models.CharField(_("company name"), max_length=120, default="Proofline")
    accent = models.CharField(
        _("accent colour"), max_length=7, default="#2f5bea", validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")]
    )
    second = models.CharField(
        _("second colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as # and six digits, such as #8a5a00."))],
        help_text=_(
            "Written as # and six digits. On pages and papers for customers: today, before, and what was promised, beside the accent colour. Empty: grey."
        ),
    )
    logo = models.FileField(_("logo"), upload_to="brand", blank=True)
    currency = CurrencyField(_("currency"), default="CNY")
    time_zone = models.CharField(_("time zone"), max_length=50, default="Asia/Shanghai")
    opens_at = models.TimeField(_("working day starts"), default=time(9))
    closes_at = models.TimeField(_("working day ends"), default=time(18))
    card_days = models.PositiveSmallIntegerField(
        _("battle cards are stale after, in days"),
        default=90,
        validators=[MinValueValidator(1)],
        help_text=_("Then who looks after the card is asked on Today whether it is still true."),
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_workspace")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **named: Any) -> None:
        """Save it, and let it be read anew."""
        super().save(*args, **named)
        _current.forget()

    @classmethod
    def current(cls) -> Workspace:
        """Return the workspace, read once a request, as a copy that is the caller's own; it is made when it is not there."""
        return copy(_current())

    @property
    def brand(self) -> dict[str, Any]:
        """What documents show of the company: its name, colours that read on paper, and logo (see `kit.documents`)."""
        shown: dict[str, Any] = {"name": self.name, "accent": on_paper(self.accent)}
        if self.second:
            shown["second"] = on_paper(self.second)
        if self.logo:
            with self.logo.open("rb") as file:
                shown["logo"] = image_data(file.read())
        return shown

    @property
    def calendar(self) -> WorkingCalendar:
        """The company's working hours on the Chinese working calendar."""
        return WorkingCalendar(time_zone=self.time_zone, opens=self.opens_at, closes=self.closes_at)

    def in_base(self, money: Money, *, on: date) -> Money:
        """Convert to the workspace's currency with the last rate known on the day.

        Raises:
            NoExchangeRateError: no rate is known.
        """
        if money.currency == self.currency:
            return money
        rate = ExchangeRate.objects.filter(currency=money.currency, since__lte=on).order_by("-since").first()
        if rate is None:
            message = f"No exchange rate from {money.currency} to {self.currency} on {on}; add one in the settings."
            raise NoExchangeRateError(message)
        return Money(money.amount * rate.rate, self.currency).rounded()


@Once
def _current() -> Workspace:
    return _only.first() or Workspace.objects.get_or_create(pk=1)[0]


_only = Prepared[Workspace](lambda: Workspace.objects.filter(pk=1))


class ExchangeRate(models.Model):
    """What one unit of a currency is worth in the workspace's currency, from a day on."""

    currency = CurrencyField(_("currency"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    since = models.DateField(_("since"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "since"], name="rate_once_a_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=Decimal(0)), name="rate_positive"),
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate}"

    @classmethod
    def note(cls, *, currency: str, rate: Decimal, since: date) -> ExchangeRate:
        """Note what a currency is worth from a day on; a second rate of the day replaces the first.

        Raises:
            ValidationError: the rate is not valid.
        """
        found = cls.objects.filter(currency=currency, since=since).first() or cls(currency=currency, since=since)
        found.rate = rate
        found.full_clean()
        found.save()
        return found
