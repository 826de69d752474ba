"""Addresses of pages, worked out once: a list has hundreds of them."""

from __future__ import annotations

from functools import cache

from django.urls import NoReverseMatch, get_script_prefix, reverse


def address(view: str) -> str:
    """Return the address of a named page, "" when no room offers it."""
    return _address(view, get_script_prefix())


def record_address(view: str, pk: int | None) -> str:
    """Return the address of a record's page, whose pattern takes the record's number and nothing else.

    Raises:
        NoReverseMatch: the record has no number yet.
    """
    if pk is None:
        raise NoReverseMatch(view)
    before, after = _around(view, get_script_prefix())
    return f"{before}{pk}{after}"


@cache
def _address(view: str, _prefix: str) -> str:
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""


@cache
def _around(view: str, _prefix: str) -> tuple[str, str]:
    before, _zero, after = reverse(view, args=[0]).rpartition("0")
    return before, after
