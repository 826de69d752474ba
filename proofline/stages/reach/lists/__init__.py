"""Leads and signals, as lists know them."""

from proofline.stages.reach.lists import leads, signals
from proofline.stages.reach.lists.leads import LEADS, products
from proofline.stages.reach.lists.signals import SIGNALS


def register_all() -> None:
    """Make the room's kinds known to lists."""
    leads.register_all()
    signals.register_all()


__all__ = ["LEADS", "SIGNALS", "products", "register_all"]
