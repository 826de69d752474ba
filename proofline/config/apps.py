from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "proofline.config"
    label = "config"
