"""The tasks of a record, on its page in whichever room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from proofline.records.models import Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

MOST = 20


def tasks_of(kind: str) -> Callable[[HttpRequest, Any], str]:
    """Return the panel with the open tasks of a record of a kind ("deal", "lead", …)."""

    def panel(request: HttpRequest, record: Any) -> str:
        found = Task.objects.visible_to(request.user).of(kind, record.pk).open().select_related("owner")
        context = {
            "tasks": found.order_by("due_at", "pk")[:MOST],
            "may_write": request.user.may_write(Task.write_area),
            "kind": kind,
            "record": record,
            "next": record.get_absolute_url(),
        }
        return render_to_string("records/parts/tasks_card.html", context, request)

    return panel
