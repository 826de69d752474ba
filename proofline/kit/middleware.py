"""What a partial answer to htmx carries along: the toasts, which otherwise only a whole page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

NOT_MODIFIED_OR_EMPTY = {204, 304}


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
