from django.urls import path

from proofline.outreach import views
from proofline.outreach.models import Template
from proofline.records.views.voice import rewording

app_name = "outreach"
urlpatterns = [
    path("messages/", views.messages, name="messages"),
    path("messages/<int:pk>/", views.message, name="message"),
    path("messages/<int:pk>/sending/", views.sending, name="sending"),
    path("message-rules/", views.rules, name="rules"),
    path("message-rules/new/", views.rule, name="rule_new"),
    path("message-rules/<int:pk>/", views.rule, name="rule"),
    path("message-rules/<int:pk>/removal/", views.rule_removal, name="rule_removal"),
    path("message-templates/", views.templates, name="templates"),
    path("message-templates/new/", views.template, name="template_new"),
    path("message-templates/<int:pk>/", views.template, name="template"),
    path("message-templates/<int:pk>/removal/", views.template_removal, name="template_removal"),
    path("message-templates/<int:pk>/wording/", rewording(Template), name="template_wording"),
    path("u/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
