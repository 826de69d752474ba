"""The facts of comments in proposals."""

from django.utils.translation import gettext_noop as _

from proofline.timeline import catalogue


def declare() -> None:
    """Declare them."""
    catalogue.declare("proposal.commented", sentence=_("commented on “{place}” in “{proposal}”: {text} ({who})"))
    catalogue.declare("proposal.answered", sentence=_("answered on “{place}” in “{proposal}”: {text}"))
    catalogue.declare("proposal.settled", sentence=_("settled what was asked about “{place}” in “{proposal}”"))
