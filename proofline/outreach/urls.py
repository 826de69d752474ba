from django.urls import path

from proofline.outreach import views

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
    path("u/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
