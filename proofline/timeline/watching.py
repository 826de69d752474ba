"""Watching the timeline for rules of the rooms above: need signals, messages.

A rule (`watches.Watch`) fires for a contact, a person or an account when so many of their events lie in its window, once in its
period, in one transaction with its effect. Only the projector's thread watches; what it remembers it can read again from the stores,
so a restart neither forgets nor repeats anything.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from proofline.timeline.acting import Outcome, act, grouped
from proofline.timeline.chances import Chance, confirm, counted_of, learn, moment_of, recall
from proofline.timeline.counting import CHUNK
from proofline.timeline.models import Firing, Person
from proofline.timeline.watches import Index, milliseconds, moment, time_of
from proofline.timeline.windows import Memory

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from proofline.timeline.events import Event
    from proofline.timeline.watches import Subject, Watch
    from proofline.timeline.windows import Known, Moment

    Rules = Callable[[], Iterable[Watch]]
    Effecting = Callable[[Watch, Event, "Found"], Any]

SECONDS_TO_REREAD = 1.0
"""How soon a rule counts that another process changed; what this one changed counts at once."""
SECONDS_MUTED = 10.0
"""How long a rule that fired in vain for somebody is not tried again for them."""


@dataclass(frozen=True)
class Found:
    """Why a rule fires."""

    subject: Subject
    count: int
    first: datetime
    last: datetime
    people: tuple[int, ...]
    """The ids of the people who did it, as they were then."""


@dataclass(frozen=True)
class Provider:
    """A room's rules and what they do."""

    rules: Rules
    function: Effecting


_providers: dict[str, Provider] = {}


def provide(name: str, *, rules: Rules, function: Effecting) -> None:
    """Let a room's rules watch.

    Args:
        name: what the keys of its rules begin with, before a colon.
        rules: gives the rules as they are now; it is called once a second at most.
        function: `function(watch, event, found)` is what a rule does. It acts in a transaction that is opened for it; when it
            returns something false but None, the rule did not fire.

    Raises:
        ValueError: another room has the name.
    """
    known = _providers.get(name)
    if known and known.function != function:
        raise ValueError(f"Two rooms watch as {name!r}")
    _providers[name] = Provider(rules, function)
    watcher.reread()


