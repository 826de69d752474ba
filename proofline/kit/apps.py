from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "proofline.kit"
    label = "kit"
