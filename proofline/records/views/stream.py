"""Settings → Live and Timeline: events as they arrive, and how the timeline is doing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DatabaseError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from proofline.records.access import require_write
from proofline.records.views.reasons import told
from proofline.records.views.sending import duration
from proofline.records.views.workspace import SETTINGS
from proofline.timeline import arriving, state, store, troubles
from proofline.timeline.arriving import Wanted
from proofline.timeline.lateness import Cursor
from proofline.timeline.models import Effect, Quarantined, Source

if TYPE_CHECKING:
    from django.http import HttpRequest

LONGEST_ID = 18
LATE = 60
"""Seconds behind that people should know of."""
NO_CONTENT = 204


@never_cache
@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """Show the newest events; `?part&after=` answers with those since then, without content when there are none."""
    require_write(request.user, area=SETTINGS)
    wanted = Wanted(
        _number(request, "source"), request.GET.get("event", "").strip(), request.GET.get("person", "").strip()
    )
    after, part = Cursor.read(request.GET.get("after", "")), "part" in request.GET
    context: dict[str, Any] = {"wanted": wanted, "paused": part and "paused" in request.GET, "most": arriving.SHOWN}
    if context["paused"]:
        found = arriving.Arrivals([], after)
    else:
        try:
            found = arriving.newest(wanted, after=after)
        except DatabaseError as error:
            troubles.RECORDS.failed(troubles.READING, error)
            found, context["down"] = arriving.Arrivals([], after), True
        else:
            troubles.RECORDS.passed(troubles.READING)
        if part and found.cursor == after and not context.get("down") and "again" not in request.GET:
            return HttpResponse(status=NO_CONTENT)
    narrowed = {name: value for name, value in wanted._asdict().items() if value}
    rows = [(row, told(row.wrong)) for row in found.rows]
    context |= {"found": found, "rows": rows, "poll": _poll(narrowed, found.cursor), "narrowed": narrowed}
    if part:
        return render(request, "records/live_part.html", context)
    return render(request, "records/live.html", context | {"sources": Source.objects.order_by("name")})


@require_GET
def arrival(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one event of a batch, `?at=` its position there, as the JSON that came."""
    require_write(request.user, area=SETTINGS)
    found = arriving.one(pk, _number(request, "at") or 0)
    if found is None:
        raise Http404
    return render(request, "records/arrival.html", {"one": found[0], "json": found[1], "why": told(found[0].wrong)})


@never_cache
@require_GET
def timeline(request: HttpRequest) -> HttpResponse:
    """Show how the timeline is doing, and what to do where something is wrong."""
    require_write(request.user, area=SETTINGS)
    now = timezone.now()
    try:
        stored = state.stored()
    except store.StoreError as error:
        troubles.EVENTS.failed(troubles.READING, error)
        stored = None
    else:
        troubles.EVENTS.passed(troubles.READING)
    waiting = state.waiting(now=now)
    context = {
        "waiting": waiting,
        "lag": duration(waiting.lag_seconds),
        "late": waiting.lag_seconds >= LATE,
        "stands_still": state.stands_still(now=now),
        "rate": state.rate(now=now),
        "quarantined": Quarantined.objects.held().count(),
        "failed": Effect.objects.failed().count(),
        "stored": stored,
    }
    part = "records/timeline.html#state" if "part" in request.GET else "records/timeline.html"
    return render(request, part, context)


def _poll(narrowed: dict[str, Any], cursor: Cursor) -> str:
    return f"{reverse('records:live')}?{urlencode({**narrowed, 'part': 1, 'after': str(cursor)})}"


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else None
