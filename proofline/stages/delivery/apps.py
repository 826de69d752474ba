from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "proofline.stages.delivery"
    label = "delivery"

    def ready(self) -> None:
        """Declare the facts of this room, and its kinds of records."""
        from proofline.stages.delivery import facts, lists  # noqa: PLC0415 - after the models are loaded

        facts.declare()
        lists.register_all()
