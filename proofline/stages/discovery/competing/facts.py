"""The facts of alternatives."""

from django.utils.translation import gettext_noop as _

from proofline.timeline import catalogue


def declare() -> None:
    """Declare them."""
    catalogue.declare("alternative.noted", sentence=_("noted that the customer uses or considers {alternative}"))
    catalogue.declare("alternative.changed", sentence=_("changed what is known of {alternative} at the customer"))
    catalogue.declare("alternative.dropped", sentence=_("took back that the customer uses or considers {alternative}"))
