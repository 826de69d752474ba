from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "proofline.config"
    label = "config"

    def ready(self) -> None:
        from proofline.config import panels, reactions  # noqa: PLC0415 - after the models of all rooms are loaded

        reactions.wire()
        panels.register_all()
