"""The rows of a file that were taken so far, by their keys: kept on the disk, so that a long file takes no more memory than a short one."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SCHEMA = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA cache_size = -16000;
    CREATE TABLE IF NOT EXISTS taken (row INTEGER PRIMARY KEY, content INTEGER, keys TEXT, chunk INTEGER);
    CREATE TABLE IF NOT EXISTS known (hash INTEGER PRIMARY KEY, row INTEGER, chunk INTEGER);
"""
AT_ONCE = 10_000


@dataclass(slots=True)
class SeenRow:
    """A row that was taken: its number, a hash of its values, and the hashes of its keys by name."""

    number: int
    content: int
    keys: dict[str, int]


class Seen:
    """The rows taken, with the chunk in which each was. What a killed process wrote stays; after a loss of power the last may be gone.

    `path` keeps them for a run that may have to go on after its process was killed: with `until`, what is later than that chunk
    is forgotten, as it was not written. Without a path they are gone with the run.
    """

    def __init__(self, path: Path | None = None, *, until: int = 0) -> None:
        self.path = path
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not until:
                self.forget()
        self.store = sqlite3.connect(path or "", isolation_level=None, check_same_thread=False)
        self.store.executescript(SCHEMA)
        for table in ("taken", "known"):
            self.store.execute(f"DELETE FROM {table} WHERE chunk > ?", [until])  # noqa: S608 - two names of ours

    def look(self, hashes: Iterable[int]) -> dict[int, SeenRow]:
        """Return the rows that have one of these keys, by key."""
        wanted, found = list(hashes), dict[int, SeenRow]()
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            rows = self.store.execute(
                "SELECT known.hash, taken.row, taken.content, taken.keys FROM known JOIN taken USING (row)"  # noqa: S608
                f" WHERE known.hash IN ({','.join('?' * len(some))})",
                some,
            )
            found |= {key: SeenRow(row, content, msgspec.json.decode(keys)) for key, row, content, keys in rows}
        return found

    def add(self, rows: list[SeenRow], *, chunk: int) -> None:
        """Note rows as taken, for good; a key stays with the first that had it."""
        self.store.execute("BEGIN")
        self.store.executemany(
            "INSERT OR REPLACE INTO taken VALUES (?, ?, ?, ?)",
            [(row.number, row.content, msgspec.json.encode(row.keys), chunk) for row in rows],
        )
        self.store.executemany(
            "INSERT OR IGNORE INTO known VALUES (?, ?, ?)",
            [(key, row.number, chunk) for row in rows for key in row.keys.values()],
        )
        self.store.execute("COMMIT")

    def close(self, *, forget: bool) -> None:
        """Finish; `forget` when the run has come to its end and will not go on."""
        self.store.close()
        if forget:
            self.forget()

    def forget(self) -> None:
        """Take the files away."""
        for ending in ("", "-wal", "-shm"):
            if self.path is not None:
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)


def hashed(*parts: object) -> int:
    """Return a number of 63 bits that is the same in every process."""
    return int.from_bytes(blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 1
