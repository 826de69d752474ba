from django.apps import AppConfig


class ReachConfig(AppConfig):
    name = "proofline.stages.reach"
    label = "reach"

    def ready(self) -> None:
        from proofline.stages.reach import facts  # noqa: PLC0415 - after the models are loaded

        facts.declare()
