"""Addresses of pages, worked out once: a list has hundreds of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from django.http import HttpRequest


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


def next_of(request: HttpRequest) -> str:
    """Return where a form that was sent leads on to, by its field `next`; "" where that is no address of ours."""
    given = str(request.POST.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(given, {request.get_host()}, require_https=request.is_secure())
    return given if is_ours else ""


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
