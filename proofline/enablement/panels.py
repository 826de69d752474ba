"""The playbook on the pages of the stage that it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from proofline.enablement.models import Playbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


def playbook_of(stage: str) -> Callable[[HttpRequest, Any], str]:
    """Return the panel that shows the playbooks of a stage; it stays away where there are none."""

    def panel(request: HttpRequest, _subject: Any) -> str:
        found = list(Playbook.objects.filter(stage=stage).order_by("position", "pk"))
        return render_to_string("enablement/panel.html", {"playbooks": found}, request) if found else ""

    return panel
