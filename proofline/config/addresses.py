"""Addresses of pages that a room may or may not offer."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def address(view: str) -> str:
    """Return the address of a named page, "" when no room offers it."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""
