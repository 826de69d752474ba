"""The rows of one run taken, batch by batch, each with what is kept of it."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from django.db import transaction

from proofline.kit.imports.entries import EntryReader, Problem, Waiting
from proofline.kit.imports.journals import Chunk, Touch
from proofline.kit.imports.keeping import Entry, Outcome
from proofline.kit.imports.sampling import sample_of
from proofline.kit.imports.undoing import mark_of, touch_of
from proofline.kit.imports.ways import Missing, Mode
from proofline.kit.text import fold

if TYPE_CHECKING:
    from proofline.kit.imports.journals import Journal
    from proofline.kit.imports.planning import Planner
    from proofline.kit.imports.reading import Row
    from proofline.kit.imports.rejects import Rejects

SHOWN_PROBLEMS = 200
SHOWN_SAMPLES = 10
"""Records of which a result tells: so many new ones, so many changed ones."""


class Taking:
    """A run on its way through a file."""

    def __init__(
        self, reader: EntryReader, planner: Planner, journal: Journal, rejects: Rejects | None, *, dry_run: bool
    ) -> None:
        self.reader = reader
        self.planner = planner
        self.keeper = planner.keeper
        self.journal = journal
        self.rejects = rejects
        self.dry_run = dry_run
        self.counts = Counter[str]()
        self.problems = list[Problem]()
        self.samples = list[dict[str, Any]]()
        self.waiting = set[int]()
        self.until = 0
        self.chunks = 0
        self.added = 0
        self.stopped = False

    @property
    def rows(self) -> int:
        """How many rows are done."""
        return sum(self.counts.values())

    def go_on_from(self, chunks: list[Chunk]) -> None:
        """Take over what was done before the process was killed."""
        for chunk in chunks:
            self._count(chunk)
            self.reader.suggested.update(chunk.suggested)

    def _count(self, chunk: Chunk) -> None:
        self.chunks, self.until = chunk.number, max(self.until, chunk.until)
        self.counts.update(chunk.counts)
        self.problems += [Problem(**told) for told in chunk.problems]
        self.samples += chunk.samples
        self.added += chunk.added
        self.waiting = (self.waiting | set(chunk.waiting)) - set(chunk.came)

    def take(self, rows: list[Row], *, last: bool = False, again: bool = False) -> int | None:
        """Take rows, in one transaction with what is kept of them; return how many came in, None when the run is to stop.

        A row that refers to a record which may follow waits, unless it is the `last` try; `again`: these rows waited before.
        """
        if self.journal.is_stopped():
            self.stopped = True
            return None
        chunk = Chunk(self.chunks + 1, self.until if again else rows[-1].number)
        suggested = self.reader.suggested.copy()
        unknown = self._unknown(rows)
        with transaction.atomic() if unknown else nullcontext():
            self._introduce(unknown, chunk)
            entries = self._read(rows, chunk, last=last)
            self.planner.plan(entries, chunk=chunk.number)
            with transaction.atomic():
                if not self.dry_run:
                    self.keeper.write(entries)
                self._conclude(entries, {row.number: row for row in rows}, chunk)
                chunk.suggested = self.reader.suggested - suggested
                if again:
                    chunk.came = [row.number for row in rows if row.number not in set(chunk.waiting)]
                if not self.dry_run:
                    self.journal.keep(chunk)
        self.keeper.learn([entry for entry in entries if entry.is_pending])
        self._count(chunk)
        return len(entries)

    def _unknown(self, rows: list[Row]) -> dict[str, tuple[str, int]]:
        """Return the accounts that rows name but nobody knows, where the run adds these: the name and its first row, by folded name."""
        found = dict[str, tuple[str, int]]()
        if self.planner.way.missing != Missing.ADD or self.planner.way.mode == Mode.UPDATE:
            return found
        for row in rows:
            for name in [] if row.problem else self.reader.unknown(row, self.keeper.introduces):
                found.setdefault(fold(name), (name, row.number))
        return found

    def _introduce(self, unknown: dict[str, tuple[str, int]], chunk: Chunk) -> None:
        if not unknown:
            return
        entries = self.keeper.introduce(list(unknown.values()), dry_run=self.dry_run)
        chunk.added = len(entries)
        if not self.dry_run:
            kind = self.keeper.introduces + "s"
            chunk.touched += [
                Touch(entry.number, entry.record.pk, mark_of(entry.record), kind=kind) for entry in entries
            ]

    def _read(self, rows: list[Row], chunk: Chunk, *, last: bool) -> list[Entry]:
        entries = list[Entry]()
        for row in rows:
            try:
                found = self.reader.read(row, last=last)
            except Waiting:
                chunk.waiting.append(row.number)
                continue
            if isinstance(found, Entry):
                self.keeper.settle(found.values)
                entries.append(found)
            else:
                self._reject(row, found, chunk)
        return entries

    def _conclude(self, entries: list[Entry], rows: dict[int, Row], chunk: Chunk) -> None:
        """Count what became of the rows, and note what is needed to tell of them and to take them back."""
        room = Counter(dict.fromkeys((Outcome.CREATED, Outcome.UPDATED), SHOWN_SAMPLES))
        room.subtract(sample["outcome"] for sample in self.samples)
        for entry in entries:
            if entry.outcome == Outcome.REJECTED:
                column = self.reader.column_of(entry.problem_field)
                self._reject(rows[entry.number], [Problem(entry.number, column, entry.problem)], chunk)
                continue
            chunk.counts[entry.outcome] += 1
            if entry.is_pending and room[entry.outcome] > 0:
                room[entry.outcome] -= 1
                chunk.samples.append(sample_of(entry, dry=self.dry_run))
            if entry.is_pending and not self.dry_run:
                chunk.touched.append(touch_of(entry, self.keeper))
        chunk.rejects_at = self.rejects.flushed() if self.rejects else 0

    def _reject(self, row: Row, problems: list[Problem], chunk: Chunk) -> None:
        """Count a row as rejected, and keep it with its reasons."""
        chunk.counts[Outcome.REJECTED] += 1
        room = SHOWN_PROBLEMS - len(self.problems) - len(chunk.problems)
        chunk.problems += [{"row": one.row, "column": one.column, "text": one.text} for one in problems[: max(0, room)]]
        if self.rejects is not None:
            self.rejects.add(row.number, row.cells, "; ".join(problem.reason for problem in problems))
