from django.apps import AppConfig


class GrowthConfig(AppConfig):
    name = "proofline.stages.growth"
    label = "growth"
