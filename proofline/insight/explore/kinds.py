"""The kinds of question, and what each lets a person choose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

INTERVALS: dict[str, Any] = {"hour": _("Hour"), "day": _("Day"), "week": _("Week"), "month": _("Month")}
PER: dict[str, Any] = {"person": _("People"), "account": _("Accounts"), "subject": _("Records of the sale")}
ORDERS: dict[str, Any] = {
    "ordered": _("In this order, other events may lie between"),
    "strict": _("In this order, nothing in between"),
    "any": _("In any order"),
}
ORDERED: dict[str, Any] = {"ordered": _("as listed"), "strict": _("as listed, without gaps"), "any": _("any")}
"""The orders in short."""
MEASURES: dict[str, Any] = {"events": _("Events"), "people": _("People"), "accounts": _("Accounts")}
BACKWARD = 2
"""Paths that lead to an event name it second, and leave the first open."""
WINDOWS = ("1h", "1d", "7d", "14d", "30d", "90d")
LIMITS = (5, 10, 20, 50)


@dataclass(frozen=True)
class Kind:
    """A kind of question: how it is called, what it answers, and which choices it has.

    `roles` names the events one by one ("Start", "Return"); where it is empty, `each` names any of them and more can be added up to `most`.
    """

    key: str
    label: Any
    icon: str
    sentence: Any
    heading: Any
    least: int = 1
    most: int = 1
    roles: tuple[Any, ...] = ()
    choices: frozenset[str] = frozenset()
    intervals: tuple[str, ...] = ("day", "week", "month")
    start: dict[str, Any] = field(default_factory=dict, compare=False)
    """What is asked when the page opens."""


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "trend",
            _("Trend"),
            "chart-line",
            _("How often does something happen, and is it growing?"),
            _("Events"),
            most=10,
            choices=frozenset({"measure", "interval", "by", "limit"}),
            intervals=("hour", "day", "week", "month"),
            start={"events": [{"event": None}]},
        ),
        Kind(
            "funnel",
            _("Funnel"),
            "filter",
            _("How many get from one step to the next, and where do we lose them?"),
            _("Steps"),
            least=2,
            most=12,
            choices=frozenset({"per", "window", "order", "by", "limit"}),
        ),
        Kind(
            "retention",
            _("Retention"),
            "calendar-repeat",
            _("Who begins, and how many of them come back week after week?"),
            _("Events"),
            least=2,
            most=2,
            roles=(_("They begin with"), _("They come back with")),
            choices=frozenset({"per", "interval"}),
            start={"events": [{"event": None}, {"event": None}], "interval": "week", "from": "-90d"},
        ),
        Kind(
            "paths",
            _("Paths"),
            "route",
            _("What do people do next?"),
            _("Events"),
            roles=(_("Starting with"),),
            most=2,
            choices=frozenset({"direction", "per", "window", "by", "limit"}),
            start={"events": [{"event": None}], "window": "1d", "limit": 10},
        ),
        Kind(
            "lifecycle",
            _("Lifecycle"),
            "recycle",
            _("How many are new, come again, wake up, or fall asleep?"),
            _("Event"),
            roles=(_("Active means"),),
            choices=frozenset({"per", "interval"}),
            start={"events": [{"event": None}], "interval": "week", "from": "-90d"},
        ),
        Kind(
            "stickiness",
            _("Stickiness"),
            "magnet",
            _("On how many days of the time are people active?"),
            _("Event"),
            roles=(_("Active means"),),
            choices=frozenset({"per", "interval"}),
            start={"events": [{"event": None}]},
        ),
        Kind(
            "between",
            _("Time between"),
            "hourglass",
            _("How long does it take from one event to another?"),
            _("Events"),
            least=2,
            most=2,
            roles=(_("From"), _("Until")),
            choices=frozenset({"per", "window"}),
        ),
        Kind(
            "usage",
            _("Use per account"),
            "building",
            _("Which customers use what, how much, and when last?"),
            _("Event"),
            roles=(_("Use means"),),
            choices=frozenset({"by", "limit"}),
            start={"events": [{"event": None}]},
        ),
    )
}
