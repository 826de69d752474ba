"""The facts that this room records on the timeline."""

from django.utils.translation import gettext_noop as _

from proofline.timeline import catalogue


def declare() -> None:
    """Declare the room's facts."""
    catalogue.declare("subscription.started", sentence=_("began to subscribe, until {ends_on}"))
    catalogue.declare("subscription.renewed", sentence=_("renewed until {ends_on}"))
    catalogue.declare("subscription.ended", sentence=_("will not renew: {reason}"))
    catalogue.declare("renewal.reminded", sentence=_("is due for renewal in {days} days"))
    catalogue.declare("health.read", sentence=_("had a health of {score} in the week from {week}"))
    catalogue.declare("wake_up.started", sentence=_("was quiet for two weeks: the wake-up started"))
    catalogue.declare("account.tiered", sentence=_("moved to another customer tier"))
    catalogue.declare("upgrade.suggested", sentence=_("seems ready for {tier}"))
