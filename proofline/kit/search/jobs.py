"""The index's work in the background."""

from __future__ import annotations

from django.utils import timezone

from proofline.kit.jobs import job, report
from proofline.kit.search import kinds, rebuilding


@job
def fill() -> None:
    """Take in the kinds that are not in the index yet, or were declared otherwise when they were."""
    for kind in rebuilding.missing():
        rebuilding.rebuild([kind], now=timezone.now(), tell=report)


@job
def rebuild() -> None:
    """Make all entries what they should be."""
    rebuilding.rebuild(kinds.registered(), now=timezone.now(), tell=report)


@job
def tidy() -> None:
    """Put the full-text index together."""
    rebuilding.tidy()


def start() -> None:
    """Let the index be filled where it has to be; called when the server starts."""
    if rebuilding.missing():
        fill.enqueue()
