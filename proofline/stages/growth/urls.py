from django.urls import path

from proofline.stages.growth.views import health, renewals

app_name = "growth"
urlpatterns = [
    path("health/", health.health, name="health"),
    path("health/<int:pk>/", health.account_health, name="account_health"),
    path("health/<int:pk>/readings/", health.readings, name="readings"),
    path("renewals/", renewals.renewals, name="renewals"),
    path("renewals/<int:pk>/", renewals.renewal, name="renewal"),
    path("renewals/<int:pk>/renewal/", renewals.renewal_new, name="renewal_new"),
    path("renewals/<int:pk>/cancellation/", renewals.cancellation, name="cancellation"),
    path("upgrade-suggestions/<int:pk>/dismissal/", renewals.dismissal, name="suggestion_dismissal"),
]
