"""Who is not signed in sees nothing but sign-in.

Apart from `access`, which the models need: Django's own middleware asks for the user model as soon as it is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

OWN_AUTHENTICATION = ("/api/", "/v1/", "/healthz")
WANTED = "wanted"
"""In the session: the page that was asked for when a one-time password stood in the way."""


class SignedInMiddleware(LoginRequiredMiddleware):
    """Everything asks for sign-in but views marked `login_not_required` and doors with their own authentication.

    A user with a one-time password can do nothing but choose a new one.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Send who is not signed in to the sign-in page; None lets the request pass."""
        if request.path.startswith(OWN_AUTHENTICATION):
            return None
        if getattr(request.user, "must_change_password", False):  # not so of who is not signed in
            allowed = {reverse("account_change_password"), reverse("account_logout")}
            if request.path not in allowed and getattr(view_func, "login_required", True):
                if _is_page(request):
                    request.session[WANTED] = request.get_full_path()
                return redirect("account_change_password")
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        """Send to the sign-in page, and from there on to the page that was asked for, or from which something was sent."""
        if request.method in {"GET", "HEAD"}:
            return super().handle_no_permission(request, view_func)
        came_from = request.headers.get("Referer", "")
        is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()})
        page = urlsplit(came_from)
        path = urlunsplit(("", "", page.path, page.query, "")) if is_ours else "/"
        return redirect_to_login(path, self.get_login_url(view_func), self.get_redirect_field_name(view_func))


def _is_page(request: HttpRequest) -> bool:
    """Tell whether somebody goes to a page, rather than a page asking for a part of itself."""
    part = request.headers.get("Sec-Fetch-Dest", "document") != "document" or "HX-Request" in request.headers
    return request.method == "GET" and (not part or "HX-Boosted" in request.headers)
