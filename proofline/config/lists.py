"""Which page lists the records behind a number of insight, and which of its filters are known there: one readable table."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from proofline.kit.addresses import address

if TYPE_CHECKING:
    from collections.abc import Mapping

LISTS: dict[str, tuple[str, frozenset[str]]] = {
    # list: page, its filters
    "leads": ("reach:leads", frozenset({"state", "source", "sector", "product", "owner"})),
    "deals": ("closing:deals", frozenset({"state", "owner", "team", "product", "sector", "source", "month"})),
    "proposals": ("discovery:proposals", frozenset()),
    "projects": ("delivery:projects", frozenset()),
    "renewals": ("growth:renewals", frozenset()),
}
NONE: dict[str, dict[str, str]] = {"deals": {"sector": "-", "source": "-"}, "leads": {"owner": "nobody"}}
"""What stands in a list's address for records that have nothing there; where nothing does, the list can't show them."""


def list_address(name: str, filters: Mapping[str, str]) -> str:
    """Return the address of the list with the filters that it knows; "" where it can't show just these records."""
    page, known = LISTS.get(name, ("", frozenset()))
    found = address(page) if page else ""
    if not found or not filters.keys() <= known:
        return ""
    asked = {key: value or NONE.get(name, {}).get(key, "") for key, value in filters.items()}
    if not all(asked.values()):
        return ""
    if name == "deals":
        asked["as"] = "list"
    return f"{found}?{urlencode(asked)}" if asked else found
