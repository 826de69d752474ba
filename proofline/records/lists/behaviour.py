"""Conditions on what the people of an account, or a contact, did: `{"event": "Page Viewed", "where": […], "times": 3, "within": "7d"}`.

`where` are filters as in a question to the timeline. What one may not see of the timeline is not counted either: the ids that come
back only narrow what the list shows its reader anyway.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proofline.kit.lists import FilterError
from proofline.kit.lists.reading import set_behaviour
from proofline.timeline import query
from proofline.timeline.query import reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from proofline.kit.lists import Context, Field, Kind

PER = {"accounts": ("account", "pk"), "contacts": ("contact", "pk")}
"""By kind: whose ids are asked for, and which field of the kind holds them."""
MOST_TIMES = 100_000


@dataclass(frozen=True)
class Did:
    """That something was done at least so often, lately or ever; or that it was not."""

    per: str
    key: str
    step: query.Step
    times: int
    within: str
    now: datetime
    is_wanted: bool
    said: dict[str, Any]

    def q(self) -> Q:
        """Return what the store is asked."""
        since = self.now - reading.duration(self.within) if self.within else None
        found = among(query.who(self.step, per=self.per, times=self.times, from_=since))
        condition = Q(**{f"{self.key}__in": found})
        return condition if self.is_wanted else ~condition

    def words(self) -> str:
        """Return it as people read it: "did “Page Viewed” 3 times in 7 days"."""
        parts = {"event": self.step.event or _("anything"), "times": self.times}
        said = _("did “%(event)s”") if self.is_wanted else _("did not do “%(event)s”")
        words = said % parts
        if self.times > 1:
            words += " " + ngettext("%(times)s time", "%(times)s times", self.times) % parts
        return f"{words} {_('in %(length)s') % {'length': length(self.within)}}" if self.within else words

    def plain(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"did" if self.is_wanted else "did_not": self.said}

    def fields(self) -> Iterator[Field]:
        """Give nothing: it needs no field."""
        yield from ()


def length(text: str) -> str:
    """Return a length of time such as "7d" in words."""
    number = int(text[:-1])
    words = {
        "d": ngettext("%(number)s day", "%(number)s days", number),
        "w": ngettext("%(number)s week", "%(number)s weeks", number),
        "h": ngettext("%(number)s hour", "%(number)s hours", number),
        "m": ngettext("%(number)s minute", "%(number)s minutes", number),
        "s": ngettext("%(number)s second", "%(number)s seconds", number),
    }
    return words[text[-1]] % {"number": number}


def among(ids: list[int]) -> RawSQL:
    """Return a subquery of these ids: however many there are, they are one parameter."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [ids])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(ids)])


def read(kind: Kind, asked: dict[str, Any], is_wanted: bool, context: Context) -> Did:  # noqa: FBT001 - as `conditions` calls it
    """Read a condition on behaviour.

    Raises:
        FilterError: it can't be read, or records of this kind do nothing on the timeline.
    """
    if kind.name not in PER:
        raise FilterError(_("Only accounts and contacts can be filtered by what they did."), at="did")
    per, key = PER[kind.name]
    try:
        reader = reading.Reader(asked, "did" if is_wanted else "did_not")
        times = reader.whole("times", usual=1, least=1, most=MOST_TIMES)
        within = reader.text("within")
        if within:
            reading.duration(within, field=reader.place("within"))
        reader.parts("where", most=50)
        event = reader.text("event")
        reader.end()
        question = query.Question.of({"kind": "trend", "events": [{"event": event, "where": asked.get("where") or []}]})
    except query.QuestionError as error:
        raise FilterError(str(error)) from None
    return Did(per, key, question.events[0], times, within, context.now, is_wanted, asked)


def register() -> None:
    """Let lists be filtered by behaviour."""
    set_behaviour(read)
