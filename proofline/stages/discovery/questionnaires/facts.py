"""The facts of questionnaires."""

from django.utils.translation import gettext_noop as _

from proofline.timeline import catalogue


def declare() -> None:
    """Declare them."""
    catalogue.declare("questionnaire.sent", sentence=_("sent the questionnaire “{questionnaire}” {to}"))
    catalogue.declare("questionnaire.link_closed", sentence=_("closed a link to the questionnaire “{questionnaire}”"))
    catalogue.declare("questionnaire.begun", sentence=_("began to answer the questionnaire “{questionnaire}”"))
    catalogue.declare("questionnaire.answered", sentence=_("{who} answered the questionnaire “{questionnaire}”"))
