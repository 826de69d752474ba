"""Addresses of the timeline. `/v1/*` is answered before Django by `ingest.wsgi`; the same function stands here for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.urls import URLPattern

app_name = "timeline"
urlpatterns: list[URLPattern] = []
