"""What may be watched for: an event with these properties, so many times in a window, of one person or of one account."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from proofline.timeline.events import Event

    Subject = tuple[str, int]
    """Of whom it is counted: ("contact", 7), ("person", 8) as long as no contact is known, or ("account", 9)."""

FRESH = timedelta(hours=1)
"""What came later than so long after it happened is counted, but sets nothing off: the moment has passed."""
MOST_TEXTS = 10_000
"""So many values of a property are remembered with the watches that they meet."""
LONGEST_WHOLE = 1e15
"""From here on a number with a fraction is written with an exponent."""


class Per(TextChoices):
    """Whose events are counted together."""

    PERSON = "person", _("person")
    ACCOUNT = "account", _("account")


class Operator(TextChoices):
    """How a property is compared."""

    IS = "is", _("is")
    CONTAINS = "contains", _("contains")
    MORE = "more", _("is more than")
    LESS = "less", _("is less than")
    ANY = "any", _("is anything")


@dataclass(frozen=True)
class Condition:
    """A comparison of a property, as text; `MORE` and `LESS` compare numbers, however they were sent."""

    property: str
    operator: str
    value: str = ""

    def holds(self, text: str) -> bool:
        """Tell whether the property's text meets it; '' stands for a property that is not there."""
        match self.operator:
            case Operator.IS:
                return text == self.value
            case Operator.CONTAINS:
                return self.value in text
            case Operator.ANY:
                return True
        found, limit = number_of(text), number_of(self.value)
        if found is None or limit is None:
            return False
        return found > limit if self.operator == Operator.MORE else found < limit


class Kin(NamedTuple):
    """Rules that compare the same properties of events of the same kinds, and count for the same kind of subject."""

    any_event: bool
    kinds: tuple[str, ...]
    properties: tuple[str, ...]
    per: str


@dataclass(frozen=True)
class Watch:
    """A rule as the timeline watches it. It fires when `times` events lie within a `window`, then not again for a `period`."""

    key: str
    """Names it for ever, as "signal-rule:7"; what stands before the colon names who provides it."""
    rule: int
    event: str = ""
    """The event's name; '' for every event of the `kinds`."""
    kinds: frozenset[str] = frozenset()
    """Only events of these kinds; none for all."""
    conditions: tuple[Condition, ...] = ()
    times: int = 1
    window: timedelta = timedelta(days=7)
    per: str = Per.PERSON
    period: timedelta = timedelta(days=7)
    known: bool = False
    """Only of people who are contacts."""
    within: timedelta = FRESH

    @property
    def kin(self) -> Kin:
        """What one question to the columnar store answers together with it."""
        names = tuple(dict.fromkeys(condition.property for condition in self.conditions))
        return Kin(any_event=not self.event, kinds=tuple(sorted(self.kinds)), properties=names, per=self.per)

    def wants(self, *, kind: str, known: bool) -> bool:
        """Tell whether an event of its name may be meant."""
        return (known or not self.known) and (not self.kinds or kind in self.kinds)

    def subject(self, event: Event) -> Subject | None:
        """Return of whom the event counts, None for nobody."""
        if self.per == Per.ACCOUNT:
            return ("account", event.account_id) if event.account_id else None
        if event.contact_id:
            return "contact", event.contact_id
        return ("person", event.person) if event.person and not self.known else None


def conditions(*given: tuple[str, str, str]) -> tuple[Condition, ...]:
    """Return the conditions that say anything, of (property, operator, value)."""
    return tuple(Condition(*one) for one in given if one[0] and one[1] != Operator.ANY)


def text_of(properties: Mapping[str, Any], name: str) -> str:
    """Return a property as the columnar store writes it; nested ones have dotted names, '' stands for what is not there."""
    value = properties.get(name)
    if value is None and "." in name:
        value = properties
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, float) and value.is_integer() and abs(value) < LONGEST_WHOLE:
        return f"{value:.0f}"  # of nothing the sign stays: "-0"
    return msgspec.json.encode(value).decode()


def number_of(text: str) -> float | None:
    """Return the number that a text says, None when it says none."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def moment(event: Event) -> int:
    """Return when the event happened, in milliseconds since 1970 as the columnar store rounds; nothing happens after it came."""
    return round(min(event.at, event.received_at).timestamp() * 1000)


def milliseconds(length: timedelta) -> int:
    """Return a length of time in milliseconds."""
    return int(length.total_seconds() * 1000)


def time_of(milliseconds: int) -> datetime:
    """Return the time of a moment."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


@dataclass
class Shelf:
    """The watches for one name: those without conditions, and the others by the property of their first one."""

    plain: list[Watch] = field(default_factory=list)
    by_property: dict[str, list[Watch]] = field(default_factory=lambda: defaultdict(list))
    met: dict[tuple[str, str], list[Watch]] = field(default_factory=dict)

    def put(self, watch: Watch) -> None:
        """Add a watch."""
        shelf = self.by_property[watch.conditions[0].property] if watch.conditions else self.plain
        shelf.append(watch)

    def every(self) -> Iterator[Watch]:
        """Yield all."""
        yield from self.plain
        for some in self.by_property.values():
            yield from some

    def meant(self, event: Event) -> Iterator[Watch]:
        """Yield those that the event's properties meet. A value that came before costs one look-up, however many rules compare it."""
        yield from self.plain
        for name, some in self.by_property.items():
            text = text_of(event.properties, name)
            found = self.met.get((name, text))
            if found is None:
                if len(self.met) >= MOST_TEXTS:
                    self.met.clear()
                found = self.met[name, text] = [watch for watch in some if watch.conditions[0].holds(text)]
            for watch in found:
                if all(more.holds(text_of(event.properties, more.property)) for more in watch.conditions[1:]):
                    yield watch


class Index:
    """All watches, by the names that they listen to."""

    def __init__(self, watches: Iterable[Watch] = ()) -> None:
        self.by_key = {watch.key: watch for watch in watches}
        self._shelves: dict[str, Shelf] = defaultdict(Shelf)
        self.kin: dict[Kin, list[Watch]] = defaultdict(list)
        """The rules that count, by what the columnar store is asked for them together."""
        self.kin_of: dict[str, Kin] = {}
        for watch in self.by_key.values():
            self._shelves[watch.event].put(watch)
            self.kin_of[watch.key] = watch.kin
            if watch.times > 1:
                self.kin[watch.kin].append(watch)

    def __bool__(self) -> bool:
        return bool(self.by_key)

    def wanted(self, *, kind: str, name: str, known: bool) -> bool:
        """Tell whether any watch may mean events of this kind and name."""
        return any(watch.wants(kind=kind, known=known) for shelf in self._at(name) for watch in shelf.every())

    def meant(self, event: Event) -> Iterator[Watch]:
        """Yield the watches that the event meets."""
        known = event.contact_id is not None
        for shelf in self._at(event.name):
            for watch in shelf.meant(event):
                if watch.wants(kind=event.kind, known=known):
                    yield watch

    def _at(self, name: str) -> list[Shelf]:
        return [self._shelves[one] for one in {name, ""} if one in self._shelves]
