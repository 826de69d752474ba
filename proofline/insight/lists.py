"""Where the records behind a number are listed. Insight knows no stage, so `config` says where (see `config/lists.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Address = Callable[[str, Mapping[str, str]], str]


def nowhere(name: str, filters: Mapping[str, str]) -> str:
    """Know no list."""
    del name, filters
    return ""


_address: Address = nowhere


def set_address(function: Address) -> None:
    """Set what gives the address of a list: `function("deals", {"state": "won", "owner": "Mei"})`, "" for none."""
    global _address  # noqa: PLW0603 - set once, when the rooms above load
    _address = function


def address(name: str, **filters: str) -> str:
    """Return the address of the records of a list that pass the filters, "" when no room lists them."""
    return _address(name, filters)
