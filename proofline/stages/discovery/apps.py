from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "proofline.stages.discovery"
    label = "discovery"
