"""Today, the palette's search, and the hub of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proofline.config import hub, search, today
from proofline.config.navigation import Shell

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST_LETTERS = 100
MORNING_ENDS, AFTERNOON_ENDS = 12, 18


@require_GET
def today_page(request: HttpRequest) -> HttpResponse:
    """Show what waits for the user."""
    now = timezone.now()
    groups = today.groups(user=request.user, now=now)
    hour = timezone.localtime(now).hour
    greeting = _("Good morning") if hour < MORNING_ENDS else _("Good afternoon") if hour < AFTERNOON_ENDS else _("Good evening")
    context = {"groups": groups, "now": now, "greeting": greeting, "count": sum(len(g.items) + g.more for g in groups)}
    return render(request, "config/today.html", context)


@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """Answer the palette, or show the results as a page."""
    text = request.GET.get("q", "").strip()[:MOST_LETTERS]
    context = {
        "text": text,
        "records": search.records(text, user=request.user) if text else [],
        "pages": search.pages(text, Shell(request).nav),
    }
    part = request.headers.get("HX-Request-Type") == "partial"
    return render(request, "config/search_results.html" if part else "config/search.html", context)


@require_GET
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show where everything is set."""
    return render(request, "config/settings.html", {"groups": hub.groups(request.user)})
