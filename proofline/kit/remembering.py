"""What the server remembers for some seconds, as long as nothing is changed through it."""

from __future__ import annotations

import time
from itertools import count
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

MOST = 10_000
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
REFUSED = {403, 404, 405}
"""Who is answered so changed nothing."""
Of = TypeVar("Of")
Found = TypeVar("Found")
_changes = count(1)
_change = 0


def changed() -> None:
    """Forget everything that is remembered."""
    global _change  # noqa: PLW0603 - the one mark of this process
    _change = next(_changes)


class Remembered(Generic[Of, Found]):
    """A function whose answers are remembered by a key of what it is asked about.

    For figures that may be some seconds old but never older than one's own last change: any request that may change something
    makes the process that answers it forget. What other processes and jobs change shows when the seconds are over.
    """

    def __init__(self, find: Callable[[Of], Found], *, key: Callable[[Of], Hashable], seconds: float) -> None:
        self.find, self.key, self.seconds = find, key, seconds
        self._kept: dict[Hashable, tuple[int, float, Found]] = {}

    def __call__(self, of: Of) -> Found:
        """Return what was found within the last seconds, or find it."""
        key, now, change = self.key(of), time.monotonic(), _change
        at, until, found = self._kept.get(key, (0, 0.0, None))
        if found is not None and at == change and now < until:
            return found
        found = self.find(of)
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = (change, now + self.seconds, found)  # `change` from before: what came between is found anew
        return found


class ForgettingMiddleware:
    """Forget what is remembered after each request that may have changed something."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        response: HttpResponseBase = self.get_response(request)
        if request.method not in SAFE and response.status_code not in REFUSED:
            changed()
        return response
