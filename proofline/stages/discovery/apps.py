from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiscoveryConfig(AppConfig):
    name = "proofline.stages.discovery"
    label = "discovery"

    def ready(self) -> None:
        """Declare the facts of this room, and its kinds of records."""
        from proofline.records import catalogue_pages  # noqa: PLC0415 - after the models are loaded
        from proofline.stages.discovery import facts, lists, notices  # noqa: PLC0415 - as above

        facts.declare()
        notices.declare()
        lists.register_all()
        catalogue_pages.register("templates", _("Templates of value lines"), "discovery:line_templates")
        catalogue_pages.register("rules", _("Rules"), "discovery:catalogue_rules")
        catalogue_pages.register("prices", _("Price rules"), "discovery:price_rules")
        catalogue_pages.register("check", _("Check of the catalogue"), "discovery:catalogue_check")
