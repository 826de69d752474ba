"""What the room of the records tells the timeline: who may see whose feed, and how people are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from django.http import Http404

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from django.http import HttpRequest

    Check = Callable[..., None]
    Names = Callable[[str, Collection[int]], Mapping[int, str]]


def deny(request: HttpRequest, *, account: int | None, contact: int | None, person: int | None) -> NoReturn:
    """Show nobody anything, until somebody who knows better is set.

    Raises:
        Http404: always.
    """
    del request, account, contact, person
    raise Http404


def nameless(kind: str, ids: Collection[int]) -> Mapping[int, str]:
    """Know no names."""
    del kind, ids
    return {}


check: Check = deny
"""`check(request, account=7 | None, contact=3 | None, person=9 | None)` returns for who may see the feed of these, else raises Http404."""
names: Names = nameless
"""`names("user" | "contact" | "account", ids)` returns how they are called, by id."""


def set_check(function: Check) -> None:
    """Set who may see whose feed."""
    global check  # noqa: PLW0603 - set once, when the rooms above load
    check = function


def set_names(function: Names) -> None:
    """Set how users, contacts and accounts are called in the feed."""
    global names  # noqa: PLW0603 - set once, when the rooms above load
    names = function
