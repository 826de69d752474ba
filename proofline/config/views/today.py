"""Today: what needs me, ordered by money and deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Show what waits for the user."""
    return render(request, "config/today.html")


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Answer the palette."""
    return render(request, "config/today.html")


@require_GET
def settings_hub(request: HttpRequest) -> HttpResponse:
    """Show where everything is set."""
    return render(request, "config/today.html")
