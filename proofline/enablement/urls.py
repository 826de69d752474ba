from django.urls import path

from proofline.enablement import views

app_name = "enablement"
urlpatterns = [
    path("playbooks/", views.playbooks, name="playbooks"),
    path("playbooks/new/", views.playbook, name="playbook_new"),
    path("playbooks/<int:pk>/", views.playbook, name="playbook"),
    path("playbooks/<int:pk>/removal/", views.removal, name="playbook_removal"),
]
