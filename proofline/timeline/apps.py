from django.apps import AppConfig


class TimelineConfig(AppConfig):
    name = "proofline.timeline"
    label = "timeline"
