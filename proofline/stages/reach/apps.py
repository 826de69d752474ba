from django.apps import AppConfig


class ReachConfig(AppConfig):
    name = "proofline.stages.reach"
    label = "reach"
