"""The work of an import, in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone, translation

from proofline.config.imports.passes import Pass, PassJournal
from proofline.config.imports.undoing import Undo
from proofline.kit.imports.running import Result, run_import
from proofline.kit.imports.trouble import UnreadableFileError
from proofline.kit.jobs import job, report
from proofline.kit.text import fold

if TYPE_CHECKING:
    from proofline.kit.imports.entries import Accepted


@job(attempts=5)
def run_pass(*, pass_id: int) -> None:
    """Check a file or take its rows in, and keep what came of it. A second time goes on where the first was."""
    step = Pass.objects.select_related("of__by").get(pk=pass_id)
    if step.ended_at is not None:
        return
    whole = step.of
    with translation.override(whole.by.language or settings.LANGUAGE_CODE):
        try:
            result = run_import(
                whole.taken,
                whole.path,
                by=whole.by,
                now=timezone.now(),
                folder=step.folder,
                name=_stem(whole.name),
                mapping=whole.mapping,
                accept=accepted_of(step.accepted),
                dry_run=step.dry,
                keep_rejects=True,
                way=whole.way,
                journal=PassJournal(step),
                progress=lambda done: report(done, whole.rows),
            )
        except UnreadableFileError as error:
            step.end(report={}, now=timezone.now(), error=str(error))
            return
        step.end(report=report_of(result), now=timezone.now(), error_file=result.error_file)


@job(attempts=5)
def run_undo(*, undo_id: int) -> None:
    """Take a run back."""
    undo = Undo.objects.select_related("by", "run__of").get(pk=undo_id)
    if undo.ended_at is None:
        with translation.override(undo.by.language or settings.LANGUAGE_CODE):
            undo.carry_out(now=timezone.now(), progress=report)


def accepted_of(kept: list[list[str]] | bool) -> Accepted:  # noqa: FBT001 - as it stands in the record
    """Return accepted suggestions as the import takes them."""
    return True if kept is True else frozenset((column, fold(value)) for column, value in kept or [])


def report_of(result: Result) -> dict[str, Any]:
    """Return a result as it is kept."""
    counts = {name: count for name, count in result.as_dict().items() if isinstance(count, int)}
    problems = [{"row": problem.row, "column": problem.column, "text": problem.text} for problem in result.problems]
    return counts | {
        "rows": result.rows,
        "skipped": result.counts["skipped"],
        "added": result.added,
        "suggestions": result.suggestions,
        "problems": problems,
        "samples": result.samples,
        "ignored": result.ignored,
        "stopped": result.stopped,
    }


def _stem(name: str) -> str:
    safe = "".join(character if character.isalnum() or character in " ._-()" else "_" for character in name)
    return safe.rpartition(".")[0].strip(". ") or "import"
