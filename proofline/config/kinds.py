"""Which records are main records, with notes, files, a history and facts to edit in place: one readable table."""

from __future__ import annotations

from proofline.records import kinds
from proofline.records.main_records import ACCOUNT, CONTACT
from proofline.stages.closing.main_records import DEAL
from proofline.stages.delivery.main_records import PROJECT, TICKET
from proofline.stages.reach.main_records import LEAD

TABLE = (ACCOUNT, CONTACT, LEAD, DEAL, PROJECT, TICKET)


def register_all() -> None:
    """Make them known to every room."""
    kinds.register_all(TABLE)
