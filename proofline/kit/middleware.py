"""What holds for every page: addresses that no record can have, and the toasts that a part of a page carries along."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from csp.constants import HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

NOT_ALLOWED = 405
NOT_MODIFIED_OR_EMPTY = {204, 304}


class PlainAddressMiddleware:
    """Answer addresses with a NUL, which PostgreSQL keeps in no text: such a page is not there, such a question is refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let plain addresses pass.

        Raises:
            Http404: the path has a NUL.
            SuspiciousOperation: what is asked after the path has one.
        """
        if "\0" in request.path_info:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise SuspiciousOperation("The address has a NUL")
        return self.get_response(request)


class MethodMiddleware:
    """Say in words that an address takes no such request: one that is only sent to, opened by hand."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with a page where there would be none."""
        response = self.get_response(request)
        if response.status_code == NOT_ALLOWED and not response.streaming and not response.content:
            response.content = render_to_string("405.html", request=request).encode()
            response["Content-Type"] = "text/html; charset=utf-8"
        return response


class PolicyMiddleware(CSPMiddleware):
    """Sets the policy of what a page may load; the usual one is put together once, not twice for each answer."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Set the header, unless the view said something of its own."""
        if (
            HEADER in response
            or self.get_policy_parts(request, response) != PolicyParts()
            or hasattr(response, "_csp_exempt")
        ):
            return super().process_response(request, response)
        response[HEADER] = _usual_policy()
        return response


@cache
def _usual_policy() -> str:
    return build_policy()


class CompressionMiddleware(GZipMiddleware):
    """Send pages and JSON compressed to who takes them so; files and what streams go as they are, static files were compressed before."""

    KINDS = ("text/html", "application/json", "application/problem+json")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress an answer where it is worth it; a random length hides what is in it (as Django does it, against BREACH)."""
        if response.streaming or not response.headers.get("Content-Type", "").startswith(self.KINDS):
            return response
        return super().process_response(request, response)


class ToastMiddleware:
    """Append waiting toasts to a part of a page that htmx asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with what waits to be said."""
        response = self.get_response(request)
        if self._is_part(request, response) and len(messages.get_messages(request)):
            toasts = render_to_string("kit/toasts_part.html", {"messages": messages.get_messages(request)}, request)
            response.content += toasts.encode()
        return response

    def _is_part(self, request: HttpRequest, response: HttpResponse) -> bool:
        return (
            request.headers.get("HX-Request-Type") == "partial"
            and not response.streaming
            and response.status_code not in NOT_MODIFIED_OR_EMPTY
            and not response.has_header("Location")
            and response.headers.get("Content-Type", "").startswith("text/html")
        )
