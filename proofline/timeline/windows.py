"""What is remembered of who did what lately, so that most events need no question to a store.

It is bounded, and never the last word: before a rule fires that counts, the columnar store is asked.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from proofline.timeline.watches import Kin, Subject

MOST_SUBJECTS, MOST_STATES = 100_000, 300_000
"""So many subjects, and states of rules and subjects, are remembered. Whoever did nothing for the longest time is forgotten first."""
MOST_MOMENTS = 1_000
"""So many of the latest events a rule and subject are remembered, and twice as many as the rule counts."""


class Moment(NamedTuple):
    """An event that counts: when, which, whose."""

    at: int
    """Milliseconds since 1970."""
    id: str
    person: int


class State:
    """What is known of one rule and one subject."""

    __slots__ = ("_ids", "moments", "muted_until", "quiet_until", "stale", "turn")

    def __init__(self) -> None:
        self.moments: list[Moment] = []
        self._ids: set[str] = set()
        self.stale = False
        """Whether nothing was remembered for a while, so that the store has to be asked."""
        self.turn: int = 0
        """How often the rule fired for the subject."""
        self.quiet_until = 0
        self.muted_until = 0.0
        """By the monotonic clock: it was tried just now, in vain."""

    def fill(self, moments: Iterable[Moment]) -> None:
        """Take what the store knows."""
        self.moments = sorted(moments)
        self._ids = {one.id for one in self.moments}
        self.stale = False

    def add(self, moment: Moment, *, width: int, times: int) -> None:
        """Note an event once; what is too old to count any more is left behind."""
        if moment.id in self._ids:
            return
        insort(self.moments, moment)
        self._ids.add(moment.id)
        stale = bisect_left(self.moments, (self.moments[-1].at - width,))
        surplus = len(self.moments) - max(MOST_MOMENTS, 2 * times)
        if (gone := max(stale, surplus)) > 0:
            self._ids.difference_update(one.id for one in self.moments[:gone])
            del self.moments[:gone]

    def rest(self, *, turn: int, until: int) -> None:
        """Note that the rule fired; nothing counts until its period is over, and then the store is asked anew."""
        self.turn, self.quiet_until, self.stale = turn, until, True
        self.moments, self._ids = [], set()


class Known:
    """What is known of a subject: the states of the rules that something was done for, and what was read from the stores."""

    __slots__ = ("_memory", "fired", "read", "states")

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.states: dict[str, State] = {}
        self.read: set[Kin] = set()
        """For these rules the columnar store was asked what the subject did before."""
        self.fired = False
        """Whether the record store was asked which rules fired."""

    def state(self, key: str) -> State:
        """Return the state of a rule."""
        found = self.states.get(key)
        if found is None:
            found = self.states[key] = State()
            self._memory.states += 1
        return found


def fullest(moments: Sequence[Moment], *, around: int, width: int) -> Sequence[Moment]:
    """Return the most of these, in order, that lie with the moment `around` in one window of that width (both in milliseconds)."""
    low, high = bisect_left(moments, (around - width,)), bisect_right(moments, (around + width + 1,))
    best, end = (low, low), low
    for start in range(low, high):
        if moments[start].at > around:
            break
        while end < high and moments[end].at <= moments[start].at + width:
            end += 1
        if end - start > best[1] - best[0]:
            best = start, end
    return moments[best[0] : best[1]]


class Memory:
    """The subjects that did something lately."""

    def __init__(self, *, most: int = MOST_SUBJECTS, states: int = MOST_STATES) -> None:
        self._most, self._most_states = most, states
        self._known: OrderedDict[Subject, Known] = OrderedDict()
        self.states = 0
        """How many states there are."""

    def __len__(self) -> int:
        return len(self._known)

    def of(self, subject: Subject) -> Known:
        """Return what is known of a subject."""
        known = self._known.get(subject)
        if known is None:
            known = self._known[subject] = Known(self)
            while len(self._known) > 1 and (len(self._known) > self._most or self.states > self._most_states):
                self.forget([next(iter(self._known))])
        else:
            self._known.move_to_end(subject)
        return known

    def forget(self, subjects: Iterable[Subject]) -> None:
        """Forget what may be another's by now."""
        for subject in subjects:
            if known := self._known.pop(subject, None):
                self.states -= len(known.states)

    def clear(self) -> None:
        """Forget everything."""
        self._known.clear()
        self.states = 0
