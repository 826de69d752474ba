"""The facts that this room records on the timeline."""

from django.utils.translation import gettext_noop as _

from proofline.timeline import catalogue


def declare() -> None:
    """Declare the room's facts."""
    catalogue.declare("step.done", sentence=_("did “{step}” of the playbook for {name}"))
    catalogue.declare("step.undone", sentence=_("took back “{step}” of the playbook for {name}"))
