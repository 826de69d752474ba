from django.apps import AppConfig


class ClosingConfig(AppConfig):
    name = "proofline.stages.closing"
    label = "closing"

    def ready(self) -> None:
        """Declare the facts of this room, and its kinds of records."""
        from proofline.stages.closing import facts, lists  # noqa: PLC0415 - after the models are loaded

        facts.declare()
        lists.register_all()
