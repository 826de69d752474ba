"""Every keyboard shortcut there is: the one table of them, shown by the key ? and at an address of its own.

The keys are handled in `kit/app.js` (`KEYS`, and the palette), `kit/board.js` and the scripts of the rooms; a test compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from proofline.config.navigation import FOOT, NAVIGATION
from proofline.kit.addresses import address

MOD = "Ctrl"
"""Written ⌘ on a Mac, by the browser."""


@dataclass(frozen=True)
class Shortcut:
    """What some keys do: `keys` one after another, or together where a "+" stands between."""

    label: Any
    keys: tuple[str, ...]


SHORTCUTS: tuple[tuple[Any, tuple[Shortcut, ...]], ...] = (
    (
        _("Everywhere"),
        (
            Shortcut(_("Search and commands"), (MOD, "+", "K")),
            Shortcut(_("Keyboard shortcuts"), ("?",)),
            Shortcut(_("New, on this page"), ("C",)),
            Shortcut(_("Search in this list"), ("/",)),
            Shortcut(_("Close what is open"), ("Esc",)),
        ),
    ),
    (
        _("In the search"),
        (
            Shortcut(_("Next and previous result"), ("↓", "↑")),
            Shortcut(_("Open the result"), ("Enter",)),
            Shortcut(_("Open in a new tab"), (MOD, "+", "Enter")),
        ),
    ),
    (
        _("In lists"),
        (
            Shortcut(_("Next and previous row"), ("J", "K")),
            Shortcut(_("Open the row"), ("Enter",)),
            Shortcut(_("Mark the row"), ("X",)),
            Shortcut(_("Filter the list"), ("F",)),
            Shortcut(_("Take all marks off"), ("Esc",)),
            Shortcut(_("Move the column, where columns are chosen"), ("Alt", "+", "↑ ↓")),
        ),
    ),
    (
        _("On records"),
        (
            Shortcut(_("Previous and next record of the list"), ("[", "]")),
            Shortcut(_("Write a note"), ("N",)),
            Shortcut(_("Save the note"), (MOD, "+", "Enter")),
            Shortcut(_("Edit the fact in focus"), ("E",)),
        ),
    ),
    (
        _("On boards"),
        (Shortcut(_("Move the card"), ("Shift", "+", "← ↑ → ↓")),),
    ),
)


def groups() -> list[tuple[Any, tuple[Shortcut, ...]]]:
    """Return all shortcuts by where they work, with those that go to the pages of the sidebar."""
    items = [item for _label, items in (*NAVIGATION, ("", FOOT)) for item in items if item.key and address(item.view)]
    return [*SHORTCUTS, (_("Go to"), tuple(Shortcut(item.label, ("G", item.key.upper())) for item in items))]
