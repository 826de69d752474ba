"""The thread at a place of a proposal: `{% talk_at "line" line.pk %}`, `{% talk_at key %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from proofline.stages.discovery.conversing.talk import Place, Talk

register = template.Library()
ANCHOR, BASIS = "\ue000", "\ue001"
"""What stands for a place in the form that all silent places share: characters without a meaning (Unicode, private use)."""


@register.simple_tag(takes_context=True)
def talk_at(context: template.Context, kind: str, pk: int | None = None) -> SafeString:
    """Show what is said about a place, with a way to say more where that is the reader's; "" where the page has no `talk`."""
    talk = context.get("talk")
    place = talk.at(kind if pk is None else f"{kind}-{pk}") if talk else None
    if not place:
        return SafeString("")
    return _shown(context, place) if place.is_said else _silent(context, place)


@register.simple_tag(takes_context=True)
def talk_here(context: template.Context, place: Any) -> SafeString:
    """Show a place's thread."""
    return _shown(context, place)


def _silent(context: template.Context, place: Place) -> SafeString:
    """A place that nothing is said of: such places differ in their names alone, so a page makes their form once."""
    talk: Talk = context["talk"]
    if not talk.silent:
        talk.silent.append(_shown(context, Place(ANCHOR, BASIS)))
    return SafeString(talk.silent[0].replace(ANCHOR, escape(place.anchor)).replace(BASIS, escape(place.basis)))


def _shown(context: template.Context, place: Any) -> SafeString:
    names = ("talk", "who", "visitor", "proposal", "csrf_token")
    words: dict[str, Any] = {name: context.get(name) for name in names}
    return SafeString(render_to_string("discovery/conversing/place.html", words | {"place": place}))
