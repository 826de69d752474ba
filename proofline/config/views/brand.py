"""The company's colours as a stylesheet, for both modes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.http import require_GET, require_POST

from proofline.kit.addresses import next_of
from proofline.kit.colour import brand_css
from proofline.records.models import Workspace

if TYPE_CHECKING:
    from django.http import HttpRequest

A_YEAR = 365 * 24 * 3600


@login_not_required
@require_GET
def brand(request: HttpRequest) -> HttpResponse:
    """Answer with the stylesheet; its address names the colours, so browsers may keep it."""
    del request
    shown = Workspace.current()
    response = HttpResponse(brand_css(shown.accent, shown.second), content_type="text/css")
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language: for a signed-in person for good, else in a cookie. Goes back to where they were."""
    chosen = request.POST.get("language", "")
    response = redirect(next_of(request) or "/")
    if translation.check_for_language(chosen):
        if request.user.is_authenticated:
            request.user.change(language=chosen)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=A_YEAR, samesite="Lax")
    return response
