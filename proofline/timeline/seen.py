"""Which events the columnar store already has, so that none is counted twice within `WINDOW`.

Bloom filters over the ids answer "certainly new" from memory for nearly every event; only for the few others the store is asked. So
it is exact at some 4 bytes an event of the last days, and a retry may carry another time.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils import timezone

from proofline.timeline import store

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Words = NDArray[np.uint64]

WINDOW = timedelta(days=8)
"""So long after it came an event is known again."""
CAPACITY = 1_000_000
"""Ids in the first filter of a day; each further one of the day takes twice as many."""
LARGEST = 64 * CAPACITY
DAY = timedelta(days=1)
BITS_AN_ID = 32
HASHES = 8
FEW = 5_000
"""So many ids are asked from the store directly when no filter is loaded."""
CHUNK = 10_000


class Filter:
    """A Bloom filter (Bloom 1970) of 128-bit ids that are hashes themselves; about 6 in a million new ids look known when it is full."""

    def __init__(self, *, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self._size = np.uint64(capacity * BITS_AN_ID)
        self._bits = np.zeros(capacity * BITS_AN_ID // 8 + 1, dtype=np.uint8)
        self.count = 0

    def add(self, words: Words) -> None:
        """Add ids, each a row of two words."""
        for places in self._places(words):
            np.bitwise_or.at(self._bits, places >> np.uint64(3), _mask(places))
        self.count += len(words)

    def has(self, words: Words) -> NDArray[np.bool_]:
        """Tell for each id whether it may have been added."""
        found = np.ones(len(words), dtype=np.bool_)
        for places in self._places(words):
            found &= (self._bits[places >> np.uint64(3)] & _mask(places)) != 0
        return found

    def _places(self, words: Words) -> Iterable[Words]:
        """Double hashing (Kirsch, Mitzenmacher 2006): the two halves of the id give all the hashes."""
        for turn in range(HASHES):
            yield (words[:, 0] + np.uint64(turn) * words[:, 1]) % self._size


@dataclass
class Span:
    """The filter of what came within a day, or within a part of a busy one."""

    since: datetime
    filter: Filter


class Seen:
    """The ids in the store. What this process inserts, it adds; nobody else may insert meanwhile."""

    def __init__(self) -> None:
        self._spans: list[Span] | None = None

    def load(self) -> None:
        """Read the ids of what came within the window into filters."""
        self._spans = []
        now = timezone.now()
        begin = now - WINDOW
        while begin < now:
            asked = {"from": begin, "to": begin + DAY}
            raw = store.fetch(
                "SELECT id FROM events WHERE received >= {from:DateTime64(3)} AND received < {to:DateTime64(3)}", asked
            )
            # The store writes each half of an id as a number, smallest byte first; texts of ids are the other way round.
            self._add(np.frombuffer(raw, dtype=np.uint64).reshape(-1, 2).byteswap(), now=begin)
            begin += DAY

    def forget(self) -> None:
        """Forget everything, because what is in the store is not certain any more."""
        self._spans = None

    def add(self, ids: Sequence[str]) -> None:
        """Say that these are in the store now."""
        if self._spans is not None and ids:
            self._add(_words(ids), now=timezone.now())

    def known(self, ids: Sequence[str]) -> set[str]:
        """Return which of the ids are in the store."""
        if not ids:
            return set()
        if self._spans is None and len(ids) > FEW:
            self.load()
        if self._spans is None:
            return stored(ids)
        words = _words(ids)
        maybe = np.zeros(len(ids), dtype=np.bool_)
        for span in self._spans:
            maybe |= span.filter.has(words)
        return stored([ids[int(place)] for place in np.flatnonzero(maybe)])

    def _add(self, words: Words, *, now: datetime) -> None:
        spans = self._spans = [span for span in self._spans or [] if now - span.since <= WINDOW + DAY]
        while len(words):
            last = spans[-1] if spans else None
            if last is None or now - last.since >= DAY:
                spans.append(Span(now, Filter()))
            elif last.filter.count >= last.filter.capacity:
                spans.append(Span(last.since, Filter(capacity=min(2 * last.filter.capacity, LARGEST))))
            filled = spans[-1].filter
            some, words = np.split(words, [min(CHUNK, filled.capacity - filled.count)])
            filled.add(some)


def stored(ids: Sequence[str]) -> set[str]:
    """Return which of the ids are in the store, by asking it."""
    found: set[str] = set()
    sql = "SELECT id FROM events WHERE id IN {ids:Array(UUID)}"
    for start in range(0, len(ids), store.IDS_AT_A_TIME):
        asked: dict[str, Any] = {"ids": [str(uuid.UUID(one)) for one in ids[start : start + store.IDS_AT_A_TIME]]}
        found |= {row[0].hex for row in store.query(sql, asked)}
    return found


def _words(ids: Sequence[str]) -> Words:
    return np.frombuffer(bytes.fromhex("".join(ids)), dtype=np.uint64).reshape(-1, 2)


def _mask(places: Words) -> NDArray[np.uint8]:
    return (np.uint8(1) << (places & np.uint64(7)).astype(np.uint8)).astype(np.uint8)
