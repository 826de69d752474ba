"""Which events the columnar store already has, so that none is counted twice.

A Bloom filter over all ids answers "certainly new" from memory for nearly every event; only for the few others the store is asked.
So it is exact, for ever, at some 2 bytes an event, and a retry may carry another time.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import numpy as np

from proofline.timeline import store

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Words = NDArray[np.uint64]

CAPACITY = 2_000_000
"""Ids in one filter; when it is full, the next one begins."""
BITS_AN_ID = 16
HASHES = 8
FEW = 5_000
"""So many ids are asked from the store directly when no filter is loaded."""
CHUNK = 10_000


class Filter:
    """A Bloom filter (Bloom 1970) of 128-bit ids that are hashes themselves; about 6 in 10,000 new ids look known when it is full."""

    def __init__(self, *, capacity: int = CAPACITY) -> None:
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


class Seen:
    """The ids in the store. What this process inserts, it adds; nobody else may insert meanwhile."""

    def __init__(self) -> None:
        self._filters: list[Filter] | None = None

    def load(self) -> None:
        """Read all ids of the store into filters."""
        self._filters = [Filter()]
        after = "00000000-0000-0000-0000-000000000000"
        sql = "SELECT id FROM events WHERE id > {after:UUID} ORDER BY id LIMIT 200000"
        while rows := store.query(sql, {"after": after}):
            self.add([row[0].hex for row in rows])
            after = str(rows[-1][0])

    def forget(self) -> None:
        """Forget everything, because what is in the store is not certain any more."""
        self._filters = None

    def add(self, ids: Sequence[str]) -> None:
        """Say that these are in the store now."""
        if self._filters is None:
            return
        for start in range(0, len(ids), CHUNK):
            if self._filters[-1].count >= CAPACITY:
                self._filters.append(Filter())
            self._filters[-1].add(_words(ids[start : start + CHUNK]))

    def known(self, ids: Sequence[str]) -> set[str]:
        """Return which of the ids are in the store."""
        if not ids:
            return set()
        if self._filters is None and len(ids) > FEW:
            self.load()
        if self._filters is None:
            return stored(ids)
        words = _words(ids)
        maybe = np.zeros(len(ids), dtype=np.bool_)
        for one in self._filters:
            maybe |= one.has(words)
        return stored([ids[int(place)] for place in np.flatnonzero(maybe)])


def stored(ids: Sequence[str]) -> set[str]:
    """Return which of the ids are in the store, by asking it."""
    found: set[str] = set()
    sql = "SELECT id FROM events WHERE id IN {ids:Array(UUID)}"
    for start in range(0, len(ids), CHUNK):
        asked: dict[str, Any] = {"ids": [str(uuid.UUID(one)) for one in ids[start : start + CHUNK]]}
        found |= {row[0].hex for row in store.query(sql, asked)}
    return found


def _words(ids: Sequence[str]) -> Words:
    return np.frombuffer(bytes.fromhex("".join(ids)), dtype=np.uint64).reshape(-1, 2)


def _mask(places: Words) -> NDArray[np.uint8]:
    return (np.uint8(1) << (places & np.uint64(7)).astype(np.uint8)).astype(np.uint8)
