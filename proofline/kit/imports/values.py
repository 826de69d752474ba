"""Cells read as values: days, numbers, money, e-mails, phones. What can't be read says what is wrong and what is expected."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING

import phonenumbers
from babel import Locale
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from proofline.kit.imports.cells import Cell, text_of
from proofline.kit.imports.trouble import CellError
from proofline.kit.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Callable

    Parser = Callable[[Cell], object]

CENT = Decimal("0.01")
FIRST_YEAR, LAST_YEAR = 1900, 2200
OLDEST_COMPANY = 578
SERIAL_START = date(1899, 12, 30)
SERIALS = range(10_000, 110_000)
"""Spreadsheets count days; these are 1927 to 2201."""
MONTHS = 12
SHOWN = 60

YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
TIME = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$")
NAMED_MONTH = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%Y %b %d")

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
CURRENCY_AROUND = re.compile(r"^([^\d.,+\-(]*)(.*?)([^\d.,)%]*)$")

YES = frozenset("yes y true t 1 x 是 有 对 已 已转化 已转换 converted".split())
NO = frozenset("no n false f 0 否 无 没有 未 未转化 未转换".split())


def shown(cell: Cell) -> str:
    """Return the cell for a message, cut where it is long."""
    text = " ".join(text_of(cell).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def refuse(cell: Cell, *, expected: str) -> CellError:
    """Return the error for a cell that is not what is expected."""
    return CellError(
        _("“%(value)s” can't be read; expected %(expected)s") % {"value": shown(cell), "expected": expected}
    )


def text(cell: Cell) -> str:
    """Read a text; spaces around it are dropped, signs of compatibility (full width) in it are kept."""
    return text_of(cell).strip()


def line(cell: Cell) -> str:
    """Read a text of one line: a name, a place."""
    return " ".join(text_of(cell).split())


def day(cell: Cell) -> date:
    """Read a day: ISO, 2016/10/20, 2016年10月20日, 20.10.2016, 20 Oct 2016, a spreadsheet's number of days.

    12/10/2016 is refused, as it is October in one country and December in another.

    Raises:
        CellError: it is no day, or could be two.
    """
    if isinstance(cell, datetime):
        return _sane(cell, cell.date())
    if isinstance(cell, date):
        return _sane(cell, cell)
    expected = _("a day such as 2017-03-01")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        cell = text_of(float(int(cell)))
    written = TIME.sub("", unicodedata.normalize("NFKC", text_of(cell)).strip())
    if written.isdigit() and int(written) in SERIALS:
        return SERIAL_START + timedelta(days=int(written))
    try:
        if match := YEAR_FIRST.fullmatch(written) or COMPACT.fullmatch(written):
            return _sane(cell, date(*map(int, match.groups())))
        if match := YEAR_LAST.fullmatch(written):
            return _sane(cell, _year_last(cell, *match.groups()))
    except CellError:
        raise
    except ValueError:
        raise refuse(cell, expected=_("a day that is in the calendar, such as 2017-03-01")) from None
    return _sane(cell, _named_month(written) or _fail(cell, expected))


def _year_last(cell: Cell, first: str, sign: str, second: str, year: str) -> date:
    one, two = int(first), int(second)
    if sign == "." or one > MONTHS or one == two:
        return date(int(year), two, one)
    if two > MONTHS:
        return date(int(year), one, two)
    readings = {"first": date(int(year), one, two).isoformat(), "second": date(int(year), two, one).isoformat()}
    raise refuse(cell, expected=_("the year first, as it could be %(first)s or %(second)s") % readings)


def _named_month(written: str) -> date | None:
    plain = " ".join(written.replace(",", " ").split())
    for form in NAMED_MONTH:
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return None


def _sane(cell: Cell, found: date) -> date:
    if FIRST_YEAR <= found.year <= LAST_YEAR:
        return found
    raise refuse(cell, expected=_("a year from %(first)d to %(last)d") % {"first": FIRST_YEAR, "last": LAST_YEAR})


def _fail(cell: Cell, expected: str) -> date:
    raise refuse(cell, expected=expected)


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
    if not found.is_finite():
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
        CellError: it is no amount.
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
    try:
        return cents(_number(cell, amount))
    except CellError:
        raise refuse(cell, expected=_("an amount such as 1000.50")) from None


def currency_in(cell: Cell) -> str:
    """Return the currency whose sign or code stands beside an amount, "" where none does or the sign has several."""
    if not isinstance(cell, str):
        return ""
    before, _amount, after = _around(cell)
    return _currency(before) or _currency(after.lstrip("".join(CHINESE_TENS))) or ""


def _around(cell: str) -> tuple[str, str, str]:
    plain = SPACES.sub("", unicodedata.normalize("NFKC", cell))
    match = CURRENCY_AROUND.match(plain)
    before, amount, after = match.groups() if match else ("", plain, "")
    if before.endswith("-"):
        before, amount = before[:-1], "-" + amount
    return before, amount, after


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


def email(cell: Cell) -> str:
    """Read an e-mail address, in small letters.

    Raises:
        CellError: it is none.
    """
    written = text_of(cell).strip().removeprefix("mailto:").strip("<>")
    try:
        return validate_email(written, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise refuse(cell, expected=_("an e-mail address such as mei@example.com")) from None


def phone(cell: Cell) -> str:
    """Read a phone number: in the international form where it is a valid one with a country, else as it was typed.

    Raises:
        CellError: there are no digits in it.
    """
    written = line(cell)
    if sum(character.isdigit() for character in written) < 5:  # noqa: PLR2004 - shorter than any number outside one's own house
        raise refuse(cell, expected=_("a phone number such as +86 138 0013 8000"))
    try:
        parsed = phonenumbers.parse(written, None)
    except phonenumbers.NumberParseException:
        return written
    if not phonenumbers.is_valid_number(parsed):
        return written
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def yes(cell: Cell) -> bool:
    """Read a yes or no, in both languages, also as 1 and 0.

    Raises:
        CellError: it is neither.
    """
    word = text_of(cell).strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise refuse(cell, expected=_("yes or no"))


def domain(cell: Cell) -> str:
    """Read a website's domain: `https://www.example.com/about` is example.com."""
    written = text_of(cell).strip().casefold()
    written = written.partition("://")[2] or written
    return written.partition("/")[0].partition("?")[0].removeprefix("www.").rpartition("@")[2].partition(":")[0]


def cents(amount: Decimal) -> Decimal:
    """Return an amount rounded to two decimals, as the records keep it."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def year(cell: Cell) -> int:
    """Read a year; of a day, its year.

    Raises:
        CellError: it is none.
    """
    if text_of(cell).strip().isdigit() and OLDEST_COMPANY <= int(text_of(cell)) <= LAST_YEAR:
        return int(text_of(cell))
    try:
        return day(cell).year
    except CellError:
        raise refuse(cell, expected=_("a year such as 1996")) from None
