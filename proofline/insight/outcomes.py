"""How deals ended that faced a competitor, or in whose proposal a piece of evidence stood; read from the facts of the sale.

A deal names the study that it stands on, a study's facts all competitors that it faces, a proposal's all that it showed. What a lost deal
went to counts as faced, whether or not anybody noted it before.
"""

# ruff: noqa: S608 - the SQL is put together from constants; values are bound

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from proofline.insight.metrics.deals import LATEST, OUTCOMES
from proofline.insight.scope import owners_seen_by
from proofline.records import subjects
from proofline.timeline import columns, store, troubles

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from proofline.records.models import User

Found = TypeVar("Found")
SHOWN = 8
WRITTEN = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")
LOST_TO = "[if(won, '', lost_to)]"
DECIDED = f"""
    SELECT subject AS deal, last.1 = 'deal.won' AS won, last.2 AS ended_at, last.3 AS study_id, last.4 AS lost_to, owner_id
    FROM (
        SELECT
            subject,
            argMaxIf((event, at, {columns.text("study_id")}, {columns.text("competitor_id")}), {LATEST}, event IN {OUTCOMES}) AS last,
            argMaxIf({columns.text("owner_id")}, {LATEST}, event LIKE 'deal.%') AS owner_id
        FROM events
        WHERE subject_kind = 'deal' AND event IN ('deal.created', 'deal.changed', 'deal.moved', 'deal.won', 'deal.lost', 'deal.reopened',
            'record.removed', 'record.restored')
        GROUP BY subject
        HAVING maxIf(at, event = 'record.removed') <= maxIf(at, event = 'record.restored')
    )
    WHERE last.1 IN ('deal.won', 'deal.lost') AND {{scope}}
"""
FACED = f"""
    SELECT {columns.text("study_id")} AS study_id, splitByChar(',', argMax({columns.text("competitors")}, (at, received))) AS keys
    FROM events WHERE event IN ('alternative.noted', 'alternative.changed', 'alternative.dropped') GROUP BY study_id
"""
PROVED = f"""
    SELECT {columns.text("study_id")} AS study_id, arrayFlatten(groupArray(splitByChar(',', {columns.text("evidence")}))) AS keys
    FROM events WHERE event = 'proposal.sent' GROUP BY study_id
"""
ENDED = """
    SELECT deal, won, toUInt64OrZero(arrayJoin(arrayDistinct(arrayConcat(studies.keys, {also})))) AS key
    FROM (SELECT * FROM ({decided}) ORDER BY ended_at DESC) AS deals
    LEFT JOIN ({studies}) AS studies ON studies.study_id = deals.study_id
"""
COUNTED = f"""
    SELECT key, countIf(won), countIf(NOT won), groupArrayIf(deal, won), groupArrayIf(deal, NOT won) FROM ({ENDED})
    WHERE key IN {{keys:Array(UInt64)}} GROUP BY key
"""
RANKED = f"""
    SELECT key, countIf(won), countIf(NOT won) FROM ({ENDED}) WHERE key > 0 GROUP BY key
    HAVING count() < {{deals:UInt64}} OR (count() = {{deals:UInt64}} AND key > {{key:UInt64}})
    ORDER BY count() DESC, key LIMIT {{limit:UInt64}}
"""


@dataclass(frozen=True)
class Outcomes:
    """How many decided deals were won and lost; the newest of each, as far as the reader may see them."""

    won: int = 0
    lost: int = 0
    won_deals: list[Any] = field(default_factory=list)
    lost_deals: list[Any] = field(default_factory=list)

    @property
    def decided(self) -> int:
        """How many deals were decided."""
        return self.won + self.lost

    @property
    def rate(self) -> float | None:
        """The share that was won: 0.6; None while none was decided."""
        return self.won / self.decided if self.decided else None


class Place(NamedTuple):
    """Where a page of `most_faced` goes on: after the key that was faced in so many decided deals."""

    deals: int
    key: int

    def __str__(self) -> str:
        return f"{self.deals}-{self.key}"

    @classmethod
    def read(cls, written: str) -> Place | None:
        """Return the place that an address or a cursor names; None where it names none."""
        found = WRITTEN.fullmatch(written)
        return cls(int(found[1]), int(found[2])) if found else None


FIRST = Place(2**62, 0)
"""Before the first."""


class Ranked(NamedTuple):
    """A page of competitors by key, those faced in most decided deals first; `following` is where the next begins, None on the last."""

    outcomes: dict[int, Outcomes]
    following: Place | None


def against(competitors: Collection[int], *, user: User) -> dict[int, Outcomes]:
    """Return how the deals ended that faced each competitor, of those that the user may see.

    Raises:
        StoreError: the columnar store does not answer.
    """
    return _counted(competitors, user=user, studies=FACED, also=LOST_TO)


def most_faced(*, user: User, after: Place | None = None, limit: int) -> Ranked:
    """Return how the deals ended that faced each competitor, of those that the user may see; no more than `limit`, however many there are.

    Raises:
        StoreError: the columnar store does not answer.
    """
    place = after or FIRST
    more = {"deals": place.deals, "key": place.key, "limit": limit + 1}
    rows = _asked(RANKED, more, user=user, studies=FACED, also=LOST_TO)
    shown = {int(key): Outcomes(int(won), int(lost)) for key, won, lost in rows[:limit]}
    last = next(reversed(shown.items())) if len(rows) > limit else None
    return Ranked(shown, Place(last[1].decided, last[0]) if last else None)


def with_evidence(evidence: Collection[int], *, user: User) -> dict[int, Outcomes]:
    """Return how the deals ended whose proposals showed each piece of evidence, of those that the user may see.

    Raises:
        StoreError: the columnar store does not answer.
    """
    return _counted(evidence, user=user, studies=PROVED, also="emptyArrayString()")


def read(asked: Callable[..., Found], *args: Any, **asking: Any) -> Found | None:
    """Return what `against`, `most_faced` or `with_evidence` says; None, and a word in the log, while the columnar store does not answer."""
    try:
        found = asked(*args, **asking)
    except store.StoreError as error:
        troubles.EVENTS.failed(troubles.READING, error)
        return None
    troubles.EVENTS.passed(troubles.READING)
    return found


def _counted(keys: Collection[int], *, user: User, studies: str, also: str) -> dict[int, Outcomes]:
    if not keys:
        return {}
    rows = _asked(COUNTED, {"keys": sorted(keys)}, user=user, studies=studies, also=also)
    newest = {("deal", int(pk)) for row in rows for deals in row[3:5] for pk in deals[:SHOWN]}
    seen = subjects.seen(newest, user=user)

    def deals(found: Any) -> list[Any]:
        return [seen["deal", int(pk)] for pk in found[:SHOWN] if ("deal", int(pk)) in seen]

    return {
        int(key): Outcomes(int(won), int(lost), deals(won_deals), deals(lost_deals))
        for key, won, lost, won_deals, lost_deals in rows
    }


def _asked(sql: str, parameters: dict[str, Any], *, user: User, studies: str, also: str) -> list[Any]:
    owners = owners_seen_by(user)
    scope = "1" if owners is None else "owner_id IN {owners:Array(String)}"
    parameters |= {} if owners is None else {"owners": owners}
    decided = DECIDED.replace("{scope}", scope)
    rows: list[Any] = store.query(
        sql.replace("{decided}", decided).replace("{studies}", studies).replace("{also}", also), parameters
    )
    return rows
