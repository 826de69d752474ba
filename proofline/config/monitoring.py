"""`/metrics`: what Prometheus reads, from this machine or with the token of `PROOFLINE_METRICS_TOKEN`."""

from __future__ import annotations

from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from proofline.timeline import monitoring

if TYPE_CHECKING:
    from django.http import HttpRequest

PASSED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")
"""Headers of proxies: behind one, every request seems to come from this machine."""


@never_cache
@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the figures; 401 for who asks from elsewhere without the token."""
    if not (_is_local(request) or _has_token(request)):
        return HttpResponse(
            "Ask from the server's own machine, or with Authorization: Bearer and PROOFLINE_METRICS_TOKEN.\n",
            status=HTTPStatus.UNAUTHORIZED,
            headers={"WWW-Authenticate": "Bearer"},
            content_type="text/plain; charset=utf-8",
        )
    return HttpResponse(monitoring.text(), content_type=monitoring.CONTENT_TYPE)


def _is_local(request: HttpRequest) -> bool:
    """Tell whether somebody on this machine asks, and not a proxy here for somebody elsewhere."""
    if any(name in request.META for name in PASSED_ON):
        return False
    host = request.META.get("HTTP_HOST", "").rpartition(":")[0] or request.META.get("HTTP_HOST", "")
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and (host == "localhost" or _is_loopback(host.strip("[]")))


def _is_loopback(text: str) -> bool:
    try:
        found = ip_address(text)
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def _has_token(request: HttpRequest) -> bool:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    known = settings.METRICS_TOKEN
    return bool(known) and scheme.lower() == "bearer" and constant_time_compare(token.strip(), known)
