"""Cells read as days and years."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from proofline.kit.imports.cells import Cell, text_of
from proofline.kit.imports.trouble import CellError
from proofline.kit.imports.values.refusing import refuse

FIRST_YEAR, LAST_YEAR = 1900, 2200
OLDEST_COMPANY = 578
SERIAL_START = date(1899, 12, 30)
SERIALS = range(10_000, 110_000)
"""Spreadsheets count days; these are 1927 to 2201."""
MONTHS = 12

YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
SHORT_YEAR = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{2})")
SERIAL = re.compile(r"\d{5,6}")
SHORT_NUMBER = re.compile(r"\d{3,4}")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
TIME = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$")
NAMED_MONTH = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%d-%b-%y", "%Y %b %d")
SHORT_FORMS = ("%m/%d/%y", "%m-%d-%y")

Order = Literal["day", "month", ""]
"""What stands first in 12/10/2016, "" where that is not known."""


def day(cell: Cell, *, order: Order = "") -> date:
    """Read a day: ISO, 2016/10/20, 2016年10月20日, 20.10.2016, 20 Oct 2016, a spreadsheet's number of days.

    12/10/2016 is read in the `order` of its file; without one it is refused, as it is October in one country and December in
    another. 10/12/16 is read with the month first alone: elsewhere its year could stand first as well.

    Raises:
        CellError: it is no day, or could be two.
    """
    if isinstance(cell, datetime):
        return _sane(cell, cell.date())
    if isinstance(cell, date):
        return _sane(cell, cell)
    expected = _("a day such as 2017-03-01")
    if isinstance(cell, float) and 0 < cell < SERIALS.stop:
        cell = int(cell)  # what is behind the point is the time of day
    written = TIME.sub("", unicodedata.normalize("NFKC", text_of(cell)).strip())
    if SERIAL.fullmatch(written) and int(written) in SERIALS:
        return SERIAL_START + timedelta(days=int(written))
    try:
        if match := YEAR_FIRST.fullmatch(written) or COMPACT.fullmatch(written):
            return _sane(cell, date(*map(int, match.groups())))
        if match := YEAR_LAST.fullmatch(written):
            return _sane(cell, _year_last(cell, *match.groups(), order=order))
    except CellError:
        raise
    except ValueError:
        raise refuse(cell, expected=_("a day that is in the calendar, such as 2017-03-01")) from None
    return _sane(cell, _worded(written, order) or _fail(cell, expected))


def order_in(cell: Cell) -> Order:
    """Return the order that a cell shows: in 14/3/2016 the day stands first, in 3/14/16 the month; most days show none."""
    written = TIME.sub("", text_of(cell).strip()) if isinstance(cell, str) else ""
    if match := YEAR_LAST.fullmatch(written) or SHORT_YEAR.fullmatch(written):
        first, sign, second, year = match.groups()
        if sign != "." and int(second) > MONTHS:
            return "month"
        if sign != "." and int(first) > MONTHS and len(year) == len("2016"):
            return "day"
    return ""


def _year_last(cell: Cell, first: str, sign: str, second: str, year: str, *, order: Order) -> date:
    one, two = int(first), int(second)
    if sign == "." or one > MONTHS or one == two or (order == "day" and two <= MONTHS):
        return date(int(year), two, one)
    if two > MONTHS or order == "month":
        return date(int(year), one, two)
    readings = {"first": date(int(year), one, two).isoformat(), "second": date(int(year), two, one).isoformat()}
    raise refuse(cell, expected=_("the year first, as it could be %(first)s or %(second)s") % readings)


def _worded(written: str, order: Order) -> date | None:
    """Return the day that names its month, or has two digits of its year."""
    plain = " ".join(written.replace(",", " ").split())
    for form in (*NAMED_MONTH, *(SHORT_FORMS if order == "month" else ())):
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


def year(cell: Cell) -> int:
    """Read a year; of a day, its year.

    Raises:
        CellError: it is none.
    """
    written = text_of(cell).strip()
    if SHORT_NUMBER.fullmatch(written) and OLDEST_COMPANY <= int(written) <= LAST_YEAR:
        return int(written)
    try:
        return day(cell).year
    except CellError:
        raise refuse(cell, expected=_("a year such as 1996")) from None
