"""Money: an exact amount in one currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache
from typing import TYPE_CHECKING, Any, Self, overload

from babel import Locale
from babel.core import get_global
from babel.numbers import format_compact_currency, format_currency, get_currency_precision
from django.utils.translation import get_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EXACT_DIGITS = 60


class CurrencyMismatchError(ValueError):
    """Two amounts in different currencies were added, subtracted or compared."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other} can't be reckoned together; convert one of them first.")


class UnknownCurrencyError(ValueError):
    """The code is not that of a currency in use (ISO 4217)."""


@cache
def currencies() -> frozenset[str]:
    """Return the ISO 4217 codes of the currencies that are legal tender somewhere now (CLDR's list, by Babel)."""
    known: dict[str, list[tuple[str, Any, Any, bool]]] = get_global("territory_currencies")  # type: ignore[assignment]
    return frozenset(code for rows in known.values() for code, _start, end, tender in rows if tender and end is None)


def locale_of(language: str | None = None) -> Locale:
    """Return Babel's locale of a Django language code; of the active language when None is given."""
    return Locale.parse(language or get_language() or "en", sep="-")


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency. It is reckoned with other amounts of the same currency and with plain numbers.

    Raises:
        UnknownCurrencyError: the code is not in use.
        TypeError: the amount is a float, or not a number.
        ValueError: the amount is not finite.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.amount, int) and not isinstance(self.amount, bool):
            object.__setattr__(self, "amount", Decimal(self.amount))
        if not isinstance(self.amount, Decimal):
            message = f"An amount is a Decimal, not {type(self.amount).__name__}."
            raise TypeError(message)
        if not self.amount.is_finite():
            message = f"{self.amount} is not an amount."
            raise ValueError(message)
        if self.currency not in currencies():
            message = f"{self.currency!r} is not a currency in use."
            raise UnknownCurrencyError(message)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return nothing, in a currency."""
        return cls(Decimal(0), currency)

    @classmethod
    def total(cls, values: Iterable[Money], *, currency: str) -> Money:
        """Return the sum of amounts of one currency; zero for none.

        Raises:
            CurrencyMismatchError: one is in another currency.
        """
        result: Money = cls.zero(currency)
        for value in values:
            result += value
        return result

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.amount), self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(self.amount * _number(factor), self.currency)

    __rmul__ = __mul__

    @overload
    def __truediv__(self, divisor: Money) -> Decimal: ...
    @overload
    def __truediv__(self, divisor: Decimal | int) -> Money: ...
    def __truediv__(self, divisor: Money | Decimal | int) -> Money | Decimal:
        if isinstance(divisor, Money):
            return self.amount / self._same(divisor)
        return Money(self.amount / _number(divisor), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return self.format()

    def _same(self, other: Money) -> Decimal:
        if not isinstance(other, Money):
            message = f"Money is not reckoned together with {type(other).__name__}."
            raise TypeError(message)
        if other.currency != self.currency:
            raise CurrencyMismatchError(self.currency, other.currency)
        return other.amount

    @property
    def unit(self) -> Decimal:
        """The smallest amount that is paid in this currency: 0.01 for CNY, 1 for JPY."""
        return Decimal(1).scaleb(-get_currency_precision(self.currency))

    def rounded(self) -> Money:
        """Return the amount in whole smallest units, halves away from zero."""
        return Money(quantized(self.amount, self.unit), self.currency)

    def allocate(self, weights: Sequence[Decimal | int]) -> list[Money]:
        """Split by weights into parts that add up to exactly this amount.

        Each part is a multiple of the smallest unit (of the amount's own last digit where that is finer). What is left
        over goes, unit by unit, to the parts that were rounded down most (largest remainder), earlier ones first.

        Raises:
            ValueError: there is no weight above zero, or one is negative.
        """
        shares = [_number(weight) for weight in weights]
        if any(share < 0 for share in shares) or not any(shares):
            message = "Weights are not negative, and one at least is above zero."
            raise ValueError(message)
        exponent = self.amount.as_tuple().exponent
        with localcontext(prec=EXACT_DIGITS):
            unit = min(self.unit, Decimal(1).scaleb(int(exponent)))
            units = int(abs(self.amount) / unit)
            exact = [units * share / sum(shares) for share in shares]
            parts = [int(part) for part in exact]
            order = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
            for index in order[: units - sum(parts)]:
                parts[index] += 1
            sign = -1 if self.amount < 0 else 1
            return [Money(sign * part * unit, self.currency) for part in parts]

    def format(self, *, language: str | None = None, short: bool = False) -> str:
        """Write the amount as a language does, the active one by default; `short` writes ¥1.2万, CN¥12K."""
        locale = locale_of(language)
        if short:
            return format_compact_currency(self.amount, self.currency, locale=locale, fraction_digits=1)
        return format_currency(self.amount, self.currency, locale=locale)


def _number(value: Decimal | int) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        message = f"Money is reckoned with Decimal and int, not {type(value).__name__}."
        raise TypeError(message)
    return Decimal(value)


def quantized(amount: Decimal, unit: Decimal) -> Decimal:
    """Return the amount in multiples of a power of ten, halves away from zero, however long it is."""
    with localcontext(prec=EXACT_DIGITS):
        return amount.quantize(unit, rounding=ROUND_HALF_UP)
