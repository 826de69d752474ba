"""A file that many threads of a process write to: each in its turn, and with one sync for all who committed meanwhile."""

from __future__ import annotations

import os
import threading
from functools import cache

from django.db import OperationalError

to_disk = getattr(os, "fdatasync", os.fsync)
"""What SQLite itself calls; not every system has the quicker one."""


class Group:
    """Those who wait for the same sync."""

    def __init__(self) -> None:
        self.is_done = False
        self.error: OSError | None = None


class Store:
    """A database file and its log."""

    def __init__(self, path: str) -> None:
        self.log = f"{path}-wal"
        self.turn = threading.Lock()
        """Held from the beginning of a transaction that may write to its end."""
        self._syncing = threading.Lock()
        self._group = Group()

    def sync(self) -> None:
        """Return when everything that this thread has committed is on the disk; whoever committed until the sync begins shares it.

        Raises:
            OperationalError: it is not, or that is not known.
        """
        group = self._group
        with self._syncing:
            if not group.is_done:
                self._group = Group()  # who commits from now on may come too late for this sync
                self._sync(group)
        if group.error is not None:
            raise OperationalError(f"disk I/O error: {group.error}") from group.error

    def _sync(self, group: Group) -> None:
        try:
            log = os.open(self.log, os.O_RDONLY)
        except FileNotFoundError:  # all of it has gone into the database file, and that is synced before the log goes
            group.is_done = True
            return
        try:
            to_disk(log)
        except OSError as error:
            group.error = error
        finally:
            os.close(log)
            group.is_done = True


@cache
def store_at(path: str) -> Store:
    """Return the one of this process for a database file."""
    return Store(path)
