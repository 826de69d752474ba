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
    path("imports/<int:pk>/cancellation/", views.cancellation, name="cancellation"),
    path("imports/<int:pk>/undo/", views.undo, name="undo"),
    path("imports/mappings/", views.mappings, name="mappings"),
    path("imports/mappings/<int:pk>/removal/", views.mapping_removal, name="mapping_removal"),
    path("imports/<int:pk>/errors/", views.errors, name="errors"),
]
