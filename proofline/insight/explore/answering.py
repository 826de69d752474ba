"""Asks the timeline for what a viewer may see, and says what came of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.insight.explore import finding
from proofline.insight.explore.drawing import DRAWN
from proofline.insight.explore.told import Teller, Told, Trouble
from proofline.insight.scope import audience_of
from proofline.records.models import Workspace
from proofline.timeline import query, store
from proofline.timeline.query import Question, QuestionError
from proofline.timeline.query.analyses.usage import Usage

if TYPE_CHECKING:
    from proofline.insight.explore.asked import Asked
    from proofline.records.models import User
    from proofline.timeline.query.answering import Answer, Table


def told(asked: Asked, *, user: User) -> Told:
    """Return the answer as the page tells it, or why there is none."""
    try:
        if not asked.is_begun:
            return Told(no_events=nothing_came())
        found = answer(asked.whole, user=user)
        shown = DRAWN[asked.kind.key](Teller(asked, zone=zone(), user=user), found)
        nothing = shown.is_empty and nothing_came()
    except QuestionError as error:
        return Told(trouble=Trouble(str(error), error.field))
    except store.StoreError as error:
        return Told(trouble=Trouble(str(error)))
    return Told(no_events=True) if nothing else shown


def nothing_came() -> bool:
    """Tell whether no source has sent an event yet and nothing was recorded either.

    Raises:
        StoreError: the events can't be read.
    """
    return store.query("SELECT count() FROM events") == [(0,)]


def answer(question: dict[str, Any], *, user: User) -> Answer:
    """Answer a question over what the user may see, in the workspace's time zone.

    Raises:
        QuestionError: it can't be asked; says which field is wrong.
        StoreError: the events can't be read.
    """
    return query.answer(Question.of(question), audience=audience_of(user), zone=zone())


def table(question: dict[str, Any], *, user: User) -> Table:
    """Return the answer's columns and rows; accounts have their names beside their ids.

    Raises:
        QuestionError: as `answer`.
        StoreError: as `answer`.
    """
    found = answer(question, user=user)
    columns, rows = found.table()
    if not isinstance(found, Usage):
        return columns, rows
    names = finding.account_names([str(row[0]) for row in rows], user=user)
    return [columns[0], _("Name"), *columns[1:]], [[row[0], names.get(str(row[0]), ""), *row[1:]] for row in rows]


def cell(text: str) -> dict[str, Any]:
    """Return the cell of an answer that an address names.

    Raises:
        QuestionError: it names none.
    """
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise QuestionError("at", "object")
    return found


def zone() -> str:
    """Return the workspace's time zone, in which days begin and end."""
    return Workspace.current().time_zone
