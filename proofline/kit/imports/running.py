"""One import from a file to records, every row accounted for."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.kit.collecting import seldom_collected
from proofline.kit.imports.entries import EntryReader, Problem
from proofline.kit.imports.journals import Journal
from proofline.kit.imports.keeping import Outcome
from proofline.kit.imports.mapping import recognise, require_complete
from proofline.kit.imports.ordering import order_of
from proofline.kit.imports.planning import Planner
from proofline.kit.imports.reading import Row, open_table
from proofline.kit.imports.rejects import Rejects
from proofline.kit.imports.seen import Seen
from proofline.kit.imports.taking import Taking
from proofline.kit.imports.trouble import UnreadableFileError
from proofline.kit.imports.ways import Way

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from proofline.kit.imports.entries import Accepted
    from proofline.kit.imports.kinds import Kind

BATCH = 1000


@dataclass
class Result:
    """What became of a file's rows. `problems` are the first of them; all are in the error file.

    `samples` are the first records made and changed, with what changed; `stopped` when somebody ended the run before its time;
    `added` counts accounts that were added because rows named them.
    """

    counts: Counter[str] = field(default_factory=Counter)
    suggestions: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    samples: list[dict[str, Any]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    error_file: Path | None = None
    stopped: bool = False
    added: int = 0

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return sum(self.counts.values())

    @property
    def rejected(self) -> int:
        """How many rows were not taken."""
        return self.counts[Outcome.REJECTED]

    def as_dict(self) -> dict[str, Any]:
        """Return what the command line prints as JSON; what was skipped only where a run may skip."""
        shown = [outcome for outcome in Outcome if outcome != Outcome.SKIPPED or self.counts[outcome]]
        counts = {outcome.value: self.counts[outcome] for outcome in shown}
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
    keep_rejects: bool | None = None,
    way: Way | None = None,
    journal: Journal | None = None,
    progress: Callable[[int], None] | None = None,
) -> Result:
    """Take the rows of a file as records, in transactions of 1,000.

    `mapping` gives columns fields (column to field name) where their names do not; `accept` are the suggestions taken, as
    (column, value), or True for all. Rejected rows go to a file in `folder`, named after `name`, unless `keep_rejects` says
    otherwise; a dry run changes nothing and writes none by itself. With a `journal` that keeps something, a run goes on where it
    was when its process was killed. `progress` is told the number of rows done.

    Raises:
        UnreadableFileError: nothing of the file can be taken.
    """
    way, journal = way or Way(), journal or Journal()
    before = journal.chunks()
    with open_table(path) as table:
        columns = recognise(kind, table.columns, given=mapping)
        require_complete(kind, columns, table.columns)
        kind.require_key(way.key, columns)
        keeper = kind.keeper(by, now)
        order = order_of(kind, path, columns)
        reader = EntryReader(
            kind, table.columns, columns, keeper.known, accept, clear=way.clear, order=order, home=keeper.home
        )
        goes_on_at = (before[-1].rejects_at if before else 0) if journal.work else None
        kept = Rejects(folder, name=name or path.stem, columns=table.columns, goes_on_at=goes_on_at)
        with seldom_collected(), _aside(journal, kept, until=before[-1].number if before else 0) as seen:
            wanted = not dry_run if keep_rejects is None else keep_rejects
            planner = Planner(keeper, way=way, seen=seen)
            taking = Taking(reader, planner, journal, kept if wanted else None, dry_run=dry_run)
            taking.go_on_from(before)
            _take_all(taking, path, table.rows, progress=progress)
    return _result(taking, error_file=kept.path, ignored=list(columns.others))


@contextmanager
def _aside(journal: Journal, kept: Rejects, *, until: int) -> Iterator[Seen]:
    """Give what remembers the rows; it and the rejected rows are finished at the end, left to go on from where the run breaks off."""
    seen = Seen(journal.work, until=until)
    try:
        yield seen
    except BaseException:
        seen.close(forget=journal.work is None)
        kept.close()
        raise
    seen.close(forget=True)
    kept.finish()


def _result(taking: Taking, *, error_file: Path | None, ignored: list[str]) -> Result:
    if not taking.rows:
        raise UnreadableFileError(_("There are no rows below the header."))
    return Result(
        counts=taking.counts,
        suggestions=taking.reader.suggestions(),
        problems=taking.problems,
        samples=taking.samples,
        ignored=ignored,
        error_file=error_file,
        stopped=taking.stopped,
        added=taking.added,
    )


def _take_all(taking: Taking, path: Path, rows: Iterable[Row], *, progress: Callable[[int], None] | None) -> None:
    """Take the file's rows, then, as often as that brings some in, those that waited for another record."""
    begun = taking.until
    for batch in _batches(row for row in rows if row.number > begun):
        if taking.take(batch) is None:
            return
        if progress:
            progress(taking.rows)
    last = False
    while taking.waiting:
        came = 0
        with open_table(path) as table:
            for batch in _batches(row for row in table.rows if row.number in taking.waiting):
                found = taking.take(batch, last=last, again=True)
                if found is None:
                    return
                came += found
        last = not came


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch = list[Row]()
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
