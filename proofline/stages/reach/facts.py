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
    catalogue.declare("lead.merged", sentence=_("merged {gone} into {name}"))
    catalogue.declare("lead.unmerged", sentence=_("parted {gone} from {name} again"))
    catalogue.declare("lead.qualified", sentence=_("qualified the lead {name}"))
    catalogue.declare("lead.disqualified", sentence=_("turned down the lead {name}"))
    catalogue.declare(
        "signal.raised",
        sentence=_("showed a need: {statement} ({count} times)"),
        properties={"statement": _("the need in words"), "count": _("how often it was done")},
    )
    catalogue.declare("signal.confirmed", sentence=_("confirmed the need of {name}: {statement}"))
    catalogue.declare("signal.dismissed", sentence=_("dismissed the need of {name}: {statement}"))
