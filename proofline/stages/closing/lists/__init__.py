"""Deals and contracts, as lists know them."""

from proofline.stages.closing.lists import contracts, deals
from proofline.stages.closing.lists.contracts import CONTRACTS
from proofline.stages.closing.lists.deals import DEALS


def register_all() -> None:
    """Make the room's kinds known to lists."""
    deals.register_all()
    contracts.register_all()


__all__ = ["CONTRACTS", "DEALS", "register_all"]
