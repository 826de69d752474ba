from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "proofline.stages.delivery"
    label = "delivery"

    def ready(self) -> None:
        """Declare the facts of this room."""
        from proofline.stages.delivery import facts  # noqa: PLC0415 - after the models are loaded

        facts.declare()
