"""The addresses of importing."""

from django.urls import path

from proofline.config.imports import views

app_name = "imports"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/new/", views.new, name="new"),
    path("imports/<int:pk>/", views.import_, name="import"),
    path("imports/<int:pk>/columns/", views.columns, name="columns"),
    path("imports/<int:pk>/run/", views.run, name="run"),
    path("imports/<int:pk>/errors/", views.errors, name="errors"),
]
