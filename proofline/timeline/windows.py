"""What is remembered of who did what lately, so that most events need no question to a store.

It is bounded, and never the last word: before a rule fires that counts, the columnar store is asked.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from proofline.timeline.watches import Subject

MOST_SUBJECTS = 100_000
"""Whoever did nothing for the longest time is forgotten first; the store still knows."""
MOST_MOMENTS = 1_000
"""So many of the latest events a rule and subject are remembered, and twice as many as the rule counts."""


class Moment(NamedTuple):
    """An event that counts: when, which, whose."""

    at: int
    """Milliseconds since 1970."""
    id: str
    person: int


class State:
    """What is known of one rule and one subject. Not `read` means that the store has to be asked what was before."""

    __slots__ = ("_ids", "moments", "muted_until", "quiet_until", "read", "turn")

    def __init__(self) -> None:
        self.moments: list[Moment] = []
        self._ids: set[str] = set()
        self.read = False
        self.turn: int | None = None
        """How often the rule fired for the subject; None as long as nobody looked."""
        self.quiet_until = 0
        self.muted_until = 0.0
        """By the monotonic clock: it was tried just now, in vain."""

    def fill(self, moments: Iterable[Moment]) -> None:
        """Take what the store knows."""
        self.moments = sorted(moments)
        self._ids = {one.id for one in self.moments}
        self.read = True

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
        self.turn, self.quiet_until, self.read = turn, until, False
        self.moments, self._ids = [], set()


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
    """The states of all subjects that did something lately."""

    def __init__(self, *, most: int = MOST_SUBJECTS) -> None:
        self._most = most
        self._states: OrderedDict[Subject, dict[str, State]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._states)

    def state(self, subject: Subject, key: str) -> State:
        """Return the state of a rule and a subject."""
        states = self._states.get(subject)
        if states is None:
            states = self._states[subject] = {}
            if len(self._states) > self._most:
                self._states.popitem(last=False)
        else:
            self._states.move_to_end(subject)
        found = states.get(key)
        if found is None:
            found = states[key] = State()
        return found

    def forget(self, subjects: Iterable[Subject]) -> None:
        """Forget what may be another's by now."""
        for subject in subjects:
            self._states.pop(subject, None)

    def clear(self) -> None:
        """Forget everything."""
        self._states.clear()
