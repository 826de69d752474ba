from django.apps import AppConfig


class EnablementConfig(AppConfig):
    name = "proofline.enablement"
    label = "enablement"

    def ready(self) -> None:
        """Declare the room's facts."""
        from proofline.enablement import facts  # noqa: PLC0415 - after the models are loaded

        facts.declare()
