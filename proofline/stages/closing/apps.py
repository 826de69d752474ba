from django.apps import AppConfig


class ClosingConfig(AppConfig):
    name = "proofline.stages.closing"
    label = "closing"
