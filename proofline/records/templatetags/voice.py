"""The words of texts that we avoid, each to be replaced with a click: of a record's texts, and of what stands in a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse

from proofline.records.voice import of

if TYPE_CHECKING:
    from proofline.records.forms.voice import VoicedForm

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


@register.inclusion_tag("records/parts/typed_voice.html")
def voice_of(form: VoicedForm) -> dict[str, Any]:
    """Show which words we avoid in what stands in a form, and in what is being typed. Stands inside the form, after the button that saves."""
    return {"hints": form.typed.hints(), "names": " ".join(form.voiced_names), "spoken": form.spoken}
