"""`/healthz`: whether the server can really read and write both stores."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from proofline.config.models import Heartbeat
from proofline.timeline import store

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

log = logging.getLogger(__name__)


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
    """Answer 200 when each store took a write and gave it back, else 503 with which did not."""
    del request
    state = {}
    for name, probe in STORES.items():
        try:
            probe()
        except Exception:  # whatever it is, the store does not work
            log.exception("The health check of the %s store failed", name)
            state[name] = "failed"
        else:
            state[name] = "ok"
    well = set(state.values()) == {"ok"}
    status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({"status": "ok" if well else "failed", "stores": state}, status=status)
