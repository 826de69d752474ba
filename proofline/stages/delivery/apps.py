from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "proofline.stages.delivery"
    label = "delivery"
