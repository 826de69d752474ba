"""The facts that this room records on the timeline."""

from django.utils.translation import gettext_noop as _

from proofline.records.models.changing import field_names
from proofline.timeline import catalogue


def declare() -> None:
    """Declare the room's facts."""
    catalogue.declare("lead.created", sentence=_("came in as a lead: {name}"))
    catalogue.declare(
        "lead.changed", sentence=_("changed {fields} of the lead {name}"), words={"fields": field_names("reach.Lead")}
    )
    catalogue.declare("lead.qualified", sentence=_("qualified the lead {name}"))
    catalogue.declare("lead.disqualified", sentence=_("turned down the lead {name}"))
