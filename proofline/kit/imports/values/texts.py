"""Cells read as texts: names, e-mails, phones, websites; yes and no."""

from __future__ import annotations

import re
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from proofline.kit.domains import bare_domain
from proofline.kit.imports.cells import Cell, text_of
from proofline.kit.imports.values.refusing import refuse

PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*")
LONGEST_PLAIN = 60
"""An address of such a local part and length has nothing to be checked but its domain."""
PLUS = "+\uff0b"
YES = frozenset("yes y true t 1 x 是 有 对 已 已转化 已转换 converted".split())
NO = frozenset("no n false f 0 否 无 没有 未 未转化 未转换".split())


def text(cell: Cell) -> str:
    """Read a text; spaces around it are dropped, signs of compatibility (full width) in it are kept."""
    return text_of(cell).strip()


def line(cell: Cell) -> str:
    """Read a text of one line: a name, a place."""
    return " ".join(text_of(cell).split())


def first(written: str) -> str:
    """Return the first of several values, as Google's exports part them."""
    return written.partition(":::")[0].strip()


def email(cell: Cell) -> str:
    """Read an e-mail address, in small letters.

    Raises:
        CellError: it is none.
    """
    written = first(text_of(cell)).removeprefix("mailto:").strip("<>")
    local, _at, domain = written.rpartition("@")
    plain = PLAIN_LOCAL.fullmatch(local) and len(written) <= LONGEST_PLAIN
    try:
        return f"{local}@{_checked_domain(domain)}".lower() if plain else _checked(written)
    except ValueError:
        raise refuse(cell, expected=_("an e-mail address such as mei@example.com")) from None


def _checked(address: str) -> str:
    """Return an e-mail address in its usual form.

    Raises:
        ValueError: it is none.
    """
    from email_validator import validate_email  # noqa: PLC0415 - only imports need it, and models load this

    return validate_email(address, check_deliverability=False, test_environment=True).normalized.lower()


@lru_cache(maxsize=10_000)
def _checked_domain(domain: str) -> str:
    """Return the domain of e-mail addresses in its usual form; the rows of a file share few.

    Raises:
        ValueError: there can be none of that name.
    """
    return _checked(f"a@{domain}").removeprefix("a@")


def phone(cell: Cell) -> str:
    """Read a phone number: in the international form where it is a valid one with a country, else as it was typed.

    Raises:
        CellError: there are no digits in it.
    """
    written = first(line(cell))
    if sum(map(str.isdigit, written)) < 5:  # noqa: PLR2004 - shorter than any number outside one's own house
        raise refuse(cell, expected=_("a phone number such as +86 138 0013 8000"))
    return _international(written) if any(plus in written for plus in PLUS) else written


@lru_cache(maxsize=10_000)
def _international(written: str) -> str:
    """Return a phone number in the international form where it is a valid one, else as it was typed; colleagues share some."""
    import phonenumbers  # noqa: PLC0415 - as above

    try:
        parsed = phonenumbers.parse(written, None)
    except phonenumbers.NumberParseException:
        return written
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(parsed.country_code or 0, ())
    valid = phonenumbers.is_valid_number_for_region(parsed, regions[0]) if regions else False
    if not valid and not phonenumbers.is_valid_number(parsed):
        return written
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def domain(cell: Cell) -> str:
    """Read a website's domain: `https://www.example.com/about` is example.com.

    Raises:
        CellError: it is none.
    """
    try:
        return bare_domain(text_of(cell))
    except ValidationError:
        raise refuse(cell, expected=_("the domain of a website such as example.com")) from None


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
