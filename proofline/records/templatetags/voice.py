"""The words of a record's texts that we avoid, each to be replaced with a click."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from proofline.records.voice import of

register = template.Library()


@register.inclusion_tag("records/parts/voice.html", takes_context=True)
def voice(context: template.Context, record: Any) -> dict[str, Any]:
    """Show which words of a record's texts we avoid, to who may change them."""
    request, spoken = context["request"], of(type(record))
    return {
        "hints": spoken.hints(record) if request.user.may_write(record.write_area) else [],
        "url": reverse(spoken.address, args=[record.pk]),
        "next": request.get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }
