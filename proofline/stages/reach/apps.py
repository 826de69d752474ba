from django.apps import AppConfig


class ReachConfig(AppConfig):
    name = "proofline.stages.reach"
    label = "reach"

    def ready(self) -> None:
        """Declare the facts of this room, and its kinds of records."""
        from proofline.stages.reach import facts, knowing, likeness, lists  # noqa: PLC0415 - after the models are loaded

        facts.declare()
        lists.register_all()
        likeness.register()
        knowing.register()
