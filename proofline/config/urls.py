"""Every address, by room."""

from __future__ import annotations

from django.urls import include, path

from proofline.config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
