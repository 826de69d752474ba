"""Reckon return and payback of a value case in a JSON file.

The file holds {"currency", "lines": [{"name", "quantity", "unit": "h/week"|"h/month"|"CNY/month"|…, "people", "improvement",
"rate": {"amount", "per": "h"}}], "investment": {"once", "monthly"}, "months": 12, "discount_rate": 0.10}. A month is 52/12 weeks;
"discount_rate" is a year's, for the net present value.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proofline.config.cli.given import a_list, an_object, read
from proofline.config.cli.trouble import InputError

if TYPE_CHECKING:
    import argparse

    from proofline.stages.discovery.roi import Line, Roi

A_YEAR = 12
SHARE_PLACES = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the value case, as JSON")
    parser.add_argument("--json", action="store_true", help='print {"monthly_value", "payback_month", "roi", "npv"}')


def run(options: argparse.Namespace) -> int:
    """Reckon the file and print the result."""
    shown = reckon(options.file.read_bytes())
    if options.json:
        print(json.dumps(shown))
        return 0
    print(f"Value a month:  {shown['monthly_value']:,} {shown['currency']}")
    never = "never" if any(share is not None for share in shown["roi"].values()) else "–"
    print(f"Payback month:  {shown['payback_month'] or never}")
    for months, share in shown["roi"].items():
        print(f"ROI, {months} months: {'nothing invested' if share is None else f'{share:.2%}'}")
    print(f"NPV:            {shown['npv']:,} {shown['currency']}")
    return 0


def reckon(content: bytes) -> dict[str, Any]:
    """Return what a file's value case brings.

    Raises:
        InputError: the file can't be read; says what is wrong and where.
    """
    from proofline.stages.discovery import roi  # noqa: PLC0415 - Django is loaded by now

    given = read(content)
    investment = an_object(given.get("investment") or {}, "investment")
    months = _number(given.get("months", A_YEAR), "months")
    if months != int(months):
        raise InputError("months: a whole number is needed.")
    rows = a_list(given.get("lines"), "lines")
    currency = str(given.get("currency") or "")
    lines = [_line(row, number, currency=currency) for number, row in enumerate(rows, 1)]
    if roi.is_too_much(*(line.monthly(currency=currency) for line in lines)):
        message = f"lines: together they are worth more than {roi.MOST_A_MONTH:,} a month."
        raise InputError(message)
    found = roi.roi(
        lines,
        currency=currency,
        investment=roi.Investment(
            once=_number(investment.get("once", 0), "investment.once"),
            monthly=_number(investment.get("monthly", 0), "investment.monthly"),
        ),
        months=int(months),
        discount_a_year=_number(given.get("discount_rate", roi.DISCOUNT_A_YEAR), "discount_rate", most=10),
    )
    return _shown(found, currency=currency)


def _shown(found: Roi, *, currency: str) -> dict[str, Any]:
    from proofline.stages.discovery.roi import decimal  # noqa: PLC0415 - Django is loaded by now

    shares = {months: found.over(months) for months in sorted({A_YEAR, found.months})}
    return {
        "currency": currency,
        "monthly_value": float(decimal(found.monthly_value)),
        "payback_month": found.payback_month,
        "roi": {
            str(months): None if share is None else float(decimal(share, places=SHARE_PLACES))
            for months, share in shares.items()
        },
        "npv": float(decimal(found.npv)),
    }


def _line(row: Any, number: int, *, currency: str) -> Line:
    from proofline.kit.money import currencies  # noqa: PLC0415 - Django is loaded by now
    from proofline.stages.discovery.roi import Line  # noqa: PLC0415

    where = f"lines[{number}]"
    if currency not in currencies():
        message = f"currency: {currency!r} is not a currency in use."
        raise InputError(message)
    row = an_object(row, where)
    rate = row.get("rate")
    rate = None if rate is None else an_object(rate, f"{where}.rate")
    line = Line(
        name=str(row.get("name", "")),
        quantity=_number(row.get("quantity"), f"{where}.quantity"),
        unit=str(row.get("unit", "")),
        people=_number(row.get("people", 1), f"{where}.people"),
        improvement=_number(row.get("improvement"), f"{where}.improvement", most=1),
        rate=None if rate is None else _number(rate.get("amount"), f"{where}.rate.amount"),
        rate_per="h" if rate is None else str(rate.get("per", "h")),
    )
    if line.quantity == 0:
        message = f"{where}.quantity: nothing can't be improved."
        raise InputError(message)
    try:
        worth = line.monthly(currency=currency)
    except ValueError as error:
        message = f"{where}: {error}"
        raise InputError(message) from error
    if worth is None:
        message = f"{where}.rate: say what one {line.unit.partition('/')[0]} is worth."
        raise InputError(message)
    return line


def _number(value: Any, where: str, *, most: int | None = None) -> Decimal:
    try:
        number = Decimal(str(value)) if value is not None and not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        message = f"{where}: a number is needed."
        raise InputError(message)
    if number < 0 or (most is not None and number > most):
        message = f"{where}: {number} is out of range."
        raise InputError(message)
    return number
