"""The facts that this room records on the timeline."""

from django.utils.translation import gettext_noop as _

from proofline.records.models.changing import field_names
from proofline.timeline import catalogue


def declare() -> None:
    """Declare the room's facts."""
    catalogue.declare("project.opened", sentence=_("opened the project {project}"))
    catalogue.declare(
        "project.changed",
        sentence=_("changed {fields} of {project}"),
        words={"fields": field_names("delivery.Project")},
    )
    catalogue.declare(
        "ticket.changed",
        sentence=_("changed {fields} of the ticket “{title}”"),
        words={"fields": field_names("delivery.Ticket")},
    )
    catalogue.declare("gate.presented", sentence=_("asked for a signature on a gate of {project}"))
    catalogue.declare("gate.accepted", sentence=_("{name} signed a gate of {project}"))
    catalogue.declare("project.went_live", sentence=_("{project} went live"))
    catalogue.declare("ticket.opened", sentence=_("opened the ticket “{title}”"))
    catalogue.declare("ticket.answered", sentence=_("answered the ticket “{title}”"))
    catalogue.declare("ticket.replied", sentence=_("{author} wrote again in the ticket “{title}”"))
    catalogue.declare("ticket.solved", sentence=_("solved the ticket “{title}”"))
    catalogue.declare("ticket.reopened", sentence=_("opened the ticket “{title}” again"))
    catalogue.declare("ticket.breached", sentence=_("let a clock of the ticket “{title}” run out"))
    catalogue.declare("value.measured", sentence=_("measured {metric}: {measured} {unit}, promised {promised}"))
    catalogue.declare("portal.shared", sentence=_("got the link of the customer portal"))
    catalogue.declare("value_report.published", sentence=_("shared value report {number} of {project}"))
