"""Addresses of the timeline. `/v1/*` is answered before Django by `ingest.wsgi`; the same function stands here for tests."""

from __future__ import annotations

from django.urls import path

from proofline.timeline import ingest, views

app_name = "timeline"
urlpatterns = [
    path("feed/", views.feed_page, name="feed"),
    path("v1/<str:method>", ingest.view, name="ingest"),
    *(
        path(f"{address.strip('/')}/", ingest.view, name=f"posthog-{address.strip('/')}")
        for address in sorted(ingest.POSTHOG_PATHS)
    ),
]
