"""`/healthz`: whether the server can really read and write both stores, and whether what comes in is taken further."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from proofline.config.models import Heartbeat
from proofline.timeline import state as timeline_state
from proofline.timeline import store, troubles

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from proofline.kit.troubles import Trouble


def records() -> None:
    """Write to the record store and read it back."""
    Heartbeat.beat(now=timezone.now())


def events() -> None:
    """Write to the columnar store and read it back."""
    store.check()


STORES: dict[str, Callable[[], None]] = {"records": records, "events": events}


@never_cache
@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when each store took a write and gave it back and the projector works, else 503 with what does not."""
    del request
    state = {}
    for name, probe in STORES.items():
        try:
            probe()
        except Exception as error:  # noqa: BLE001 - whatever it is, the store does not work
            trouble(name).failed(troubles.HEALTH, error)
            state[name] = "failed"
        else:
            trouble(name).passed(troubles.HEALTH, troubles.READING)
            state[name] = "ok"
    found = timeline()
    well = set(state.values()) == {"ok"} and not found.pop("stands_still", False)
    status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    told = {"status": "ok" if well else "failed", "stores": state, "timeline": found or None}
    return JsonResponse(told, status=status)


def timeline() -> dict[str, Any]:
    """Return how the timeline stands, nothing when the records can't be read."""
    now = timezone.now()
    try:
        return {**timeline_state.health(now=now), "stands_still": timeline_state.stands_still(now=now)}
    except DatabaseError as error:
        troubles.RECORDS.failed(troubles.READING, error)
        return {}


def trouble(name: str) -> Trouble:
    """Return what tells the log of a store."""
    return troubles.RECORDS if name == "records" else troubles.EVENTS
