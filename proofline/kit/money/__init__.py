"""Money: exact amounts (`amounts`), and the columns that keep them (`columns`)."""

from proofline.kit.money.amounts import CurrencyMismatchError, Money, UnknownCurrencyError, currencies, locale_of
from proofline.kit.money.columns import (
    CurrencyField,
    MoneyProperty,
    NoMoneyError,
    OptionalMoneyProperty,
    currency_choices,
)

__all__ = [
    "CurrencyField",
    "CurrencyMismatchError",
    "Money",
    "MoneyProperty",
    "NoMoneyError",
    "OptionalMoneyProperty",
    "UnknownCurrencyError",
    "currencies",
    "currency_choices",
    "locale_of",
]
