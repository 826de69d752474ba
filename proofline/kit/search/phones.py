"""Telephone numbers as they are typed: with spaces or without, with the country's code or without."""

from __future__ import annotations

import re

NUMBER = re.compile(r"[\d\s()+./-]+")
LEAST_DIGITS, LONGEST_CODE = 6, 3
LEAST_LAST = 4
"""So many last digits tell a number from enough others."""


def digits(text: str, *, least: int = LEAST_DIGITS) -> str:
    """Return the digits of what is written like a telephone number, else ""."""
    found = re.sub(r"\D", "", text)
    return found if len(found) >= least and NUMBER.fullmatch(text.strip()) else ""


def national(text: str) -> list[str]:
    """Return the digits of a number, and what is left of them without the country's code where it is written with one."""
    found = re.sub(r"\D", "", text)
    if len(found) < LEAST_DIGITS:
        return []
    if text.strip().startswith("+"):
        from phonenumbers import COUNTRY_CODE_TO_REGION_CODE  # noqa: PLC0415 - commands that search nothing need not wait for it

        for length in range(1, LONGEST_CODE + 1):
            if int(found[:length]) in COUNTRY_CODE_TO_REGION_CODE:
                return [found, found[length:]]
    return [found]
