"""The chances that rules have to fire: what they did before, and what counts for them, read for many at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from proofline.timeline import counting
from proofline.timeline.counting import CHUNK, Family
from proofline.timeline.models import Firing
from proofline.timeline.watches import milliseconds, moment
from proofline.timeline.windows import Moment, State, fullest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.timeline.events import Event
    from proofline.timeline.watches import Subject, Watch


@dataclass
class Chance:
    """A rule that may fire for somebody, and the events that may set it off."""

    watch: Watch
    subject: Subject
    state: State
    events: list[Event] = field(default_factory=list)
    moments: Sequence[Moment] = ()
    """All that counts, as the store says."""

    def counted(self, event: Event) -> Sequence[Moment]:
        """Return the events that make the rule fire at this one, none when they are too few."""
        if self.watch.times == 1:
            return [moment_of(event)]
        stored = next((one.at for one in self.moments if one.id == event.id), moment(event))
        return counted_of(self.watch, self.moments, stored)


def counted_of(watch: Watch, moments: Sequence[Moment], at: int) -> Sequence[Moment]:
    """Return those of the window around a moment that make the rule fire, none when they are too few."""
    if len(moments) < watch.times:
        return ()
    found = fullest(moments, around=at, width=milliseconds(watch.window))
    return found if len(found) >= watch.times else ()


def moment_of(event: Event) -> Moment:
    """Return what is remembered of an event."""
    return Moment(moment(event), event.id, event.person or 0)


def learn(chances: Sequence[Chance]) -> None:
    """Find out when the rules fired last; what they did for a person before others merged into them counts too."""
    for start in range(0, len(chances), CHUNK):
        some = chances[start : start + CHUNK]
        subjects = {chance.subject for chance in some}
        named: dict[Subject, set[Subject]] = {subject: {subject} for subject in subjects}
        family = Family.of(subject for subject in subjects if subject[0] != "account")
        for person, owner in family.people.items():
            named[owner].add(("person", person))
        every = {one for names in named.values() for one in names}
        last = Firing.last(rule_keys={chance.watch.key for chance in some}, subjects=every)
        for chance in some:
            key, state = chance.watch.key, chance.state
            state.turn = last[key, chance.subject].turn if (key, chance.subject) in last else 0
            ats = [last[key, one].at for one in named[chance.subject] if (key, one) in last]
            if ats:
                state.quiet_until = int((max(ats) + chance.watch.period).timestamp() * 1000)


def recall(chances: Sequence[Chance]) -> None:
    """Read what counts for the rules and their subjects; what was heard just now counts too."""
    widths = [milliseconds(chance.watch.window + chance.watch.within) for chance in chances]
    asked = [
        (chance.watch, chance.subject, min(map(moment, chance.events)) - width)
        for chance, width in zip(chances, widths, strict=True)
    ]
    found = counting.read(asked)
    for chance, width in zip(chances, widths, strict=True):
        chance.state.fill(found[chance.watch.key, chance.subject])
        for event in chance.events:
            chance.state.add(moment_of(event), width=width, times=chance.watch.times)
        chance.moments = chance.state.moments
