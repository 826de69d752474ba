"""The template tags that every page may use without loading them. WEB.md shows each of them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from django import template
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proofline.kit import fields, formats
from proofline.kit import panels as panel_slots

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date as day
    from datetime import datetime

    from django.forms import BoundField, Form

    from proofline.kit.charts import Chart
    from proofline.kit.components import Mark

register = template.Library()

HUES = 8
MARK_LABELS = (
    gettext_lazy("Promised"),
    gettext_lazy("Priced"),
    gettext_lazy("Signed"),
    gettext_lazy("Measured"),
    gettext_lazy("Kept"),
)
MARK_STATES = {
    "empty": (gettext_lazy("not yet"), ""),
    "done": (gettext_lazy("done"), "check"),
    "due": (gettext_lazy("overdue"), "clock"),
    "missed": (gettext_lazy("missed"), "x"),
}

register.filter("number", lambda value, digits=None: formats.number(value, digits=digits))
register.filter("percent", lambda value, digits=0: formats.percent(value, digits=digits))
register.filter("compact", formats.compact)
register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("field_kind", fields.kind)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Show a Tabler icon; with a label it speaks, without it is decoration."""
    if label:
        return format_html('<i class="ti ti-{}" role="img" aria-label="{}" title="{}"></i>', name, label, label)
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', name)


def initials(name: str) -> str:
    """Return what stands in a person's circle: two initials, or the family name of a Chinese name."""
    words = name.split()
    if not words:
        return "?"
    if unicodedata.east_asian_width(words[0][0]) == "W":
        return words[0][0]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.simple_tag
def avatar(user: Any, size: str = "xs", *, name: bool = False) -> SafeString:
    """Show a person or company as a circle with initials; `name=True` writes the name beside it."""
    if not user:
        return format_html('<span class="text-secondary">{}</span>', _("Nobody")) if name else SafeString("")
    text = str(user)
    circle = format_html(
        '<span class="avatar avatar-{} person hue-{}" title="{}" aria-hidden="true">{}</span>',
        size,
        sum(text.encode()) % HUES,
        text,
        initials(text),
    )
    if name:
        return format_html('<span class="with-avatar">{}<span>{}</span></span>', circle, text)
    return format_html('{}<span class="visually-hidden">{}</span>', circle, text)


@register.simple_tag
def money(value: Any, currency: str = "", *, short: bool = False) -> SafeString:
    """Write an amount with its currency, in tabular figures."""
    return format_html('<span class="num">{}</span>', formats.money(value, currency, short=short))


@register.simple_tag
def badge(text: str, tone: str = "", icon: str = "") -> SafeString:
    """Show a state as a small label; `tone` is good, warn, bad, info, accent or nothing."""
    mark = format_html('<i class="ti ti-{}" aria-hidden="true"></i>', icon) if icon else ""
    return format_html('<span class="tag {}">{}{}</span>', f"tag-{tone}" if tone else "", mark, text)


@register.simple_tag
def when(value: datetime | None) -> SafeString:
    """Write a moment as people say it ("3 hours ago"), with the exact time on hover."""
    if value is None:
        return format_html('<span class="text-secondary">{}</span>', formats.NOTHING)
    text = formats.ago(value, now=timezone.now())
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), formats.moment(value), text)


@register.simple_tag(name="date")
def date_tag(value: day | datetime | None) -> SafeString:
    """Write a day."""
    if value is None:
        return format_html('<span class="text-secondary">{}</span>', formats.NOTHING)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.day(value))


@register.simple_tag
def moment(value: datetime | None) -> SafeString:
    """Write a day with its time."""
    if value is None:
        return format_html('<span class="text-secondary">{}</span>', formats.NOTHING)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.moment(value))


@register.inclusion_tag("kit/proof_strip.html")
def proof_strip(marks: Sequence[Mark], *, small: bool = False) -> dict[str, Any]:
    """Show the proof strip: promised, priced, signed, measured, kept."""
    items = [
        {"mark": mark, "label": label, "state": MARK_STATES[mark.state][0], "icon": MARK_STATES[mark.state][1]}
        for mark, label in zip(marks, MARK_LABELS, strict=True)
    ]
    return {"items": items, "small": small}


