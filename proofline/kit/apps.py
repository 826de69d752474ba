from django.apps import AppConfig
from django.db import models


class KitConfig(AppConfig):
    name = "proofline.kit"
    label = "kit"

    def ready(self) -> None:
        """Let no decimal column take a number that a store can't give back."""
        from proofline.kit.columns import check_digits  # noqa: PLC0415 - Django's fields are loaded with the apps

        models.DecimalField.default_validators = [check_digits]
