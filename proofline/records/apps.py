from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "proofline.records"
    label = "records"

    def ready(self) -> None:
        """Declare the room's facts and tell the timeline who may see whose feed."""
        from proofline.records import asking, facts, sign_in, visitors  # noqa: F401, PLC0415 - after the models are loaded
        from proofline.records.lists import behaviour, customers, library  # noqa: PLC0415
        from proofline.timeline import access  # noqa: PLC0415

        facts.declare()
        asking.register()
        behaviour.register()
        customers.register_all()
        library.register_all()
        access.set_check(visitors.check_feed)
        access.set_names(visitors.names)
