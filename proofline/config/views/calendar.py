"""The calendar: a month, a week or a day, one's own or the team's; moving tasks in it; its private addresses."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from babel.dates import format_date, get_day_names
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.config import calendar as days
from proofline.kit import formats
from proofline.kit.components import Tab, toast
from proofline.records.access import load
from proofline.records.models import CalendarFeed, Task, Workspace

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

BEFORE, AFTER = timedelta(days=31), timedelta(days=366)
"""How far a feed reaches."""


@require_GET
def calendar(request: HttpRequest, year: int = 0, month: int = 0) -> HttpResponse:
    """Show a month, this one without a year; `?whose=team`."""
    try:
        anchor = date(year, month, 1) if year else timezone.localdate()
    except ValueError:
        raise Http404 from None
    return _page(request, days.Span.of("month", anchor))


@require_GET
def span(request: HttpRequest, view: str, day: str) -> HttpResponse:
    """Show a week or a day."""
    try:
        anchor = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    if view not in {"week", "day"}:
        raise Http404
    return _page(request, days.Span.of(view, anchor))


def _page(request: HttpRequest, shown: days.Span) -> HttpResponse:
    team = request.GET.get("whose") == "team" and days.has_team(request.user)
    today = timezone.localdate()
    items = days.between(shown.first, shown.last, viewer=request.user, team=team)
    suffix = "?whose=team" if team else ""
    here = today if shown.first <= today <= shown.last else shown.anchor
    names = get_day_names("abbreviated", locale=formats.locale())
    start = formats.locale().first_week_day
    context: dict[str, Any] = {
        "days": shown.days(items, today=today),
        "title": _title(shown),
        "view": shown.view,
        "team": team,
        "whose": [Tab(_("Mine"), "?", active=not team), Tab(_("My team’s"), "?whose=team", active=team)]
        if days.has_team(request.user)
        else [],
        "views": [
            Tab(words, address(view, here) + suffix, active=view == shown.view)
            for view, words in (("month", _("By month")), ("week", _("By week")), ("day", _("By day")))
        ],
        "earlier": address(shown.view, shown.moved(-1)) + suffix,
        "later": address(shown.view, shown.moved(1)) + suffix,
        "now": address(shown.view, today) + suffix,
        "weekdays": [names[(start + number) % days.WEEK] for number in range(days.WEEK)],
        "empty": not items,
        "may_write": request.user.may_write(Task.write_area),
    }
    return render(request, "config/calendar.html", context)


def address(view: str, day: date) -> str:
    """Return where a day stands in a view."""
    if view == "month":
        return reverse("config:calendar_month", args=[day.year, day.month])
    return reverse("config:calendar_span", args=[view, day.isoformat()])


def _title(shown: days.Span) -> str:
    locale = formats.locale()
    if shown.view == "month":
        return format_date(shown.anchor, "y年M月" if locale.language == "zh" else "MMMM y", locale=locale)
    if shown.view == "day":
        return format_date(shown.anchor, "full", locale=locale)
    return f"{formats.day(shown.first)} – {formats.day(shown.last)}"


@require_POST
def moves(request: HttpRequest) -> HttpResponse:
    """Put a task on another day, at its time of day; 422 with the reason where that can't be."""
    task = load(Task.objects.select_related("owner"), user=request.user, pk=request.POST.get("item"), write=True)
    try:
        day = date.fromisoformat(request.POST.get("column", ""))
        task.change(by=request.user, now=timezone.now(), **task.moved_to(day))
    except (ValueError, ValidationError):
        return HttpResponse(_("This is no day."), status=422)
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    """Show one's calendar addresses; make a new one, which is shown this once, or end one."""
    made = {}
    if request.method == "POST":
        whose, now = request.POST.get("whose", ""), timezone.now()
        if whose not in CalendarFeed.Whose.values:
            raise Http404
        if request.POST.get("end"):
            CalendarFeed.revoke(user=request.user, whose=whose, now=now)
            toast(request, _("The address no longer works."))
            return redirect("config:calendar_feeds")
        secret = CalendarFeed.issue(user=request.user, whose=whose, now=now)
        made[whose] = settings.PUBLIC_URL + reverse("config:calendar_feed", args=[secret])
    living = CalendarFeed.living(request.user)
    rows = [
        {"whose": whose, "label": label, "feed": living.get(whose), "made": made.get(whose, "")}
        for whose, label in CalendarFeed.Whose.choices
        if whose == CalendarFeed.Whose.OWN or days.has_team(request.user)
    ]
    return render(request, "config/calendar_feeds.html", {"rows": rows})


@login_not_required
@require_GET
def feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Give a calendar program what the person of the address may see now."""
    from proofline.config import ics  # noqa: PLC0415 - half a second of code, for which no start waits

    found = CalendarFeed.find(secret, now=timezone.now())
    if found is None:
        raise Http404
    user, workspace = found.user, Workspace.current()
    with (
        translation.override(user.language or settings.LANGUAGE_CODE),
        timezone.override(user.time_zone or workspace.time_zone),
    ):
        today = timezone.localdate()
        team = found.whose == CalendarFeed.Whose.TEAM
        items = days.between(today - BEFORE, today + AFTER, viewer=user, team=team)
        name = f"{workspace.name} · {found.get_whose_display()}"
        body = ics.write(items, name=name)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    answer["Content-Disposition"] = 'inline; filename="proofline.ics"'
    return get_conditional_response(request, etag=etag, response=answer) or answer
