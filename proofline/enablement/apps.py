from django.apps import AppConfig


class EnablementConfig(AppConfig):
    name = "proofline.enablement"
    label = "enablement"
