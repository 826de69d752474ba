"""One import from a file to records, every row accounted for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.kit.imports import rejects
from proofline.kit.imports.entries import EntryReader, Problem, Waiting
from proofline.kit.imports.keeping import Entry, Outcome
from proofline.kit.imports.mapping import recognise, require_complete
from proofline.kit.imports.reading import Row, open_table
from proofline.kit.imports.trouble import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from proofline.kit.imports.entries import Accepted
    from proofline.kit.imports.keeping import Keeper
    from proofline.kit.imports.kinds import Kind

BATCH = 500
SHOWN_PROBLEMS = 200


@dataclass
class Result:
    """What became of a file's rows. `problems` are the first of them; all are in the error file."""

    counts: Counter[str] = field(default_factory=Counter)
    suggestions: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    error_file: Path | None = None

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return sum(self.counts.values())

    @property
    def rejected(self) -> int:
        """How many rows were not taken."""
        return self.counts[Outcome.REJECTED]

    def as_dict(self) -> dict[str, Any]:
        """Return what the command line prints as JSON."""
        counts = {outcome.value: self.counts[outcome] for outcome in Outcome}
        return counts | {
            "suggestions": self.suggestions,
            "error_file": str(self.error_file) if self.error_file else None,
        }


def run_import(  # noqa: PLR0913 - all but the first two are keywords
    kind: Kind,
    path: Path,
    *,
    by: Any,
    now: datetime,
    folder: Path,
    name: str = "",
    mapping: Mapping[str, str] | None = None,
    accept: Accepted = frozenset(),
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Result:
    """Take the rows of a file as records, in transactions of 500.

    `mapping` gives columns fields (column to field name) where their names do not; `accept` are the suggestions taken, as
    (column, value), or True for all. Rejected rows go to a file in `folder`, named after `name`. A dry run changes nothing and
    writes no file. `progress` is told the number of rows done.

    Raises:
        UnreadableFileError: nothing of the file can be taken.
    """
    with open_table(path) as table:
        columns = recognise(kind, table.columns, given=mapping)
        require_complete(kind, columns, table.columns)
        run = _Run(kind, kind.keeper(by, now), dry_run=dry_run)
        run.reader = EntryReader(kind, table.columns, columns, run.keeper.known, accept)
        run.result.ignored = list(columns.others)
        kept = rejects.Rejects(folder, name=name or path.stem, columns=table.columns)
        run.rejects = None if dry_run else kept
        try:
            for rows in _batches(table.rows):
                run.take(rows)
                if progress:
                    progress(run.result.rows)
            run.take_waiting()
        finally:
            kept.close()
    if not run.result.rows:
        raise UnreadableFileError(_("There are no rows below the header."))
    run.result.error_file = kept.path
    run.result.suggestions = run.reader.suggestions()
    return run.result


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch = list[Row]()
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Run:
    reader: EntryReader
    rejects: rejects.Rejects | None

    def __init__(self, kind: Kind, keeper: Keeper[Any], *, dry_run: bool) -> None:
        self.kind = kind
        self.keeper = keeper
        self.dry_run = dry_run
        self.result = Result()
        self.waiting = list[Row]()

    def take(self, rows: list[Row], *, last: bool = False) -> int:
        """Take rows; return how many came in. One that refers to a record which may follow waits, unless it is the last try."""
        cells = {row.number: row for row in rows}
        entries = list[Entry]()
        for row in rows:
            try:
                found = self.reader.read(row, last=last)
            except Waiting:
                self.waiting.append(row)
                continue
            if isinstance(found, Entry):
                entries.append(found)
            else:
                self.reject(row, found)
        self.keeper.plan(entries)
        if not self.dry_run:
            self.keeper.write(entries)
        self.keeper.learn([entry for entry in entries if entry.is_pending])
        for entry in entries:
            if entry.outcome == Outcome.REJECTED:
                column = self.reader.column_of(entry.problem_field)
                self.reject(cells[entry.number], [Problem(entry.number, column, entry.problem)])
            else:
                self.result.counts[entry.outcome] += 1
        return len(entries)

    def take_waiting(self) -> None:
        """Take the rows that waited, as often as that brings in more of those they wait for."""
        while self.waiting:
            rows, self.waiting = self.waiting, []
            came = sum(self.take(rows[start : start + BATCH]) for start in range(0, len(rows), BATCH))
            if not came:
                rows, self.waiting = self.waiting, []
                self.take(rows, last=True)

    def reject(self, row: Row, problems: list[Problem]) -> None:
        """Count a row as rejected, and keep it with its reasons."""
        self.result.counts[Outcome.REJECTED] += 1
        self.result.problems += problems[: max(0, SHOWN_PROBLEMS - len(self.result.problems))]
        if self.rejects is not None:
            self.rejects.add(row.number, row.cells, "; ".join(problem.reason for problem in problems))
