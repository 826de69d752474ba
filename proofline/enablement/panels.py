"""A record's playbook on its page: the step that applies now in front, what is done, the others folded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from proofline.enablement import kinds
from proofline.enablement.guiding import guides

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from proofline.enablement.kinds import Kind

    Panel = Callable[[HttpRequest, Any], str]


def playbook_of(name: str, through: Callable[[Any], Any] | None = None) -> Panel:
    """Return the panel of the playbooks of a kind's records; it stays away where there are none.

    `through` leads from what the page is about to the record: from a proposal to its study.
    """

    def panel(request: HttpRequest, subject: Any) -> str:
        record = through(subject) if through else subject
        context = context_of(request, kinds.named(name), record)
        return render_to_string("enablement/panel.html", context, request) if context["guides"] else ""

    return panel


def later_playbook_of(name: str) -> Panel:
    """Return the panel that keeps its place and fetches itself, on a page of many parts."""

    def panel(request: HttpRequest, record: Any) -> str:
        kind = kinds.named(name)
        if not kind.applies(record):
            return ""
        return render_to_string("enablement/panel_later.html", {"url": _address(kind, record)}, request)

    return panel


def context_of(request: HttpRequest, kind: Kind, record: Any) -> dict[str, Any]:
    """Return what the panel shows: playbooks with the one in front that has something to do now."""
    found = guides(kind, record, now=timezone.now())
    return {
        "guides": found,
        "front": next((guide for guide in found if guide.next), found[0] if found else None),
        "record": record,
        "url": _address(kind, record),
        "may_write": request.user.may_write(kind.model.write_area),
    }


def _address(kind: Kind, record: Any) -> str:
    return reverse(f"enablement:{kind.name}_playbook", args=[record.pk])
