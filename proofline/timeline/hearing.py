"""Showing projected events to the reactions, each of which acts once per event, and to the rules that watch the timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from proofline.timeline import reactions
from proofline.timeline.acting import act, grouped
from proofline.timeline.events import Event
from proofline.timeline.models import Effect
from proofline.timeline.watching import watcher

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from proofline.timeline.reactions import Reaction

_decoder = msgspec.json.Decoder(Event)
MOST_WANTED = 10_000
"""So many kinds of events are remembered; their names come from outside."""


class _Wanted(dict[tuple[str, str, bool], bool]):
    """Whether anybody wants to hear of events of a kind and name; the last word tells whether a contact is behind it."""

    def __missing__(self, key: tuple[str, str, bool]) -> bool:
        kind, name, known = key
        index = watcher.index()
        found = self[key] = reactions.wanted(kind, name, known=known) or index.wanted(kind=kind, name=name, known=known)
        return found


_wanted = _Wanted()
_wanted_as_of: tuple[object, int] = (None, -1)


def begin() -> None:
    """Remember nothing of what was heard before; whoever begins to project calls it, for others may have projected meanwhile."""
    watcher.begin()


def forget(people: Collection[int]) -> None:
    """Remember nothing of these people, who merged or were tied to a contact or an account."""
    watcher.forget(people)


def wanted() -> Mapping[tuple[str, str, bool], bool]:
    """Return what tells by kind, name and whether a contact is behind it if anybody wants to hear of an event, as of now."""
    global _wanted_as_of  # noqa: PLW0603 - one table of reactions, one memory of it
    watcher.index()
    as_of = (reactions.version(), watcher.version)
    if as_of != _wanted_as_of or len(_wanted) > MOST_WANTED:
        _wanted.clear()
        _wanted_as_of = as_of
    return _wanted


def hear(events: Iterable[Event]) -> None:
    """Let every reaction and every rule act that an event asks for; one that raises is kept and hinders nobody.

    Raises:
        StoreError: the store does not answer; the same events may be heard again.
    """
    events = list(events)
    grouped([(reaction, event) for event in events for reaction in reactions.to(event)], _react)
    watcher.hear(events)


def _react(asked: tuple[Reaction, Event]) -> None:
    reaction, event = asked
    act(key=f"{reaction.key}:{event.id}", reaction=reaction.key, event=event, function=reaction.function)


def retry(*, now: datetime, most: int = 100) -> int:
    """Try what failed again when its time has come; return how many were tried.

    Raises:
        StoreError: as `hear`.
    """
    due = list(Effect.objects.due(now=now)[:most])
    for effect in due:
        reaction = reactions.named(effect.reaction)
        event = _decoder.decode(bytes(effect.event))
        if reaction is not None:
            act(key=effect.key, reaction=reaction.key, event=event, function=reaction.function)
        else:
            _fire_again(effect, event, now=now)
    return len(due)


def _fire_again(effect: Effect, event: Event, *, now: datetime) -> None:
    try:
        tried = watcher.again(event, key=effect.reaction)
    except LookupError:
        text = "No reaction has this name any more"
        Effect.failed(effect.key, reaction=effect.reaction, event=b"", error=text, now=now)
        return
    if not tried:
        Effect.settle(effect.key, now=now)
