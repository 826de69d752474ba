"""The facts that this room records on the timeline."""

from django.utils.translation import gettext_noop as _

from proofline.records.models.changing import field_names
from proofline.timeline import catalogue


def declare() -> None:
    """Declare the room's facts."""
    catalogue.declare("study.opened", sentence=_("began discovery: {study}"))
    catalogue.declare(
        "study.changed",
        sentence=_("changed {fields} of the discovery {study}"),
        words={"fields": field_names("discovery.Study")},
    )
    catalogue.declare("need.recorded", sentence=_("recorded the need “{text}”"))
    catalogue.declare("alternative.noted", sentence=_("noted that the customer uses or considers {alternative}"))
    catalogue.declare("alternative.changed", sentence=_("changed what is known of {alternative} at the customer"))
    catalogue.declare("alternative.dropped", sentence=_("took back that the customer uses or considers {alternative}"))
    catalogue.declare("comparison.drafted", sentence=_("drafted the comparison of {study}"))
    catalogue.declare("comparison.changed", sentence=_("changed the comparison of {study}"))
    catalogue.declare("value_case.frozen", sentence=_("promised {monthly_value} {currency} a month in “{value_case}”"))
    catalogue.declare("value_case.shared", sentence=_("asked {to} whether the figures of “{value_case}” are right"))
    catalogue.declare("value_case.agreed", sentence=_("agreed to all that “{value_case}” rests on"))
    catalogue.declare("assumption.agreed", sentence=_("{who} agreed: {assumption}"))
    catalogue.declare("assumption.questioned", sentence=_("{who} questioned “{assumption}”: {note}"))
    catalogue.declare("assumption.explained", sentence=_("answered the question about “{assumption}”: {note}"))
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
    catalogue.declare("proposal.commented", sentence=_("commented on “{place}” in “{proposal}”: {text} ({who})"))
    catalogue.declare("proposal.answered", sentence=_("answered on “{place}” in “{proposal}”: {text}"))
    catalogue.declare("proposal.settled", sentence=_("settled what was asked about “{place}” in “{proposal}”"))
    catalogue.declare("proposal.add_on_added", sentence=_("switched {add_on} on in the proposal “{proposal}” ({who})"))
    catalogue.declare(
        "proposal.add_on_dropped", sentence=_("switched {add_on} off in the proposal “{proposal}” ({who})")
    )
    catalogue.declare(
        "proposal.wishes_taken",
        sentence=_("took what the customer chose in “{proposal}” into the configuration: {add_ons}, version {version}"),
    )
    catalogue.declare("questionnaire.sent", sentence=_("sent the questionnaire “{questionnaire}” {to}"))
    catalogue.declare("questionnaire.link_closed", sentence=_("closed a link to the questionnaire “{questionnaire}”"))
    catalogue.declare("questionnaire.begun", sentence=_("began to answer the questionnaire “{questionnaire}”"))
    catalogue.declare("questionnaire.answered", sentence=_("{who} answered the questionnaire “{questionnaire}”"))
    catalogue.declare("interview.planned", sentence=_("planned the interview “{interview}”"))
    catalogue.declare(
        "interview.changed",
        sentence=_("changed {fields} of the interview “{interview}”"),
        words={"fields": field_names("discovery.Interview")},
    )
    catalogue.declare("interview.called_off", sentence=_("called off the interview “{interview}”"))
    catalogue.declare(
        "interview.held",
        sentence=_(
            "held the interview “{interview}”, {minutes} min: notes {notes}, needs {needs}, answered {answered} of {questions} questions"
        ),
        properties={
            "minutes": _("how long they talked, without pauses, in minutes"),
            "people": _("people of the customer who were there"),
            "notes": _("notes that were taken"),
            "needs": _("needs that came of notes"),
            "questions": _("questions of the guide"),
            "answered": _("questions that were answered"),
            "open": _("questions that go on to the next talk"),
        },
    )
    catalogue.declare("interview.file_attached", sentence=_("attached “{file}” to the interview “{interview}”"))
    catalogue.declare("calculator.published", sentence=_("published the calculator “{calculator}”"))
    catalogue.declare("calculator.withdrawn", sentence=_("withdrew the calculator “{calculator}”"))
    catalogue.declare(
        "calculator.completed",
        sentence=_("calculated {monthly_value} {currency} a month with the calculator “{calculator}”"),
    )
    catalogue.declare(
        "calculator.taken",
        sentence=_("began the value case “{value_case}” with figures from the calculator “{calculator}”"),
    )
