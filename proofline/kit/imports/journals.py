"""What a run keeps beside the records: how far it is, what became of its rows, and what is needed to take it back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

Suggested = tuple[str, str, str]
"""Column, value in it, the known value that was probably meant."""


@dataclass
class Touch:
    """What a row did to a record.

    A record that it made has a `mark` (see `undoing.mark_of`); one that it changed has its `changes`, {field: [before, after]}
    as they are kept in JSON.
    """

    row: int
    record: int
    mark: str = ""
    changes: dict[str, list[Any]] | None = None
    kind: str = ""
    """Of a record that the row needed and that was added for it: its kind."""


@dataclass
class Chunk:
    """Rows that were written together, in one transaction with this: so each row counts once, whenever the process is killed.

    `until` is the number of the last row of the file that was read; `waiting` are rows that wait for another record, `came` those
    that waited before and do no longer. `rejects_at` is the length of the file of rejected rows; `added` counts the accounts that
    the rows named and that were added for them.
    """

    number: int
    until: int
    counts: Counter[str] = field(default_factory=Counter)
    touched: list[Touch] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    came: list[int] = field(default_factory=list)
    suggested: Counter[Suggested] = field(default_factory=Counter)
    problems: list[dict[str, Any]] = field(default_factory=list)
    samples: list[dict[str, Any]] = field(default_factory=list)
    rejects_at: int = 0
    added: int = 0


class Journal:
    """Keeps the chunks of a run. This one keeps nothing: a run that is killed begins again, and nothing takes it back."""

    work: Path | None = None
    """Where the run keeps what it has seen, for going on."""

    def chunks(self) -> list[Chunk]:
        """Return what was kept by the run so far, in order, without `touched`."""
        return []

    def keep(self, chunk: Chunk) -> None:
        """Keep a chunk, in the transaction of its records."""

    def is_stopped(self) -> bool:
        """Tell whether somebody wants the run to end here; what is in stays."""
        return False
