"""With which records playbooks stand, and how their states are known: one readable table."""

from __future__ import annotations

from proofline.enablement import kinds
from proofline.stages.closing.playbooks import DEAL
from proofline.stages.delivery.playbooks import PROJECT, TICKET
from proofline.stages.discovery.playbooks import STUDY
from proofline.stages.growth.playbooks import ACCOUNT
from proofline.stages.reach.playbooks import LEAD

TABLE = (LEAD, STUDY, DEAL, PROJECT, TICKET, ACCOUNT)


def register_all() -> None:
    """Make them known to the room of playbooks."""
    kinds.register_all(TABLE)
