"""Cells read as numbers, amounts and currencies."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from babel import Locale
from django.utils.translation import gettext as _

from proofline.kit.imports.cells import Cell, text_of
from proofline.kit.imports.trouble import CellError
from proofline.kit.imports.values.refusing import refuse
from proofline.kit.text import squeeze

CENT = Decimal("0.01")
MOST_DIGITS = 20
CHINESE_TENS = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
SPACES = re.compile(r"[\s'’_\u00a0\u202f\u2009]")
CURRENCY_WORDS = {
    "元": "CNY",
    "¥": "CNY",
    "￥": "CNY",
    "rmb": "CNY",
    "人民币": "CNY",
    "$": "",
    "us$": "USD",
    "€": "EUR",
    "£": "GBP",
}
DOLLARS = frozenset(
    {"AUD", "BBD", "BMD", "BND", "BSD", "CAD", "FJD", "HKD", "JMD", "NAD", "NZD", "SGD", "TTD", "TWD", "USD"}
)
TWO_WAYS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
"""An amount with three decimals, or thousands parted by a point."""
CURRENCY_AROUND = re.compile(r"^([^\d.,+\-(]*)(.*?)([^\d.,)%]*)$")


def number(cell: Cell) -> Decimal:
    """Read a number: 1,000.50, 1.000,50, 1 000,50, (500), 1.5万. Where only one comma parts three last digits, it parts thousands.

    Raises:
        CellError: it is no number.
    """
    if isinstance(cell, bool):
        raise refuse(cell, expected=_("a number such as 1000.50"))
    if isinstance(cell, int | float):
        return _finite(cell, str(cell))
    return _number(cell, text_of(cell))


def _number(cell: Cell, written: str) -> Decimal:
    plain = SPACES.sub("", unicodedata.normalize("NFKC", written)).replace("−", "-")
    if plain.startswith("(") and plain.endswith(")"):
        plain = "-" + plain[1:-1]
    times = CHINESE_TENS.get(plain[-1:], Decimal(1))
    if times != 1:
        plain = plain[:-1]
    return _finite(cell, _with_point(plain)) * times


def _with_point(plain: str) -> str:
    """Return the digits with a point before the decimals and nothing between thousands."""
    if "," in plain and "." in plain:
        decimals, thousands = (",", ".") if plain.rfind(",") > plain.rfind(".") else (".", ",")
        return plain.replace(thousands, "").replace(decimals, ".") if _grouped(plain, thousands, decimals) else ""
    if "," in plain:
        whole, comma, decimals = plain.rpartition(",")
        alone = "," not in whole
        if alone and len(decimals) != 3:  # noqa: PLR2004 - thousands have three digits
            return whole + comma.replace(",", ".") + decimals
        return plain.replace(",", "") if _grouped(plain, ",", ".") else ""
    if plain.count(".") > 1:
        return plain.replace(".", "") if _grouped(plain, ".", ",") else ""
    return plain


def _grouped(plain: str, thousands: str, decimals: str) -> bool:
    """Tell whether the thousands are parted after every third digit (or, as in India, every second)."""
    return (
        re.fullmatch(rf"[+-]?\d{{1,3}}([{thousands}]\d{{2,3}})*[{thousands}]\d{{3}}", plain.partition(decimals)[0])
        is not None
    )


def _finite(cell: Cell, plain: str) -> Decimal:
    try:
        found = Decimal(plain)
    except InvalidOperation:
        raise refuse(cell, expected=_("a number such as 1000.50")) from None
    if not found.is_finite() or found.adjusted() > MOST_DIGITS:
        raise refuse(cell, expected=_("a number such as 1000.50"))
    return found


def whole(cell: Cell) -> int:
    """Read a whole number that is not negative: a count.

    Raises:
        CellError: it is none.
    """
    found = number(cell)
    if found != found.to_integral_value() or found < 0:
        raise refuse(cell, expected=_("a whole number such as 120"))
    return int(found)


def money(cell: Cell) -> Decimal:
    """Read an amount; a currency sign around it is dropped (see `currency_in`).

    Raises:
        CellError: it is no amount, or can be read in two ways as 1.234 can.
    """
    if not isinstance(cell, str):
        return cents(number(cell))
    before, amount, after = _around(cell)
    if before and _currency(before) is None:
        raise refuse(cell, expected=_("an amount such as 1000.50"))
    if after[:1] in CHINESE_TENS:
        amount, after = amount + after[0], after[1:]
    if after and _currency(after) is None:
        raise refuse(cell, expected=_("an amount such as 1000.50"))
    if TWO_WAYS.fullmatch(amount):
        raise refuse(cell, expected=_("an amount such as 1000.50, without a point between thousands"))
    try:
        return cents(_number(cell, amount))
    except CellError:
        raise refuse(cell, expected=_("an amount such as 1000.50")) from None


def currency_in(cell: Cell, *, home: str = "") -> str:
    """Return the currency whose sign or code stands beside an amount, "" where none does.

    A sign that several share means the one of them that is at `home`: $ the company's own dollars, those of the United States
    where it has none. Without a home it means nothing.
    """
    if not isinstance(cell, str):
        return ""
    before, _amount, after = _around(cell)
    after = after.lstrip("".join(CHINESE_TENS))
    if "$" in {before, after}:
        return home if home in DOLLARS else "USD" if home else ""
    if {before, after} & {"¥", "￥"} and home == "JPY":
        return home
    return _currency(before) or _currency(after) or ""


def _around(cell: str) -> tuple[str, str, str]:
    plain = SPACES.sub("", unicodedata.normalize("NFKC", cell)).replace("−", "-")
    sign = "-" if plain.startswith("-") else ""
    match = CURRENCY_AROUND.match(plain.removeprefix("-"))
    before, amount, after = match.groups() if match else ("", plain, "")
    return before, sign + amount, after


def _currency(word: str) -> str | None:
    """Return the currency of a sign or code; "" for a sign that several share; None when it is none."""
    word = word.casefold()
    if word in CURRENCY_WORDS:
        return CURRENCY_WORDS[word]
    code = word.upper()
    return code if code in Locale("en").currencies else None


def currency(cell: Cell) -> str:
    """Read a currency: its ISO code, sign or name in English or Chinese.

    Raises:
        CellError: it is none.
    """
    found = _currency(SPACES.sub("", unicodedata.normalize("NFKC", text_of(cell))))
    if found:
        return found
    for locale in ("en", "zh"):
        for code, name in Locale(locale).currencies.items():
            if squeeze(name) == squeeze(text_of(cell)):
                return str(code)
    raise refuse(cell, expected=_("a currency such as CNY"))


def cents(amount: Decimal) -> Decimal:
    """Return an amount rounded to two decimals, as the records keep it."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
