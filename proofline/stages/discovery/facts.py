"""The facts that this room records on the timeline; each part of the room declares its own."""

from django.utils.translation import gettext_noop as _

from proofline.records.models.changing import field_names
from proofline.stages.discovery.agreeing import facts as agreeing
from proofline.stages.discovery.calculators import facts as calculators
from proofline.stages.discovery.comparing import facts as comparing
from proofline.stages.discovery.competing import facts as competing
from proofline.stages.discovery.conversing import facts as conversing
from proofline.stages.discovery.interviewing import facts as interviewing
from proofline.stages.discovery.questionnaires import facts as questionnaires
from proofline.stages.discovery.wishing import facts as wishing
from proofline.timeline import catalogue

PARTS = (competing, comparing, agreeing, conversing, wishing, questionnaires, interviewing, calculators)


def declare() -> None:
    """Declare the room's facts."""
    catalogue.declare("study.opened", sentence=_("began discovery: {study}"))
    catalogue.declare(
        "study.changed",
        sentence=_("changed {fields} of the discovery {study}"),
        words={"fields": field_names("discovery.Study")},
    )
    catalogue.declare("need.recorded", sentence=_("recorded the need “{text}”"))
    catalogue.declare("value_case.frozen", sentence=_("promised {monthly_value} {currency} a month in “{value_case}”"))
    catalogue.declare(
        "configuration.kept", sentence=_("configured {parts} parts for {monthly} {currency} a month, version {version}")
    )
    catalogue.declare("proposal.sent", sentence=_("sent the proposal “{proposal}” to {to}"))
    catalogue.declare("proposal.revoked", sentence=_("closed the link of the proposal “{proposal}”"))
    catalogue.declare("proposal.opened", sentence=_("opened the proposal “{proposal}”"))
    catalogue.declare("proposal.read", sentence=_("read “{section_name}” in the proposal “{proposal}”"))
    catalogue.declare(
        "proposal.forwarded", sentence=_("the proposal “{proposal}” was read by more than one and probably passed on")
    )
    for part in PARTS:
        part.declare()
