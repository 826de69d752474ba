"""What we sell, and what it is good for: products, their parts and prices; pains, modules and the metrics that show value."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.deletion import ProtectedError
from django.utils.translation import gettext_lazy as _

from proofline.kit import formats, search
from proofline.kit.adding import adding
from proofline.kit.addresses import record_address
from proofline.kit.columns import SmallJSONField
from proofline.kit.money import CurrencyField, MoneyProperty, OptionalMoneyProperty
from proofline.records.access import VisibleQuerySet
from proofline.records.models.changing import Changeable

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models.people import User


class LibraryQuerySet(VisibleQuerySet):
    """The library is everybody's to read."""

    def visible_to(self, user: object) -> LibraryQuerySet:
        """Keep everything: the library has no owners."""
        del user
        return self

    def add(self, *, by: User | None, now: datetime, **values: Any) -> Any:
        """Add an item with its links.

        Raises:
            ValidationError: a value is not valid.
        """
        del by, now
        fields = self.model._meta  # noqa: SLF001 - Django's documented model API
        links = {name: value for name, value in values.items() if fields.get_field(name).many_to_many}
        item = self.model(**{name: value for name, value in values.items() if name not in links})
        with adding(item):
            item.save()
            search.add(item)
            for name, value in links.items():
                getattr(item, name).set(value)
        return item


class LibraryItem(Changeable):
    """A thing in the library: seen by all who sign in, changed by those who may write the `library`."""

    write_area = "library"
    objects = LibraryQuerySet.as_manager()

    class Meta:
        abstract = True

    def remove(self) -> None:
        """Take it out of the library.

        Raises:
            ValidationError: other records still need it.
        """
        try:
            with search.dropping(type(self), [self.pk]):
                self.delete()
        except ProtectedError as error:
            raise ValidationError(_("Other records still use this, so it stays.")) from error


class Named(LibraryItem):
    """An item whose name customers read: one name, and another for Chinese pages and papers where that differs."""

    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        """Its name in the language of the page or paper."""
        name: str = self.name  # type: ignore[attr-defined] # each item has one, of its own length
        return self.name_zh if self.name_zh and formats.is_chinese() else name


class Product(Named):
    """A product; `series` groups products."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    series = models.CharField(_("series"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True)
    list_price = models.DecimalField(_("list price"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = CurrencyField(_("currency"), blank=True)
    external_id = models.CharField(_("id in the source"), max_length=120, null=True, blank=True, unique=True)
    extra = SmallJSONField(default=dict, blank=True, editable=False)

    price = OptionalMoneyProperty("list_price", "currency")

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return record_address("records:product", self.pk)


class Module(Named):
    """A part of a product that eases some pains. An add-on is a module outside every tier."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="modules", verbose_name=_("product"))
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    feature_key = models.CharField(
        _("feature key"),
        max_length=120,
        blank=True,
        help_text=_("The value of the property “feature” in the events that this module sends."),
    )
    monthly_price = models.DecimalField(
        _("price a month as an add-on"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    currency = CurrencyField(_("currency"), blank=True)

    price = OptionalMoneyProperty("monthly_price", "currency")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="module_once_in_product")]


class Tier(Named):
    """A step of the ladder basic – advanced – enterprise: what it unlocks and what it costs per seat and month."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="tiers", verbose_name=_("product"))
    name = models.CharField(_("name"), max_length=120)
    rank = models.PositiveSmallIntegerField(_("step"), help_text=_("1 is the lowest."))
    modules = models.ManyToManyField(Module, related_name="tiers", blank=True, verbose_name=_("modules"))
    seat_price = models.DecimalField(_("price per seat and month"), max_digits=18, decimal_places=2)
    currency = CurrencyField(_("currency"))
    included_seats = models.PositiveIntegerField(_("seats included"), default=1)

    price = MoneyProperty("seat_price", "currency")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "rank"], name="tier_rank_once_in_product")]


class ServicePack(Named):
    """A service sold once: onboarding, migration, training."""

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="service_packs", verbose_name=_("product")
    )
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    fee = models.DecimalField(_("price once"), max_digits=18, decimal_places=2)
    currency = CurrencyField(_("currency"))

    price = MoneyProperty("fee", "currency")


class ValueMetric(Named):
    """A number in which value shows, with its unit, its formula in words and how product events measure it.

    Measured value of a period = (events named `event`, or the sum of their `property`) × `factor`, per `per`.
    """

    class Per(models.TextChoices):
        WEEK = "week", _("week")
        MONTH = "month", _("month")

    name = models.CharField(_("name"), max_length=120, unique=True)
    unit = models.CharField(_("unit"), max_length=40, help_text=_("Such as h/week or CNY/month."))
    formula = models.CharField(_("formula"), max_length=250, help_text=_("In words, as the customer reads it."))
    event = models.CharField(_("measured by the event"), max_length=120, blank=True)
    property = models.CharField(_("sum of its property"), max_length=120, blank=True, help_text=_("Empty: events."))
    factor = models.DecimalField(_("times"), max_digits=12, decimal_places=4, default=1)
    per = models.CharField(_("per"), max_length=8, choices=Per.choices, default=Per.WEEK)
    usual_share = models.DecimalField(
        _("improvement to begin with"),
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
        help_text=_("What is promised until customers were measured: 0.4 for 40%."),
    )

    def __str__(self) -> str:
        return f"{self.called} ({self.unit})"


class Pain(Named):
    """What hurts customers, the modules that ease it and the metrics that show it."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    description = models.TextField(_("description"), blank=True)
    modules = models.ManyToManyField(Module, related_name="pains", blank=True, verbose_name=_("modules that ease it"))
    metrics = models.ManyToManyField(ValueMetric, related_name="pains", blank=True, verbose_name=_("metrics"))
