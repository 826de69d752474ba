from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "proofline.outreach"
    label = "outreach"

    def ready(self) -> None:
        """Declare the facts of this room, and its kinds of records."""
        from proofline.outreach import facts, lists  # noqa: PLC0415 - after the models are loaded

        facts.declare()
        lists.register_all()
