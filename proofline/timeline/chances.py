"""The chances that rules have to fire: what they did before, and what counts for them, read for many at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from proofline.timeline import counting
from proofline.timeline.counting import CHUNK, Asked, Family
from proofline.timeline.models import Firing
from proofline.timeline.watches import milliseconds, moment
from proofline.timeline.windows import MOST_MOMENTS, Moment, fullest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from proofline.timeline.events import Event
    from proofline.timeline.watches import Index, Kin, Subject, Watch
    from proofline.timeline.windows import Known, State


ENOUGH = 100
"""So many of somebody's latest events with the same properties tell whether a rule may fire, and twice as many as it counts."""


@dataclass
class Chance:
    """A rule that may fire for somebody, and the events that may set it off."""

    watch: Watch
    subject: Subject
    known: Known
    events: list[Event] = field(default_factory=list)
    moments: Sequence[Moment] = ()
    """All that counts, as the store says."""

    @property
    def state(self) -> State:
        """What is known of the rule and the subject."""
        return self.known.state(self.watch.key)

    @property
    def width(self) -> int:
        """How long ago what counts may be, in milliseconds."""
        return milliseconds(self.watch.window + self.watch.within)

    @property
    def since(self) -> int:
        """The first moment that counts for any of the events."""
        return min(map(moment, self.events)) - self.width

    def due(self) -> bool:
        """Tell whether an event came after the rule's period, and enough of them as far as is known."""
        state = self.state
        late = [one for one in map(moment_of, self.events) if one.at >= state.quiet_until]
        return any(self.watch.times == 1 or counted_of(self.watch, state.moments, one) for one in late)

    def counted(self, event: Event) -> Sequence[Moment]:
        """Return the events that make the rule fire at this one, none when they are too few."""
        own = moment_of(event)
        return [own] if self.watch.times == 1 else counted_of(self.watch, self.moments, own)

    def remember(self) -> None:
        """Let what was heard just now count, though the store may not show it yet."""
        for event in self.events:
            self.state.add(moment_of(event), width=self.width, times=self.watch.times)


def counted_of(watch: Watch, moments: Sequence[Moment], own: Moment) -> Sequence[Moment]:
    """Return those in a window with an event that make the rule fire, none when they are too few."""
    if len(moments) < watch.times:
        return ()
    at = next((one.at for one in moments if one.id == own.id), own.at)
    found = fullest(moments, around=at, width=milliseconds(watch.window))
    return found if len(found) >= watch.times else ()


def moment_of(event: Event) -> Moment:
    """Return what is remembered of an event."""
    return Moment(moment(event), event.id, event.person or 0)


def learn(chances: Sequence[Chance], index: Index) -> None:
    """Find out which rules fired for these subjects; what they did for a person before others merged into them counts too."""
    new = {chance.subject: chance.known for chance in chances if not chance.known.fired}
    subjects = list(new)
    for start in range(0, len(subjects), CHUNK):
        some = subjects[start : start + CHUNK]
        owners: dict[Subject, Subject] = {subject: subject for subject in some}
        family = Family.of(subject for subject in some if subject[0] != "account")
        owners |= {("person", person): owner for person, owner in family.people.items()}
        for (key, subject), last in Firing.last(subjects=owners).items():
            if watch := index.by_key.get(key):
                state = new[owners[subject]].state(key)
                state.turn = last.turn if subject == owners[subject] else state.turn
                until = round((last.at + watch.period).timestamp() * 1000)
                state.quiet_until, state.stale = max(state.quiet_until, until), True
        for subject in some:
            new[subject].fired = True


def recall(chances: Sequence[Chance], index: Index) -> None:
    """Read what subjects did before, of whom it is not known: for all rules that one question answers, for the next events too."""
    for kin, some in _by_kin(chances, index):
        rules = index.kin[kin]
        width = max(milliseconds(watch.window + watch.within) for watch in rules)
        new: dict[Subject, int] = {}
        for chance in some:
            if kin not in chance.known.read:
                since = chance.since + chance.width - width
                new[chance.subject] = min(new.get(chance.subject, since), since)
        asked = [Asked(subject, since) for subject, since in new.items()]
        asked += [Asked(chance.subject, chance.since, chance.watch) for chance in some if chance.subject not in new]
        found = counting.read(kin, rules, asked, most=max(ENOUGH, *(2 * watch.times for watch in rules)))
        known = {chance.subject: chance.known for chance in some}
        for subject in new:
            known[subject].read.add(kin)
            for key, state in known[subject].states.items():
                if index.kin_of.get(key) == kin:
                    state.fill(())
        for (key, subject), moments in found.items():
            known[subject].state(key).fill(moments)
        for chance in some:
            chance.state.stale = False
            chance.remember()


def confirm(chances: Sequence[Chance], index: Index) -> None:
    """Read all that counts for rules that are about to fire: the columnar store has the last word, and tells the evidence whole."""
    for kin, some in _by_kin(chances, index):
        asked = [Asked(chance.subject, chance.since, chance.watch) for chance in some]
        watches = {chance.watch.key: chance.watch for chance in some}
        found = counting.read(kin, list(watches.values()), asked, most=MOST_MOMENTS)
        for chance in some:
            chance.state.fill(found.get((chance.watch.key, chance.subject), ()))
            chance.remember()
            chance.moments = chance.state.moments


def _by_kin(chances: Iterable[Chance], index: Index) -> Iterable[tuple[Kin, list[Chance]]]:
    groups: dict[Kin, list[Chance]] = defaultdict(list)
    for chance in chances:
        groups[index.kin_of[chance.watch.key]].append(chance)
    return groups.items()
