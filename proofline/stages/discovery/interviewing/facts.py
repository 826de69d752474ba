"""The facts of interviews."""

from django.utils.translation import gettext_noop as _

from proofline.records.models.changing import field_names
from proofline.timeline import catalogue


def declare() -> None:
    """Declare them."""
    catalogue.declare(
        "interview.planned",
        sentence=_("planned the interview “{interview}”"),
        properties={"planned_at": _("when it is to begin"), "minutes": _("how long it is planned to take, in minutes")},
    )
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
    catalogue.declare(
        "interview.reopened",
        sentence=_("opened the interview “{interview}” again"),
        properties={
            "was": _("how it had ended: held or called_off"),
            "closed_at": _("when it had been closed"),
            "back": _("questions that it asks again"),
            "elsewhere": _("questions that a later talk keeps, because it has begun with them"),
        },
    )
    catalogue.declare("interview.file_attached", sentence=_("attached “{file}” to the interview “{interview}”"))
