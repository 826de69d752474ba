"""The two columns that keep an amount of money.

class Offer(models.Model):
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = CurrencyField()
    price = MoneyProperty("amount", "currency")
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self, overload

from babel.numbers import get_currency_name
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from proofline.kit.money.amounts import Money, currencies, locale_of, quantized

CURRENCY_LENGTH = 3
USUAL = ("CNY", "USD", "EUR", "HKD", "TWD", "JPY", "SGD", "GBP")


class NoMoneyError(ValueError):
    """The columns hold no amount or no currency; templates show nothing instead."""

    silent_variable_failure = True


def validate_currency(code: str) -> None:
    """Refuse a code that is not that of a currency in use."""
    if code not in currencies():
        raise ValidationError(_("%(code)s is not a currency code (ISO 4217)."), params={"code": code})


def currency_choices() -> list[tuple[str, str]]:
    """Return (code, "CNY · Chinese Yuan") in the active language: the usual ones first, then the others by code."""
    locale = locale_of()
    codes = [*USUAL, *sorted(currencies() - set(USUAL))]
    return [(code, f"{code} · {get_currency_name(code, locale=locale)}") for code in codes]


class CurrencyField(models.CharField):  # type: ignore[type-arg]
    """A column for an ISO 4217 code."""

    default_validators = [validate_currency]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", CURRENCY_LENGTH)
        super().__init__(*args, **kwargs)

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        """Return a select of the currencies, named in the reader's language."""
        del args
        kwargs.pop("max_length", None)
        given: dict[str, Any] = {
            "required": not self.blank,
            "label": self.verbose_name and capfirst(self.verbose_name),
            "help_text": self.help_text,
            "initial": self.get_default() or None,
        }
        empty = [("", "—")] if self.blank else []
        return forms.ChoiceField(choices=lambda: [*empty, *currency_choices()], **(given | kwargs))


class OptionalMoneyProperty:
    """An amount column and a currency column, read and set as one `Money`, or as None where there is no amount."""

    def __init__(self, amount_field: str, currency_field: str) -> None:
        self.amount_field = amount_field
        self.currency_field = currency_field

    @overload
    def __get__(self, instance: None, owner: type[models.Model]) -> Self: ...
    @overload
    def __get__(self, instance: models.Model, owner: type[models.Model]) -> Money | None: ...
    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Self | Money | None:
        return self if instance is None else self.read(instance)

    def __set__(self, instance: models.Model, value: Money | None) -> None:
        setattr(instance, self.amount_field, None if value is None else self.fitting(instance, value))
        if value is not None:
            setattr(instance, self.currency_field, value.currency)

    def read(self, instance: models.Model) -> Money | None:
        """Return what the columns hold; None where the amount or the currency is missing."""
        amount, currency = getattr(instance, self.amount_field), getattr(instance, self.currency_field)
        return None if amount is None or not currency else Money(Decimal(amount), currency)

    def fitting(self, instance: models.Model, value: Money) -> Decimal:
        """Return the amount with as many decimal places as the column has, halves away from zero."""
        places: int = getattr(instance._meta.get_field(self.amount_field), "decimal_places")  # noqa: B009, SLF001 - a DecimalField, which the stubs can't know
        return quantized(value.amount, Decimal(1).scaleb(-places))


class MoneyProperty:
    """As `OptionalMoneyProperty`, for columns that always hold an amount.

    Raises:
        NoMoneyError: on reading, where there is no amount or no currency.
    """

    def __init__(self, amount_field: str, currency_field: str) -> None:
        self.columns = OptionalMoneyProperty(amount_field, currency_field)

    @overload
    def __get__(self, instance: None, owner: type[models.Model]) -> Self: ...
    @overload
    def __get__(self, instance: models.Model, owner: type[models.Model]) -> Money: ...
    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Self | Money:
        if instance is None:
            return self
        value = self.columns.read(instance)
        if value is None:
            message = f"{self.columns.amount_field} and {self.columns.currency_field} hold no money."
            raise NoMoneyError(message)
        return value

    def __set__(self, instance: models.Model, value: Money) -> None:
        self.columns.__set__(instance, value)
