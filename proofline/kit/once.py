"""What is read once in a request, however many ask for it. Outside of requests it is read each time, but within `held`."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.signals import request_finished, request_started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
_here = threading.local()


class Once(Generic[T]):
    """Something that is read once in a request. Who changes it calls `forget`."""

    def __init__(self, read: Callable[[], T]) -> None:
        self.read = read

    def __call__(self) -> T:
        """Return it as it was when it was first asked for in this request."""
        kept = _kept()
        if kept is None:
            return self.read()
        if self not in kept:
            kept[self] = self.read()
        found: T = kept[self]
        return found

    def forget(self) -> None:
        """Read it anew when it is asked for next."""
        (_kept() or {}).pop(self, None)


@contextmanager
def held() -> Iterator[None]:
    """Read things once in this block too: for a batch of records that a job writes in one transaction."""
    if _kept() is not None:
        yield
        return
    _begin()
    try:
        yield
    finally:
        _end()


def _kept() -> dict[Once[Any], Any] | None:
    found: dict[Once[Any], Any] | None = getattr(_here, "kept", None)
    return found


def _begin(**_given: Any) -> None:
    _here.kept = {}


def _end(**_given: Any) -> None:
    _here.kept = None


request_started.connect(_begin)
request_finished.connect(_end)
