"""The floor under pages and API: a bare Django view on the same records, served as Proofline is (`python -m benchmarks._bare FOLDER PORT`)."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

ROWS = 25
FIELDS = ("id", "name", "email", "phone", "title", "account_id", "owner_id", "created_at", "changed_at")


def rows(_request: HttpRequest) -> JsonResponse:
    """Answer rows that an index gives in their order."""
    from proofline.records.models import Contact  # noqa: PLC0415 - needs Django

    found = Contact.objects.order_by("-changed_at", "-id").values(*FIELDS)[:ROWS]
    return JsonResponse({"items": list(found)})


def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that it runs."""
    return HttpResponse()


urlpatterns = [path("rows", rows), path("healthz", healthz)]


def application() -> WSGIApplication:
    """Return the application, in the worker: Proofline's settings, nothing between server and view."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "proofline.config.settings"
    import django  # noqa: PLC0415 - reads the environment set above

    django.setup()
    from django.conf import settings  # noqa: PLC0415 - as above
    from django.core.handlers.wsgi import WSGIHandler  # noqa: PLC0415 - as above

    settings.MIDDLEWARE, settings.ROOT_URLCONF = [], "benchmarks._bare"
    return WSGIHandler()


def main() -> int:
    """Serve as `config/server.py` does."""
    os.environ |= {"PROOFLINE_DATA": sys.argv[1], "DJANGO_SETTINGS_MODULE": "proofline.config.settings"}
    import multiprocessing  # noqa: PLC0415 - beside what it is for

    from granian.constants import Interfaces  # noqa: PLC0415 - as above
    from granian.log import LogLevels  # noqa: PLC0415 - as above
    from granian.server import Server  # noqa: PLC0415 - as above

    from benchmarks import _bare  # noqa: PLC0415, PLW0406 - under its name, so that the worker finds it
    from proofline.config.server import THREADS  # noqa: PLC0415 - as above

    multiprocessing.set_start_method("spawn", force=True)
    Server(
        "benchmarks._bare:application",
        address="127.0.0.1",
        port=int(sys.argv[2]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backpressure=256,
        log_level=LogLevels.error,
    ).serve(target_loader=_bare.application, wrap_loader=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
