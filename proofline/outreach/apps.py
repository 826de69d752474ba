from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "proofline.outreach"
    label = "outreach"
