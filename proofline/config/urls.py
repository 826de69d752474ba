"""Every address, by room."""

from __future__ import annotations

import importlib
import importlib.util

from django.urls import URLResolver, include, path, re_path

from proofline.config.api import api, unknown
from proofline.config.health import healthz
from proofline.config.views import brand, today

ROOMS = (
    "proofline.timeline",
    "proofline.records",
    "proofline.insight",
    "proofline.enablement",
    "proofline.outreach",
    "proofline.stages.reach",
    "proofline.stages.discovery",
    "proofline.stages.closing",
    "proofline.stages.delivery",
    "proofline.stages.growth",
)

config_patterns = [
    path("", today.today_page, name="today"),
    path("search/", today.search_page, name="search"),
    path("settings/", today.settings_page, name="settings"),
    path("brand.css", brand.brand, name="brand"),
    path("language/", brand.language, name="language"),
]


def room_patterns() -> list[URLResolver]:
    """Return the addresses of each room that has any."""
    return [path("", include(f"{room}.urls")) for room in ROOMS if importlib.util.find_spec(f"{room}.urls")]


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/", api.urls),
    re_path("^api/", unknown),
    path("me/", include("allauth.urls")),
    path("", include((config_patterns, "config"))),
    *room_patterns(),
]