@register.inclusion_tag("kit/chart.html")
def chart(spec: Chart, title: str = "", *, table: bool = True) -> dict[str, Any]:
    """Show a chart: the finding in words, the drawing, the table behind it (`table=False` where the page shows it itself)."""
    return {"chart": spec, "title": title, "id": f"chart-{id(spec):x}", "table": table}


@register.inclusion_tag("kit/state_path.html")
def state_path(stages: Sequence[Any], current: Any = "") -> dict[str, Any]:
    """Show a state as a path of its stages, (key, label) pairs; `current` is the key where it stands, "" for none."""
    keys = [str(key) for key, _label in stages]
    here = keys.index(str(current)) if str(current) in keys else -1
    return {
        "steps": [
            {"label": label, "state": "done" if i < here else "here" if i == here else "ahead"}
            for i, (_key, label) in enumerate(stages)
        ],
    }


@register.inclusion_tag("kit/progress.html")
def progress(value: float | None, total: float = 1, label: str = "", tone: str = "") -> dict[str, Any]:
    """Show how far something is, as a bar with its number."""
    share = max(0.0, min(1.0, float(value or 0) / float(total or 1)))
    return {"value": share, "text": label or formats.percent(share), "tone": tone}


@register.simple_tag(takes_context=True)
def panels(context: template.Context, slot: str, subject: Any) -> SafeString:
    """Show the panels that later rooms put into a slot of this page."""
    return panel_slots.render(slot, request=context["request"], subject=subject)


@register.simple_tag(takes_context=True)
def repeat_block(context: template.Context, name: str) -> SafeString:
    """Show a block a second time, such as the page's title as its heading."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return mark_safe(block.nodelist.render(context).strip() if block else "")  # noqa: S308 - a rendered template


@register.inclusion_tag("kit/empty.html")
def empty_state(title: str, text: str = "", url: str = "", label: str = "", icon: str = "inbox") -> dict[str, Any]:
    """Show an empty place: what belongs here, and the one button that begins it."""
    return {"title": title, "text": text, "url": url, "label": label, "icon": icon}


@register.simple_block_tag
def card(
    content: str, title: str = "", url: str = "", label: str = "", *, flush: bool = False, anchor: str = ""
) -> str:
    """Frame a section, with a title and one link at its right; `flush` lets a list or table reach the edges."""
    parts = {"content": content, "title": title, "url": url, "label": label, "flush": flush, "anchor": anchor}
    return render_to_string("kit/card.html", parts)


@register.simple_block_tag
def fact(content: str, label: str) -> SafeString:
    """Show one fact of a record: its label and its value. Stands within `<dl class="facts">`."""
    return format_html('<div class="fact"><dt>{}</dt><dd>{}</dd></div>', label, content)


@register.inclusion_tag("kit/tabs.html")
def tabs(items: Sequence[Any]) -> dict[str, Any]:
    """Show tabs, `kit.components.Tab`s."""
    return {"tabs": items}


@register.inclusion_tag("kit/stat.html")
def stat(label: str, value: str, note: str = "", url: str = "", tone: str = "") -> dict[str, Any]:
    """Show one number large, with its label, a note ("up 4 points on last quarter") and where it comes from."""
    return {"label": label, "value": value, "note": note, "url": url, "tone": tone}


@register.inclusion_tag("kit/form_fields.html")
def form(form: Form) -> dict[str, Any]:
    """Show a form's fields, its own errors first."""
    return {"form": form}


@register.inclusion_tag("kit/form_field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """Show one field with its label, help and errors."""
    return {"field": bound, "control": fields.control(bound), "kind": fields.kind(bound)}


@register.inclusion_tag("kit/cell_field.html")
def cell_field(bound: BoundField) -> dict[str, Any]:
    """Show a field of a cell's editor: without a label that can be seen, with its errors."""
    return {"field": bound, "control": fields.control(bound)}
