"""The facts of add-ons that customers choose."""

from django.utils.translation import gettext_noop as _

from proofline.timeline import catalogue


def declare() -> None:
    """Declare them."""
    catalogue.declare("proposal.add_on_added", sentence=_("switched {add_on} on in the proposal “{proposal}” ({who})"))
    catalogue.declare(
        "proposal.add_on_dropped", sentence=_("switched {add_on} off in the proposal “{proposal}” ({who})")
    )
    catalogue.declare(
        "proposal.wishes_taken",
        sentence=_("took what the customer chose in “{proposal}” into the configuration: {add_ons}, version {version}"),
    )
