"""The thread at a place of a proposal: `{% talk_at "line" line.pk %}`, `{% talk_at key %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def talk_at(context: template.Context, kind: str, pk: int | None = None) -> SafeString:
    """Show what is said about a place, with a way to say more where that is the reader's; "" where the page has no `talk`."""
    talk = context.get("talk")
    place = talk.at(kind if pk is None else f"{kind}-{pk}") if talk else None
    return _shown(context, place) if place else SafeString("")


@register.simple_tag(takes_context=True)
def talk_here(context: template.Context, place: Any) -> SafeString:
    """Show a place's thread."""
    return _shown(context, place)


def _shown(context: template.Context, place: Any) -> SafeString:
    names = ("talk", "who", "visitor", "proposal", "csrf_token")
    words: dict[str, Any] = {name: context.get(name) for name in names}
    return SafeString(render_to_string("discovery/conversing/place.html", words | {"place": place}))
