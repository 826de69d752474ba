from django.apps import AppConfig


class GrowthConfig(AppConfig):
    name = "proofline.stages.growth"
    label = "growth"

    def ready(self) -> None:
        """Declare the facts of this room, and its kinds of records."""
        from proofline.stages.growth import facts, lists  # noqa: PLC0415 - after the models are loaded

        facts.declare()
        lists.register_all()
