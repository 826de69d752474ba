"""Which language a request is answered in: the signed-in user's own, else the cookie's, else the browser's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.middleware.locale import LocaleMiddleware as LanguageMiddleware
from django.utils import timezone, translation

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

__all__ = ["LanguageMiddleware", "UserLanguageMiddleware"]


class UserLanguageMiddleware:
    """Answer a signed-in user in the language and the time zone of their choice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the user's language and zone."""
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        with timezone.override(user.time_zone or None):
            return self.get_response(request)
