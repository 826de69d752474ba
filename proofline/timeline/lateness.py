"""Looking for what is new in the inbox so that each batch is found once, although PostgreSQL commits in another order than it numbers.

Whoever looks takes along a cursor: up to which number they looked, and which numbers were missing there. Such a number belongs to a
transaction that is still on, or was rolled back; it is looked for until all transactions of then have ended. In SQLite one writes at a
time, so there is nothing to miss.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection
from django.db.models import Q

from proofline.timeline.models import Batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_GAPS = 100
WINDOW = 2_000
"""So many of the newest numbers are looked through for missing ones at the first look."""
CURSOR = re.compile(r"(\d{1,18})((?:\.\d{1,18}-\d{1,18}_\d{1,18}){0,100})", re.ASCII)
GAP = re.compile(r"(\d+)-(\d+)_(\d+)", re.ASCII)


class Gap(NamedTuple):
    """Missing numbers, both ends included; they never come once all transactions below `until` have ended (0: not known yet)."""

    first: int
    last: int
    until: int = 0


class Cursor(NamedTuple):
    """Up to where somebody looked, and what was missing there; as text it fits into an address."""

    last: int = 0
    gaps: tuple[Gap, ...] = ()

    def __str__(self) -> str:
        return ".".join([str(self.last), *(f"{gap.first}-{gap.last}_{gap.until}" for gap in self.gaps)])

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Return the cursor of a text; the beginning when it is none."""
        found = CURSOR.fullmatch(text)
        if not found:
            return cls()
        return cls(int(found[1]), tuple(Gap(*map(int, gap.groups())) for gap in GAP.finditer(found[2])))


class Look(NamedTuple):
    """What was found: the numbers of what is new, newest first (None: all up to the cursor's, but for its gaps); where to go on."""

    found: list[int] | None
    cursor: Cursor
    missed: bool = False
    """More were missing than are remembered."""

    def batches(self) -> Q:
        """Return which batches were found."""
        if self.found is not None:
            return Q(pk__in=self.found)
        return Q(pk__lte=self.cursor.last) & ~_in(self.cursor.gaps)


def look(cursor: Cursor, *, most: int) -> Look:
    """Return what appeared since the cursor, the newest when it is more than `most`."""
    if not cursor.last:
        return _first()
    ended, begun = _transactions() if cursor.gaps else (0, 0)
    new = Q(pk__gt=cursor.last) | _in(cursor.gaps)
    found = list(Batch.objects.filter(new).order_by("-pk").values_list("pk", flat=True)[: most + 1])
    since = max(cursor.last, found[-1]) if len(found) > most else cursor.last
    waiting = [left for gap in cursor.gaps for left in _without(gap, found, ended=ended, begun=begun)]
    gaps = [*waiting, *_missing([pk for pk in found if pk > cursor.last], since=since)]
    last = max([cursor.last, *found[:1]])
    return Look(found, Cursor(last, tuple(gaps[-MOST_GAPS:])), missed=len(gaps) > MOST_GAPS)


def _first() -> Look:
    size = WINDOW if _may_be_late() else 1
    newest = list(Batch.objects.order_by("-pk").values_list("pk", flat=True)[:size])
    gaps = _missing(newest, since=0 if len(newest) < size else newest[-1])
    return Look(None, Cursor(newest[0] if newest else 0, tuple(gaps[-MOST_GAPS:])))


def _may_be_late() -> bool:
    return connection.vendor == "postgresql"


def _missing(found: Sequence[int], *, since: int) -> list[Gap]:
    """Return the numbers that are missing between `since` and what was found, in order."""
    if not _may_be_late():
        return []
    numbers = [since, *reversed(found)]
    return [Gap(low + 1, high - 1) for low, high in pairwise(numbers) if high - low > 1]


def _without(gap: Gap, found: Iterable[int], *, ended: int, begun: int) -> list[Gap]:
    """Return what is still missing of a gap: nothing when all transactions of then had ended before one looked again."""
    if 0 < gap.until <= ended:
        return []
    inside = sorted(pk for pk in found if gap.first <= pk <= gap.last)
    ends = zip([gap.first, *(pk + 1 for pk in inside)], [*(pk - 1 for pk in inside), gap.last], strict=True)
    return [Gap(first, last, gap.until or begun) for first, last in ends if first <= last]


def _transactions() -> tuple[int, int]:
    """Return below which number all transactions have ended, and below which all have begun that have one.

    A number in the inbox is given out a moment before its transaction gets its own; a look later it has it.
    """
    asked = "SELECT pg_snapshot_xmin(now)::text, pg_snapshot_xmax(now)::text FROM pg_current_snapshot() AS now"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        ended, begun = cursor.fetchone()
    return int(ended), int(begun)


def _in(gaps: Iterable[Gap]) -> Q:
    found = Q(pk__in=[])
    for gap in gaps:
        found |= Q(pk__range=(gap.first, gap.last))
    return found
