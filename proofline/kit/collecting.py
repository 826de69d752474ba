"""Python's search for circles of objects, which costs a fifth of work that makes very many and no circles."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SELDOM = 100_000
"""New objects between two searches; a batch of rows makes about so many."""
USUAL = gc.get_threshold()
_lock = Lock()
_inside = 0


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Search seldom, in the whole process, until the last who is within is out; what is there already is not searched meanwhile."""
    global _inside  # noqa: PLW0603 - the collector is the process's
    with _lock:
        _inside += 1
        gc.set_threshold(SELDOM, *USUAL[1:])
        gc.freeze()
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                gc.set_threshold(*USUAL)
                gc.unfreeze()
