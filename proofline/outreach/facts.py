"""The facts that this room records on the timeline."""

from django.utils.translation import gettext_noop as _

from proofline.timeline import catalogue


def declare() -> None:
    """Declare the room's facts."""
    catalogue.declare("message.sent", sentence=_("got the message “{subject}”"))
    catalogue.declare("message.failed", sentence=_("could not be reached with “{subject}”"))
    catalogue.declare("contact.unsubscribed", sentence=_("unsubscribed from our mail"))
    catalogue.declare("contact.resubscribed", sentence=_("subscribed to our mail again"))