class Watcher:
    """Watches events as they are projected, in order."""

    def __init__(self) -> None:
        self._memory = Memory()
        self._index = Index()
        self._read_at = float("-inf")
        self.version = 0
        """Grows when the rules change."""

    def begin(self) -> None:
        """Remember nothing: somebody else may have watched meanwhile."""
        self._memory.clear()
        self.reread()

    def reread(self) -> None:
        """Read the rules again before the next event."""
        self._read_at = float("-inf")

    def forget(self, people: Collection[int]) -> None:
        """Forget what these people did, who merged or were tied: it is their contact's or account's by now, or others' is theirs."""
        if not self._memory:
            return
        listed = sorted(people)
        for start in range(0, len(listed), CHUNK):
            some = listed[start : start + CHUNK]
            ties = Person.objects.filter(pk__in=some).values_list("contact_id", "account_id").distinct()
            self._memory.forget([("person", person) for person in some])
            self._memory.forget([("contact", contact) for contact, _account in ties if contact])
            self._memory.forget([("account", account) for _contact, account in ties if account])

    def index(self) -> Index:
        """Return the rules, at most a second old."""
        if time.monotonic() - self._read_at < SECONDS_TO_REREAD:
            return self._index
        self._read_at = time.monotonic()  # first, so that who says meanwhile that they changed is not forgotten
        watches = {one.key: one for provider in _providers.values() for one in provider.rules()}
        if watches != self._index.by_key:
            self._index = Index(watches.values())
            self._memory.clear()
            self.version += 1
        return self._index

    def hear(self, events: Iterable[Event]) -> None:
        """Let every rule fire that these events ask for.

        Raises:
            StoreError: the store does not answer; the same events may be heard again.
        """
        index = self.index()
        chances: dict[tuple[str, Subject], Chance] = {}
        if not index:
            return
        for event in events:
            if event.history:
                continue
            for watch in index.meant(event):
                subject = watch.subject(event)
                if subject is not None and (known := self._note(watch, subject, event)):
                    chance = chances.setdefault((watch.key, subject), Chance(watch, subject, known))
                    chance.events.append(event)
        self._take(list(chances.values()))

    def again(self, event: Event, *, key: str) -> bool:
        """Try a rule again that failed at this event; tell whether it was tried, or nothing asks for it any more.

        Raises:
            LookupError: there is no such rule any more.
        """
        watch = self.index().by_key.get(key)
        if watch is None:
            raise LookupError(key)
        subject = watch.subject(event)
        if subject is None:
            return False
        self._memory.forget([subject])
        return bool(self._take([Chance(watch, subject, self._memory.of(subject), [event])]))

    def _note(self, watch: Watch, subject: Subject, event: Event) -> Known | None:
        """Remember the event; return what is known of the subject when the rule may fire now."""
        known, own = self._memory.of(subject), moment_of(event)
        state = known.states.get(watch.key)
        if state is not None and own.at < state.quiet_until:
            state.stale = True
            return None
        may = True
        if watch.times > 1 and self._index.kin_of[watch.key] in known.read and not (state and state.stale):
            state = known.state(watch.key)
            state.add(own, width=milliseconds(watch.window + watch.within), times=watch.times)
            may = bool(counted_of(watch, state.moments, own))
        if event.received_at - event.at > watch.within or (state and state.muted_until > time.monotonic()):
            return None
        return known if may else None

    def _take(self, chances: Sequence[Chance]) -> int:
        """Let those fire that may; return how many were tried. Each store is asked a few times for all of them together."""
        index = self._index
        learn(chances, index)
        awake = [
            chance for chance in chances if any(moment(event) >= chance.state.quiet_until for event in chance.events)
        ]
        counting = [chance for chance in awake if chance.watch.times > 1]
        recall([one for one in counting if one.state.stale or index.kin_of[one.watch.key] not in one.known.read], index)
        due = [chance for chance in awake if chance.due()]
        confirm([chance for chance in due if chance.watch.times > 1], index)
        tried: list[bool] = []
        asked = [(chance, event) for chance in due for event in chance.events]
        try:
            grouped(asked, lambda one: tried.append(self._fire(*one)))
        except BaseException:  # what was not committed did not happen
            self._memory.forget([chance.subject for chance in due])
            raise
        return sum(tried)

    def _fire(self, chance: Chance, event: Event) -> bool:
        """Let a rule fire unless the store says otherwise; tell whether that was tried."""
        watch, state, at = chance.watch, chance.state, moment(event)
        if at < state.quiet_until or not chance.known.fired or state.muted_until > time.monotonic():
            return False
        counted = chance.counted(event)
        if not counted:
            return False
        outcome = act(
            key=f"{watch.key}:{event.id}",
            reaction=watch.key,
            event=event,
            function=lambda event: _effect(chance, event, counted),
        )
        if outcome is Outcome.DONE:
            state.rest(turn=state.turn + 1, until=at + milliseconds(watch.period))
        elif watch.times > 1 or chance.subject[0] == "person":
            state.muted_until = time.monotonic() + SECONDS_MUTED
        return True


def _effect(chance: Chance, event: Event, counted: Sequence[Moment]) -> bool:
    """Write the firing and do what the rule does, both or neither; False when another server was first or it did nothing."""
    watch, state = chance.watch, chance.state
    found = Found(
        subject=chance.subject,
        count=len(counted),
        first=time_of(counted[0].at),
        last=time_of(counted[-1].at),
        people=tuple(sorted({one.person for one in counted} - {0})),
    )
    with transaction.atomic():
        turn, at, now = state.turn + 1, time_of(moment(event)), timezone.now()
        if not Firing.claim(watch.key, subject=chance.subject, turn=turn, at=at, event_id=event.id, now=now):
            chance.known.fired = False  # look again what the other one did
            return False
        done = _providers[_provider_of(watch.key)].function(watch, event, found)
        if done is not None and not done:
            transaction.set_rollback(True)
            return False
    return True


def _provider_of(key: str) -> str:
    return key.partition(":")[0]


watcher = Watcher()
"""The one that the projector uses."""
