from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "proofline.records"
    label = "records"

    def ready(self) -> None:
        from proofline.records import facts, sign_in  # noqa: F401, PLC0415 - after the models are loaded

        facts.declare()
