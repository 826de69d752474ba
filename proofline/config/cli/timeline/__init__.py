"""Look after the timeline and ask it: its state, counts, funnels; rebuild its columnar store, archive, export and erase."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from proofline.config.cli.timeline import archive, count, erase, export, funnel, rebuild, status

if TYPE_CHECKING:
    import argparse


class Verb(Protocol):
    """A module of this package; the first line of its docstring is its help."""

    __doc__: str | None

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare what the verb takes."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; return the exit code."""


VERBS: dict[str, Verb] = {
    "status": status,
    "count": count,
    "funnel": funnel,
    "rebuild": rebuild,
    "archive": archive,
    "export": export,
    "erase": erase,
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, module in VERBS.items():
        summary = (module.__doc__ or "").strip().splitlines()[0]
        module.arguments(verbs.add_parser(name, help=summary, description=module.__doc__))


def run(options: argparse.Namespace) -> int:
    """Do what the verb says."""
    return VERBS[options.verb].run(options)
