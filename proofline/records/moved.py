"""Addresses of records that became others lead to those."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from proofline.kit.components import toast
from proofline.records.access import MovedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class MovedMiddleware:
    """Answers with the way to the record that another one became."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Lead a visitor on: to the same page of the other record; who wanted to change the one is told that nothing was done."""
        if not isinstance(error, MovedError):
            return None
        match, record = request.resolver_match, error.record
        if request.method not in {"GET", "HEAD"}:
            toast(request, _("This record was merged meanwhile, so nothing was changed."), level=messages.WARNING)
        elif match and set(match.kwargs) == {"pk"}:
            return redirect(reverse(match.view_name, args=[record.pk]))
        return redirect(record)
