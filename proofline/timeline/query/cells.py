"""Reads which cell of an answer somebody points at, to show the people behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proofline.timeline.query import times
from proofline.timeline.query.refusing import QuestionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.timeline.query.compiling import Draft


def whole(at: Mapping[str, Any], name: str, *, most: int, usual: int | None = None, least: int = 0) -> int:
    """Return a number of the cell.

    Raises:
        QuestionError: it is missing, none, or out of the answer.
    """
    found = at.get(name, usual)
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= 18:  # noqa: PLR2004 - fits
        found = int(found)
    if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
        raise QuestionError(f"at.{name}", "cell", possible=[f"{least} … {most}"], given=found)
    return found


def text(at: Mapping[str, Any], name: str) -> str:
    """Return a text of the cell.

    Raises:
        QuestionError: it is none.
    """
    found = at.get(name)
    if not isinstance(found, str):
        raise QuestionError(f"at.{name}", "cell", given=found)
    return found


def interval(draft: Draft, at: Mapping[str, Any], name: str = "interval") -> str:
    """Return the beginning of the cell's interval, bound.

    Raises:
        QuestionError: it is none.
    """
    found = times.read_interval(at.get(name), interval=draft.question.interval)
    return draft.binder.bind(found, "DateTime64(3)" if draft.question.interval == "hour" else "Date32")
