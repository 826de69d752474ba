from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "proofline.config"
    label = "config"

    def ready(self) -> None:
        from proofline.config import panels, reactions, schedule  # noqa: PLC0415 - after the models of all rooms are loaded

        reactions.wire()
        schedule.wire()
        panels.register_all()
