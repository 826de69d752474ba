from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "proofline.insight"
    label = "insight"
