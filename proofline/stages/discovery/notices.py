"""Of what people of this room are told."""

from django.utils.translation import gettext_lazy as _

from proofline.records import notices


def declare() -> None:
    """Let people be told of what customers do with a proposal."""
    notices.declare(
        "proposal_comment",
        label=_("A customer comments on a proposal of mine"),
        sentence=_("%(who)s commented on “%(title)s”"),
        icon="message-circle",
    )
    notices.declare(
        "proposal_wish",
        label=_("A customer switches an add-on in a proposal of mine"),
        sentence=_("%(who)s switched %(add_on)s in “%(title)s”"),
        icon="toggle-right",
    )
    notices.declare(
        "proposal_forwarded",
        label=_("A proposal of mine is passed on"),
        sentence=_("“%(title)s” was probably passed on"),
        icon="share",
    )
