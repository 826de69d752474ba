"""Panels: parts that a later room puts on an earlier room's page, without the page knowing the room.

`config/panels.py` registers them; a page shows a slot with `{% panels "account.main" account %}`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    Panel = Callable[[HttpRequest, Any], str]

_slots: dict[str, list[tuple[int, Panel]]] = defaultdict(list)


def register(slot: str, panel: Panel, *, order: int = 0) -> None:
    """Put a panel into a slot; a lower order comes first. The panel returns HTML, or "" to stay away."""
    _slots[slot].append((order, panel))


def render(slot: str, *, request: HttpRequest, subject: Any) -> SafeString:
    """Return the slot's panels one after the other."""
    found = sorted(_slots.get(slot, []), key=lambda pair: pair[0])
    return mark_safe("".join(panel(request, subject) for _order, panel in found))  # noqa: S308 - panels are templates
