"""Count how many people do one event after another, each within a window from the first.

A merged person counts once. With --by a person belongs to the value that the property had at their first step.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from proofline.config.cli.timeline import asking

MOST_VALUES = 1_000

if TYPE_CHECKING:
    import argparse

    from proofline.timeline.query.analyses.funnel import Passed


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("steps", metavar="EVENT", nargs="+", help="the events in their order")
    parser.add_argument("--window", metavar="LENGTH", default="7d", help="30m, 12h, 7d, 4w; default 7d")
    parser.add_argument("--by", metavar="PROPERTY", help="count for each value of a property, too")
    asking.arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Count and print."""
    from proofline.timeline.query import Question, Step  # noqa: PLC0415 - Django is loaded by now
    from proofline.timeline.query.analyses import funnel  # noqa: PLC0415
    from proofline.timeline.query.compiling import compiled  # noqa: PLC0415
    from proofline.timeline.query.reading import duration  # noqa: PLC0415
    from proofline.timeline.query.simple import property_named  # noqa: PLC0415
    from proofline.timeline.query.times import FIRST, LAST  # noqa: PLC0415

    question = Question(
        "funnel",
        tuple(Step(name) for name in options.steps),
        from_=options.from_ or FIRST,
        to=options.to or LAST,
        window=duration(options.window),
        by=property_named(options.by) if options.by is not None else None,
        limit=MOST_VALUES,
    )
    found = funnel.answer(compiled(question, zone=asking.settled()), times=False)
    if options.json:
        print(json.dumps(_said(found.steps, found.slices if question.by else None), ensure_ascii=False))
        return 0
    asking.printed([(step.name, step.count) for step in found.steps], indent="")
    for key, steps in found.slices.items():
        print(f"\n{options.by} {key or '–'}")
        asking.printed([(step.name, step.count) for step in steps])
    return 0


def _said(steps: list[Passed], slices: dict[str, list[Passed]] | None) -> dict[str, Any]:
    said: dict[str, Any] = {"steps": [{"event": step.name, "people": step.count} for step in steps]}
    if slices is not None:
        said["rows"] = [{"key": key, **_said(some, None)} for key, some in slices.items()]
    return said
