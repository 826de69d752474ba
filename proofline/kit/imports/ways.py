"""How the rows of a run meet the records that are there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """What a run may do. What it may not is skipped, and counted as such."""

    BOTH = "both"
    CREATE = "create"
    UPDATE = "update"


class Missing(StrEnum):
    """What becomes of a row that names an account which is not known: it is rejected, or the account is added."""

    REJECT = "reject"
    ADD = "add"


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a run goes about its rows.

    `key` is the one key by which records are found again (a field's name, or several joined by "+"); "": the surest that a row
    gives. `clear`: an empty cell empties the field, where the record may do without it; else it leaves what is known.
    """

    mode: Mode = Mode.BOTH
    key: str = ""
    clear: bool = False
    missing: Missing = Missing.REJECT
