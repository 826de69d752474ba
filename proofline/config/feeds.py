"""What happened around a record, on the record's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from proofline.timeline.scope import Scope
from proofline.timeline.templatetags.timeline import rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


def feed_of(kind: str) -> Callable[[HttpRequest, Any], str]:
    """Return the panel that shows what happened around a record of a kind ("deal", "lead", …); around a lead, what its person did too."""

    def panel(request: HttpRequest, record: Any) -> str:
        feed = rendered(request, Scope(subject=(kind, record.pk), email=record.email if kind == "lead" else ""))
        return render_to_string("config/feed.html", {"feed": feed}, request)

    return panel
