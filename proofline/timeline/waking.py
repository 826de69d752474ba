"""How a commit tells the projector of the same process that there is something to do."""

from __future__ import annotations

import threading

_news = threading.Event()


def wake() -> None:
    """Say that something was committed to the inbox."""
    _news.set()


def wait(*, seconds: float) -> bool:
    """Wait for news, at most so long; True when there was some. Other processes' commits are found by the time running out."""
    told = _news.wait(seconds)
    _news.clear()
    return told
