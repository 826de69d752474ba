"""How the preview of a merger counts what follows, across rooms, and what else goes with a record: the tables of it.

A model that does not stand in `WORDS` follows all the same; it is counted among the other things.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from proofline.enablement.models import Tick
from proofline.records import about, previewing

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model

WORDS: dict[str, Callable[[int], str]] = {
    # model, how so many of it are called
    "records.Contact": lambda n: ngettext("%(n)s contact", "%(n)s contacts", n),
    "records.Account": lambda n: ngettext("%(n)s subsidiary", "%(n)s subsidiaries", n),
    "reach.Lead": lambda n: ngettext("%(n)s lead", "%(n)s leads", n),
    "reach.Signal": lambda n: ngettext("%(n)s signal", "%(n)s signals", n),
    "discovery.Study": lambda n: ngettext("%(n)s value case", "%(n)s value cases", n),
    "discovery.Reply": lambda n: ngettext("%(n)s answered questionnaire", "%(n)s answered questionnaires", n),
    "discovery.Interview": lambda n: ngettext("%(n)s interview", "%(n)s interviews", n),
    "closing.Deal": lambda n: ngettext("%(n)s deal", "%(n)s deals", n),
    "closing.DealPerson": lambda n: ngettext("part in %(n)s deal", "part in %(n)s deals", n),
    "closing.Contract": lambda n: ngettext("%(n)s contract", "%(n)s contracts", n),
    "delivery.Project": lambda n: ngettext("%(n)s project", "%(n)s projects", n),
    "delivery.Ticket": lambda n: ngettext("%(n)s ticket", "%(n)s tickets", n),
    "growth.Subscription": lambda n: ngettext("%(n)s subscription", "%(n)s subscriptions", n),
    "outreach.Message": lambda n: ngettext("%(n)s message", "%(n)s messages", n),
    "records.Task": lambda n: ngettext("%(n)s task", "%(n)s tasks", n),
    "records.Note": lambda n: ngettext("%(n)s note", "%(n)s notes", n),
    "records.RecordFile": lambda n: ngettext("%(n)s file", "%(n)s files", n),
    "enablement.Tick": lambda n: ngettext("%(n)s playbook step done", "%(n)s playbook steps done", n),
    "records.Evidence": lambda n: ngettext("%(n)s piece of evidence", "%(n)s pieces of evidence", n),
}

BESIDE: tuple[type[Model], ...] = (Tick,)
"""What later rooms keep about records without being part of them: gone when they are gone for good (`records/about.py`)."""


def wire() -> None:
    """Put the tables into force."""
    about.BESIDE.extend(BESIDE)
    previewing.WORDS.update(WORDS)
