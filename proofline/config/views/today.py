"""Today, and the hub of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proofline.config import hub, today
from proofline.kit.components import Tab

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MORNING_ENDS, AFTERNOON_ENDS = 12, 18


@require_GET
def today_page(request: HttpRequest) -> HttpResponse:
    """Show what waits for the user, or for their team: `?whose=team`, and by itself where the user has nothing of their own."""
    now = timezone.now()
    team = today.team_of(request.user)
    whose = request.GET.get("whose", "") if team else "mine"
    groups = [] if whose == "team" else today.groups(people=[request.user], now=now)
    if team and (whose == "team" or (not whose and not groups)):
        whose, groups = "team", today.groups(people=team, now=now)
    context = {
        "groups": groups,
        "tabs": _tabs(whose) if team else [],
        "of_team": whose == "team",
        "now": now,
        "greeting": _greeting(timezone.localtime(now).hour),
        "count": sum(len(group.rows) + group.more for group in groups),
    }
    return render(request, "config/today.html", context)


def _tabs(whose: str) -> list[Tab]:
    return [
        Tab(_("Mine"), "?whose=mine", active=whose != "team"),
        Tab(_("My team’s"), "?whose=team", active=whose == "team"),
    ]


def _greeting(hour: int) -> str:
    if hour < MORNING_ENDS:
        return _("Good morning")
    return _("Good afternoon") if hour < AFTERNOON_ENDS else _("Good evening")


@require_GET
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show where everything is set."""
    return render(request, "config/settings.html", {"groups": hub.groups(request.user)})
