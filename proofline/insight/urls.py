from django.urls import path

from proofline.insight import views

app_name = "insight"
urlpatterns = [
    path("insight/", views.dashboard, name="dashboard"),
    path("insight/metrics/<str:name>/", views.metric, name="metric"),
    path("insight/funnel/", views.funnel, name="funnel"),
]
