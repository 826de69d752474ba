"""The builder as the page shows it: each choice as a chip with what it says and where a click leads."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from proofline.insight.explore import edits, wording
from proofline.insight.explore.kinds import BACKWARD, INTERVALS, KINDS, LIMITS, MEASURES, ORDERED, ORDERS, PER, WINDOWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.insight.explore.asked import Asked

    Labels = dict[tuple[str, str], str]

USUAL = {"interval": "day", "per": "person", "measure": "events", "window": "7d", "order": "ordered", "limit": 20}
"""What a question means that does not say."""
SLICED = frozenset({"trend", "funnel"})
"""Kinds whose limit counts slices, so that there is none to choose without them."""


@dataclass(frozen=True)
class Option:
    """One thing to choose, and where that leads."""

    label: str
    url: str
    active: bool = False


@dataclass(frozen=True)
class Menu:
    """A chip that opens a menu: what it is about, what is chosen, the options; `pick` loads more of them, `form` is own input."""

    name: str
    label: str
    chosen: str
    options: list[Option] = field(default_factory=list)
    pick: str = ""
    form: str = ""
    remove: str = ""


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
        first = 1 if self._is_backward else 0
        return [self._row(at) for at in range(first, len(self.asked.events))]

    @property
    def _is_backward(self) -> bool:
        """Whether paths are asked for that lead to an event."""
        return self.asked.kind.key == "paths" and len(self.asked.events) == BACKWARD

    @property
    def add_event(self) -> str:
        """Where one more event is picked, "" when there are enough."""
        kind, number = self.asked.kind, len(self.asked.events)
        return self._pick("event", at=number) if number < kind.most and "direction" not in kind.choices else ""

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
        return self._pick("field", scope=edits.EVERYWHERE)

    @property
    def menus(self) -> list[Menu]:
        """The other choices of this kind of question."""
        makers = {
            "direction": self._direction,
            "per": self._per,
            "measure": self._measure,
            "window": self._window,
            "order": self._order,
            "by": self._by,
            "limit": self._limit,
        }
        chosen = self.asked.kind.choices
        if "by" in chosen and "limit" in chosen and "by" not in self.asked.question and self.asked.kind.key in SLICED:
            chosen -= {"limit"}
        return [make() for name, make in makers.items() if name in chosen]

    @property
    def period(self) -> Menu:
        """The time that is looked at."""
        first = self.asked.question.get("from", wording.USUAL_FROM)
        open_end = "to" not in self.asked.question
        options = [
            Option(str(label), self.asked.with_(**{"from": key, "to": None}).url, active=open_end and first == key)
            for key, label in wording.PRESETS.items()
        ]
        return Menu("range", _("Time"), wording.period(self.asked), options, form="range")

    @property
    def interval(self) -> Menu | None:
        """The steps of time, None for a kind without."""
        if "interval" not in self.asked.kind.choices:
            return None
        labels = {key: INTERVALS[key] for key in self.asked.kind.intervals}
        return self._menu("interval", _("Interval"), labels)

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last day, as date fields take them; "" where the question names none."""
        found = wording.day_of(self.asked.question.get("from")), wording.last_day_of(self.asked.question.get("to"))
        first, last = (day.isoformat() if day else "" for day in found)
        return first, last

    def _row(self, at: int) -> EventRow:
        asked, kind = self.asked, self.asked.kind
        number = len(asked.events)
        role = _("Ending with") if self._is_backward else str(kind.roles[at]) if at < len(kind.roles) else ""
        ordered = kind.key == "funnel"
        return EventRow(
            role=role,
            name=wording.event(asked.events[at].get("event")),
            pick=self._pick("event", at=at),
            filters=self._filters(str(at)),
            add_filter=self._pick("field", scope=at),
            remove=""
            if kind.roles and (number <= kind.least or self._is_backward)
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
            pick=self._pick("filter", scope=scope, at=at, of=of, name=name),
            remove=edits.without_filter(self.asked, scope, at).url,
        )

    def _pick(self, what: str, **where: Any) -> str:
        return f"{reverse('insight:choices')}?{urlencode({'kind': self.asked.kind.key, 'what': what, **where})}"

    def _menu(self, name: str, label: str, labels: Mapping[Any, Any], **more: Any) -> Menu:
        now = self.asked.question.get(name, USUAL[name])
        options = [
            Option(str(text), self.asked.with_(**{name: key}).url, active=key == now) for key, text in labels.items()
        ]
        chosen = labels.get(now, now) if isinstance(now, str | int) else now
        return Menu(name, label, str(chosen), options, **more)

    def _direction(self) -> Menu:
        asked, back = self.asked, self._is_backward
        last = asked.events[-1:] or [{"event": None}]
        options = [
            Option(_("Forward: what they do next"), asked.with_(events=last).url, active=not back),
            Option(_("Backward: what led there"), asked.with_(events=[{"event": None}, *last]).url, active=back),
        ]
        return Menu("direction", _("Direction"), _("backward") if back else _("forward"), options)

    def _per(self) -> Menu:
        return self._menu("per", _("Count"), PER)

    def _order(self) -> Menu:
        menu = self._menu("order", _("Order"), ORDERS)
        return replace(
            menu, chosen=str(ORDERED.get(str(self.asked.question.get("order", USUAL["order"])), menu.chosen))
        )

    def _limit(self) -> Menu:
        return self._menu("limit", _("At most"), {number: str(number) for number in LIMITS})

    def _window(self) -> Menu:
        labels = {window: wording.duration(window) for window in WINDOWS}
        now = self.asked.question.get("window", USUAL["window"])
        labels = labels if not isinstance(now, str) or now in labels else {**labels, now: wording.duration(now)}
        return self._menu("window", _("Within"), labels, form="window")

    def _measure(self) -> Menu:
        now = str(self.asked.question.get("measure", USUAL["measure"]))
        options = [
            Option(str(text), self.asked.with_(measure=key).url, active=key == now) for key, text in MEASURES.items()
        ]
        return Menu("measure", _("Count"), wording.measure(now), options, pick=self._pick("number"))

    def _by(self) -> Menu:
        now = self.asked.question.get("by")
        pick = self._pick("by")
        if not isinstance(now, dict):
            return Menu("by", _("Broken down by"), "", pick=pick)
        chosen = wording.field(str(now.get("of", "")), str(now.get("name", "")), self.labels)
        return Menu("by", _("Broken down by"), chosen, pick=pick, remove=self.asked.with_(by=None).url)
