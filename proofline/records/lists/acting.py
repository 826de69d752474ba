"""Actions on many records, done with the rights of whoever asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proofline.kit.jobs import report
from proofline.kit.lists import kind_named

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from proofline.records.models import ListAction


def writable(action: ListAction) -> QuerySet[Any]:
    """Return the records that whoever asked may change now; none when their role lost the right."""
    found = kind_named(action.kind).visible(action.by)
    return found if action.by.may_write(action.area) else found.none()


def run(action: ListAction, *, now: datetime) -> None:
    """Do it, or what is left of it."""
    action.run(records=writable(action), now=now, report=report)


def undo(action: ListAction, *, now: datetime) -> None:
    """Take it back, or what is left of it."""
    action.undo(records=writable(action), now=now, report=report)
