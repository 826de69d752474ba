"""The menus of the builder: how it is counted, over which time, in which steps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.insight.explore import wording
from proofline.insight.explore.kinds import INTERVALS, LIMITS, MEASURES, ORDERED, ORDERS, PER, WINDOWS

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


class Menus:
    """The choices of a question that open a menu."""

    def __init__(self, asked: Asked, *, labels: Labels) -> None:
        self.asked = asked
        self.labels = labels

    def counted(self) -> list[Menu]:
        """Return how it is counted: what there is to choose for this kind of question."""
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

    def period(self) -> Menu:
        """Return the time that is looked at."""
        first = self.asked.question.get("from", wording.USUAL_FROM)
        open_end = "to" not in self.asked.question
        options = [
            Option(str(label), self.asked.with_(**{"from": key, "to": None}).url, active=open_end and first == key)
            for key, label in wording.PRESETS.items()
        ]
        return Menu("range", _("Time"), wording.period(self.asked), options, form="range")

    def interval(self) -> Menu | None:
        """Return the steps of time, None for a kind without."""
        if "interval" not in self.asked.kind.choices:
            return None
        labels = {key: INTERVALS[key] for key in self.asked.kind.intervals}
        return self._menu("interval", _("Interval"), labels)

    def _menu(self, name: str, label: str, labels: Mapping[Any, Any], **more: Any) -> Menu:
        now = self.asked.question.get(name, USUAL[name])
        options = [
            Option(str(text), self.asked.with_(**{name: key}).url, active=key == now) for key, text in labels.items()
        ]
        chosen = labels.get(now, now) if isinstance(now, str | int) else now
        return Menu(name, label, str(chosen), options, **more)

    def _direction(self) -> Menu:
        asked, back = self.asked, self.asked.is_backward
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
        return Menu("measure", _("Count"), wording.measure(now), options, pick=self.asked.pick("number"))

    def _by(self) -> Menu:
        now = self.asked.question.get("by")
        pick = self.asked.pick("by")
        if not isinstance(now, dict):
            return Menu("by", _("Broken down by"), "", pick=pick)
        chosen = wording.field(str(now.get("of", "")), str(now.get("name", "")), self.labels)
        return Menu("by", _("Broken down by"), chosen, pick=pick, remove=self.asked.with_(by=None).url)
