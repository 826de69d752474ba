"""Every address, by room."""

from __future__ import annotations

import importlib
import importlib.util

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from proofline.config import environment
from proofline.config.api import api
from proofline.config.api_problems import unknown
from proofline.config.health import healthz
from proofline.config.monitoring import metrics
from proofline.config.views import brand, calendar, search, today
from proofline.kit.styleguide import styleguide

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
    path("search/", search.search_page, name="search"),
    path("search/palette/", search.palette, name="palette"),
    path("shortcuts/", search.shortcuts_page, name="shortcuts"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<int:year>/<int:month>/", calendar.calendar, name="calendar_month"),
    path("calendar/moves/", calendar.moves, name="calendar_moves"),
    path("calendar/feeds/", calendar.feeds, name="calendar_feeds"),
    path("calendar/<slug:view>/<str:day>/", calendar.span, name="calendar_span"),
    path("ics/<str:secret>.ics", calendar.feed, name="calendar_feed"),
    path("settings/", today.settings_page, name="settings"),
    path("brand.css", brand.brand, name="brand"),
    path("language/", brand.language, name="language"),
]


def room_patterns() -> list[URLResolver]:
    """Return the addresses of each room that has any."""
    return [path("", include(f"{room}.urls")) for room in ROOMS if importlib.util.find_spec(f"{room}.urls")]


def developers_patterns() -> list[URLPattern]:
    """Return the page of all parts, for developers and tests alone."""
    return [path("kit/", styleguide, name="styleguide")] if settings.DEBUG or environment.testing() else []


handler400 = "proofline.config.api_problems.not_understood"
handler404 = "proofline.config.api_problems.not_found"
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    re_path("^metrics$", metrics, name="metrics"),
    path("api/", api.urls),
    re_path("^api/", unknown),
    path("me/", include("allauth.urls")),
    path("", include((config_patterns, "config"))),
    path("", include("proofline.config.imports.urls")),
    *room_patterns(),
    *developers_patterns(),
]
