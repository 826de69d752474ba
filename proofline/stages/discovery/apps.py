from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "proofline.stages.discovery"
    label = "discovery"

    def ready(self) -> None:
        """Declare the facts of this room, and its kinds of records."""
        from proofline.stages.discovery import facts, lists  # noqa: PLC0415 - after the models are loaded
        from proofline.stages.discovery.competing import lists as competing  # noqa: PLC0415 - as above

        facts.declare()
        lists.register_all()
        competing.register_all()
