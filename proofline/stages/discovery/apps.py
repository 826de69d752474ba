from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "proofline.stages.discovery"
    label = "discovery"

    def ready(self) -> None:
        """Declare the room's facts."""
        from proofline.stages.discovery import facts  # noqa: PLC0415 - after the models are loaded

        facts.declare()
