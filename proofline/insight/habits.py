"""What stands out in how an account uses the product, beside accounts like it: what is repeated, broken off, gone wrong, not used.

Read from the daily rows of four weeks. Events are named as Segment's specification names them: object, then action in the past.
"""

# ruff: noqa: S608 - the SQL is put together from constants; values are bound

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Literal

from django.conf import settings

from proofline.insight.peers import alike
from proofline.insight.use import ROWS, asked_of
from proofline.kit.clock import local_day
from proofline.records.models import Account, Module
from proofline.timeline import store
from proofline.timeline.events import TRACK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

Sort = Literal["repeated", "broken_off", "gone_wrong", "unused"]

WEEKS = 4
SPAN = timedelta(weeks=WEEKS)
OFTEN = 5
"""Times a week and person that are worth a look."""
ALONE = 10
"""And where there is nobody to compare with."""
MORE = 2
"""Times as often as accounts like it: that stands out."""
BEGUN = 5
"""Beginnings below which an end that is missing says little."""
FEW_END = 0.6
WRONG = 3
USED_BY = 0.5
"""The share of accounts alike that use a module which is worth telling of."""
FEWEST_PEERS = 3
USUAL = {"Feature Used", "Signed In", "Session Started", "Button Clicked"}
"""What tells of any use at all: often is good here."""
BEGINS = re.compile(r"^(?P<what>.+) (Started|Begun|Initiated)$")
ENDS = ("Completed", "Finished", "Submitted", "Saved", "Succeeded", "Sent", "Published")
GOES_WRONG = re.compile(r"\b(Error|Errored|Failed|Failure|Denied|Rejected|Timed Out|Crashed)\b")
OWN = f"""
    SELECT event, label, sum(times), uniqExactIf(who, who != 0) FROM ({ROWS.replace("kind, label,", "kind, event, label,")})
    WHERE kind = '{TRACK}' GROUP BY event, label
"""
OTHERS = f"""
    SELECT account, event, label, sum(times), uniqExactIf(person, person != 0) FROM daily_accounts
    WHERE account IN {{peers:Array(UInt64)}} AND day > {{since:Date32}} AND day <= {{today:Date32}} AND kind = '{TRACK}'
    GROUP BY account, event, label
"""


@dataclass(frozen=True)
class Finding:
    """One thing that stands out; `peers` is the same number among accounts alike, None where too few can be compared with."""

    sort: Sort
    what: str
    """The event, the object of a step ("Import"), or the module."""
    feature: str
    """The module's key in the catalogue, "" where the event names none."""
    times: int
    people: int
    share: float | None
    """repeated: times a week and person; broken_off: the share that came to an end; unused: the share of accounts alike that use it."""
    peers: float | None = None

    @property
    def key(self) -> str:
        """What names it among the findings of its account."""
        return f"{self.sort}:{self.what}"


@dataclass
class _Use:
    """How often, and by how many people at least."""

    times: int = 0
    people: int = 0
    labels: dict[str, int] = field(default_factory=dict)

    def add(self, label: str, times: int, people: int) -> None:
        self.times += times
        self.people = max(self.people, people)
        self.labels[label] = self.labels.get(label, 0) + times

    @property
    def weekly(self) -> float:
        """Times a week and person."""
        return self.times / WEEKS / max(1, self.people)

    @property
    def feature(self) -> str:
        return max(self.labels, key=lambda label: self.labels[label], default="")


Events = dict[str, _Use]


def findings(account: Account, *, now: datetime) -> list[Finding]:
    """Return what stands out in four weeks, what weighs most first: gone wrong, broken off, repeated, unused; ten at most.

    Raises:
        StoreError: the store does not answer.
    """
    today = local_day(now, time_zone=settings.TIME_ZONE)
    own = _own(account, today=today)
    others = _others(alike(account, Account.objects.all(), fewest=FEWEST_PEERS), today=today)
    found = [*_gone_wrong(own, others), *_broken_off(own, others), *_repeated(own, others), *_unused(own, others)]
    return found[:10]


def _own(account: Account, *, today: date) -> Events:
    asked = asked_of(account) | {"since": today - SPAN, "today": today}
    found: Events = defaultdict(_Use)
    for event, label, times, people in store.query(OWN, asked):
        found[event].add(label, int(times), int(people))
    return dict(found)


def _others(peers: Sequence[int], *, today: date) -> list[Events]:
    if not peers:
        return []
    found: dict[int, Events] = defaultdict(lambda: defaultdict(_Use))
    asked = {"peers": list(peers), "since": today - SPAN, "today": today}
    for account, event, label, times, people in store.query(OTHERS, asked):
        found[account][event].add(label, int(times), int(people))
    return list(found.values()) if len(found) >= FEWEST_PEERS else []


def _middle(values: Iterable[float]) -> float | None:
    found = list(values)
    return median(found) if len(found) >= FEWEST_PEERS else None


def _gone_wrong(own: Events, others: Sequence[Events]) -> list[Finding]:
    found = []
    for event, use in own.items():
        if not GOES_WRONG.search(event) or use.times < WRONG:
            continue
        peers = _middle(one[event].times if event in one else 0 for one in others)
        if peers is None or use.times >= MORE * peers:
            found.append(Finding("gone_wrong", event, use.feature, use.times, use.people, None, peers))
    return sorted(found, key=lambda one: -one.times)


def _broken_off(own: Events, others: Sequence[Events]) -> list[Finding]:
    found = []
    for event, use in own.items():
        begins = BEGINS.match(event)
        share = _ended(own, begins["what"], event) if begins and use.times >= BEGUN else None
        if begins is None or share is None or share > FEW_END:
            continue
        ended = (_ended(one, begins["what"], event) for one in others if event in one)
        peers = _middle(one for one in ended if one is not None)
        found.append(Finding("broken_off", begins["what"], use.feature, use.times, use.people, share, peers))
    return sorted(found, key=lambda one: (one.share or 0, -one.times))


def _ended(events: Mapping[str, _Use], what: str, begun: str) -> float | None:
    """Return the share of beginnings that came to an end, 1 at most; None where the product never tells of an end."""
    ends = [events[name].times for name in (f"{what} {end}" for end in ENDS) if name in events]
    wrong = any(name.startswith(f"{what} ") and GOES_WRONG.search(name) for name in events)
    if not ends and not wrong:
        return None
    return min(1.0, sum(ends) / events[begun].times)


def _repeated(own: Events, others: Sequence[Events]) -> list[Finding]:
    found = []
    for event, use in own.items():
        if event in USUAL or GOES_WRONG.search(event) or BEGINS.match(event):
            continue
        peers = _middle(one[event].weekly for one in others if event in one)
        if use.weekly >= (max(OFTEN, MORE * peers) if peers is not None else ALONE):
            found.append(Finding("repeated", event, use.feature, use.times, use.people, use.weekly, peers))
    return sorted(found, key=lambda one: -(one.share or 0))


def _unused(own: Events, others: Sequence[Events]) -> list[Finding]:
    """Modules of the catalogue that most accounts alike use and this one does not."""
    if not own or not others:
        return []
    used = {label for use in own.values() for label in use.labels}
    names = dict(Module.objects.exclude(feature_key="").values_list("feature_key", "name"))
    shares = {
        key: sum(any(key in use.labels for use in one.values()) for one in others) / len(others)
        for key in names
        if key not in used
    }
    found = [Finding("unused", names[key], key, 0, 0, share) for key, share in shares.items() if share >= USED_BY]
    return sorted(found, key=lambda one: -(one.share or 0))
