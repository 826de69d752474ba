"""The builder as the page shows it: each choice as a chip with what it says and where a click leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.insight.explore import edits, wording
from proofline.insight.explore.kinds import KINDS
from proofline.insight.explore.menus import Menus, Option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.insight.explore.asked import Asked
    from proofline.insight.explore.menus import Labels, Menu


@dataclass(frozen=True)
class FilterChip:
    """A filter in words, where it is changed, and where it is taken away."""

    field: str
    op: str
    value: str
    pick: str
    remove: str


@dataclass(frozen=True)
class EventRow:
    """One event of the question."""

    role: str
    name: str
    pick: str
    filters: list[FilterChip]
    add_filter: str
    remove: str
    up: str
    down: str


class Builder:
    """All choices of a question."""

    def __init__(self, asked: Asked, *, labels: Labels | None = None) -> None:
        self.asked = asked
        self.labels = labels or {}
        self._menus = Menus(asked, labels=self.labels)

    @property
    def kinds(self) -> list[Option]:
        """The kinds of question, each asking the same events in its way."""
        here = self.asked
        return [
            Option(str(kind.label), here.url if kind is here.kind else here.as_(kind).url, active=kind is here.kind)
            for kind in KINDS.values()
        ]

    @property
    def events(self) -> list[EventRow]:
        """The events, in order."""
        first = 1 if self.asked.is_backward else 0
        return [self._row(at) for at in range(first, len(self.asked.events))]

    @property
    def add_event(self) -> str:
        """Where one more event is picked, "" when there are enough."""
        kind, number = self.asked.kind, len(self.asked.events)
        return self.asked.pick("event", at=number) if number < kind.most and "direction" not in kind.choices else ""

    @property
    def next_role(self) -> str:
        """How the next event is called."""
        roles, number = self.asked.kind.roles, len(self.asked.events)
        if number < len(roles):
            return str(roles[number])
        return _("Add a step") if self.asked.kind.key == "funnel" else _("Add an event")

    @property
    def filters(self) -> list[FilterChip]:
        """The filters for all events."""
        return self._filters(edits.EVERYWHERE)

    @property
    def add_filter(self) -> str:
        """Where one more filter is picked."""
        return self.asked.pick("field", scope=edits.EVERYWHERE)

    @property
    def menus(self) -> list[Menu]:
        """How it is counted."""
        return self._menus.counted()

    @property
    def period(self) -> Menu:
        """The time that is looked at."""
        return self._menus.period()

    @property
    def interval(self) -> Menu | None:
        """The steps of time, None for a kind without."""
        return self._menus.interval()

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last day, as date fields take them; "" where the question names none."""
        found = wording.day_of(self.asked.question.get("from")), wording.last_day_of(self.asked.question.get("to"))
        first, last = (day.isoformat() if day else "" for day in found)
        return first, last

    def _row(self, at: int) -> EventRow:
        asked, kind = self.asked, self.asked.kind
        number = len(asked.events)
        role = _("Ending with") if self.asked.is_backward else str(kind.roles[at]) if at < len(kind.roles) else ""
        ordered = kind.key == "funnel"
        return EventRow(
            role=role,
            name=wording.event(asked.events[at].get("event")),
            pick=self.asked.pick("event", at=at),
            filters=self._filters(str(at)),
            add_filter=self.asked.pick("field", scope=at),
            remove=""
            if kind.roles and (number <= kind.least or self.asked.is_backward)
            else edits.without_event(asked, at).url,
            up=edits.moved(asked, at, -1).url if ordered and at else "",
            down=edits.moved(asked, at, 1).url if ordered and at + 1 < number else "",
        )

    def _filters(self, scope: str) -> list[FilterChip]:
        found = edits.filters(self.asked, scope)
        return [self._chip(scope, at, item) for at, item in enumerate(found)]

    def _chip(self, scope: str, at: int, item: Mapping[str, Any]) -> FilterChip:
        of, name, op = (str(item.get(key, "")) for key in ("of", "name", "op"))
        return FilterChip(
            field=wording.field(of, name, self.labels),
            op=str(wording.OPERATORS.get(op, op)),
            value="" if op in edits.BARE else wording.value(item.get("value", "")),
            pick=self.asked.pick("filter", scope=scope, at=at, of=of, name=name),
            remove=edits.without_filter(self.asked, scope, at).url,
        )
