"""The sale as a funnel, from the first click to the renewal: how many passed each step, and how long they waited before it."""

# ruff: noqa: S608 - the SQL is put together from constants; values are bound

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from proofline.insight.scope import owners_seen_by
from proofline.records.models import Account
from proofline.timeline import columns, store

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User

VISITED = "page"


@dataclass(frozen=True)
class Step:
    """A step of the sale: the event that tells of it, its name, and the list of its records."""

    event: str
    label: Any
    records: str = ""
    filters: dict[str, str] = field(default_factory=dict)


SALE: tuple[Step, ...] = (
    Step(VISITED, _("Visitors")),
    Step("lead.created", _("Leads"), "leads"),
    Step("lead.qualified", _("Qualified"), "leads", {"state": "qualified"}),
    Step("deal.created", _("Deals"), "deals"),
    Step("proposal.sent", _("Proposals"), "proposals"),
    Step("deal.won", _("Won"), "deals", {"state": "won"}),
    Step("project.went_live", _("Live"), "projects"),
    Step("subscription.renewed", _("Renewed"), "renewals"),
)
"""Each step counts different records: visitors are people, leads are leads, the steps from deals on count deals, proposals,
projects and subscriptions."""
FOLLOWED = tuple(step.event for step in SALE[1:])

PERIOD = "at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)}"
COUNTS = f"""
    SELECT event, uniqExact(subject) FROM events
    WHERE event IN {{steps:Array(String)}} AND {PERIOD} AND {{scope}} GROUP BY event
"""
VISITORS = f"""
    SELECT uniqExact(if(who.canonical = 0, events.person, who.canonical))
    FROM events LEFT JOIN (SELECT person, canonical FROM people FINAL) AS who ON who.person = events.person
    WHERE events.kind = 'page' AND events.person != 0 AND {PERIOD.replace("at ", "events.at ")}
"""
TIMES = ", ".join(f"minIf(at, event = '{event}') AS t{i}" for i, event in enumerate(FOLLOWED))
GAPS = ", ".join(
    f"quantileExactIf(0.5)(dateDiff('second', t{i}, t{i + 1}) / 86400, t{i} > epoch AND t{i + 1} >= t{i})"
    for i in range(len(FOLLOWED) - 1)
)
JOURNEYS = f"""
    SELECT 'lead' AS who, subject AS which, event, at FROM events
    WHERE event IN ('lead.created', 'lead.qualified') AND {PERIOD} AND {{scope}}
    UNION ALL
    SELECT if(account = 0, subject_kind, 'account'), if(account = 0, subject, account), event, at FROM events
    WHERE event IN {{steps:Array(String)}} AND event != 'lead.created' AND {PERIOD} AND {{scope}}
"""
WAITS = f"""
    WITH toDateTime64(0, 3, 'UTC') AS epoch SELECT {GAPS} FROM (
        SELECT who, which, {TIMES} FROM ({JOURNEYS}) GROUP BY who, which
    )
"""
REACHED = f"""
    SELECT {", ".join(f"countIf(furthest >= {i})" for i in range(1, len(FOLLOWED) + 1))} FROM (
        SELECT lead, greatest(1, if(leads.qualified, 2, 0), later.furthest) AS furthest
        FROM (
            SELECT subject AS lead, minIf(at, event = 'lead.created') AS came, maxIf(account, event = 'lead.qualified') AS customer, max(event = 'lead.qualified') AS qualified
            FROM events WHERE event IN ('lead.created', 'lead.qualified') AND {{scope}}
            GROUP BY lead HAVING came >= {{from:DateTime64(3)}} AND came < {{to:DateTime64(3)}}
        ) AS leads
        LEFT JOIN (
            SELECT account, max(indexOf({{steps:Array(String)}}, event)) AS furthest FROM events
            WHERE event IN {{steps:Array(String)}} AND account != 0 GROUP BY account
        ) AS later ON later.account = leads.customer AND leads.customer != 0
    )
"""


@dataclass(frozen=True)
class Passed:
    """A step with how many records passed it, and the median days that customers waited before it (None: not known)."""

    step: Step
    count: int
    days: float | None = None


def counted(*, user: User | None, from_: datetime, to: datetime) -> list[Passed]:
    """Return how many records passed each step within [from_, to), whoever they were."""
    scope, parameters = _scope(user)
    period = {"from": from_, "to": to}
    steps: dict[str, Any] = {"steps": list(FOLLOWED)}
    counts = dict(store.query(COUNTS.replace("{scope}", scope), period | parameters | steps))
    counts[VISITED] = int(store.query(VISITORS, period)[0][0]) if not parameters else 0
    found = store.query(WAITS.replace("{scope}", scope), period | parameters | steps)[0]
    waits = dict(zip(FOLLOWED[1:], (None if gap != gap else float(gap) for gap in found), strict=True))  # noqa: PLR0124 - NaN
    passed = [Passed(step, int(counts.get(step.event, 0)), waits.get(step.event)) for step in SALE]
    return passed if passed[0].count else passed[1:]


def followed(*, user: User | None, from_: datetime, to: datetime) -> list[Passed]:
    """Return how far the leads that came within [from_, to) got by now.

    A lead counts at a step when its account has reached that step or a later one: a deal may be won without a proposal.
    """
    scope, parameters = _scope(user)
    asked = {"from": from_, "to": to, "steps": list(FOLLOWED)} | parameters
    found = store.query(REACHED.replace("{scope}", scope), asked)[0]
    return [Passed(step, int(count)) for step, count in zip(SALE[1:], found, strict=True)]


def narrowest(passed: list[Passed]) -> tuple[Passed, Passed] | None:
    """Return the pair of neighbouring steps between which the smallest share passes; None when nothing can be said.

    A step that nothing passed says nothing: it may not be in use yet. Its neighbours are then compared with each other.
    """
    used = [one for one in passed if one.count]
    pairs = [(a, b) for a, b in pairwise(used) if b.count <= a.count]
    return min(pairs, key=lambda pair: pair[1].count / pair[0].count, default=None)


def shares(passed: list[Passed]) -> list[float | None]:
    """Return what share of the last step in use before it passed each step; None where there is none, or where more passed."""
    found: list[float | None] = []
    before = 0
    for one in passed:
        found.append(one.count / before if before and 0 < one.count <= before else None)
        before = one.count or before
    return found


def _scope(user: User | None) -> tuple[str, dict[str, Any]]:
    owners = owners_seen_by(user) if user else None
    if user is None or owners is None:
        return "1", {}
    accounts = list(Account.objects.visible_to(user).values_list("pk", flat=True))
    scope = f"(account IN {{accounts:Array(UInt64)}} OR {columns.text('owner_id')} IN {{owners:Array(String)}})"
    return scope, {"accounts": accounts, "owners": list(owners)}
