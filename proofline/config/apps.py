from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "proofline.config"
    label = "config"

    def ready(self) -> None:
        """Put the tables of records, reactions, the schedule and the panels into force."""
        from proofline.config import (  # noqa: PLC0415 - after the models of all rooms are loaded
            following,
            kinds,
            lists,
            panels,
            playbooks,
            reactions,
            schedule,
            search,
            subjects,
            voice,
        )
        from proofline.insight.lists import set_address  # noqa: PLC0415

        kinds.register_all()
        playbooks.register_all()
        reactions.wire()
        schedule.wire()
        following.wire()
        search.wire()
        panels.register_all()
        subjects.wire()
        voice.wire()
        set_address(lists.list_address)
