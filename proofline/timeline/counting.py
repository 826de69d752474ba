"""What watched subjects did before, read from the columnar store.

For many rules and subjects at once: one question for all rules that compare the same properties of the same event.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from proofline.timeline import columns, store
from proofline.timeline.models import Person
from proofline.timeline.watches import Operator, Per, number_of, time_of
from proofline.timeline.windows import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from proofline.timeline.watches import Subject, Watch

    Asked = tuple[Watch, Subject, int]
    """A rule, of whom, and the moment from which on."""

CHUNK = 500
MOST_ROWS = 10_000
"""So many of the latest events that any rule of a question means are read of each person, or account."""


@dataclass
class Family:
    """Who stands behind subjects: their people, merged ones included, and whose each is."""

    people: dict[int, Subject] = field(default_factory=dict)
    contacts: dict[int, Subject] = field(default_factory=dict)
    accounts: dict[int, Subject] = field(default_factory=dict)

    @classmethod
    def of(cls, subjects: Iterable[Subject]) -> Family:
        """Find the families of some subjects."""
        found = cls()
        ids: dict[str, dict[int, Subject]] = {
            "person": found.people,
            "contact": found.contacts,
            "account": found.accounts,
        }
        for kind, pk in subjects:
            ids[kind][pk] = (kind, pk)
        canonical = Person.objects.canonical()
        for name, owners in (("contact_id", found.contacts), ("account_id", found.accounts)):
            for some in _chunks(owners):
                rows = canonical.filter(**{f"{name}__in": some}).values_list("pk", name)
                found.people |= {person: owners[owner] for person, owner in rows}
        for some in _chunks(found.people):
            merged = Person.objects.filter(canonical__in=some).values_list("pk", "canonical_id")
            found.people |= {person: found.people[stands] for person, stands in merged if stands}
        return found

    def owner(self, person: int, contact: int, account: int) -> Subject | None:
        """Return whose an event is."""
        if self.accounts and account:
            return self.accounts.get(account)
        return self.people.get(person) or self.contacts.get(contact)


class Kin(NamedTuple):
    """Rules that one question answers: of the same event, comparing the same properties, of the same kind of subject."""

    event: str
    kinds: tuple[str, ...]
    properties: tuple[str, ...]
    per: str


def read(asked: Sequence[Asked]) -> dict[tuple[str, Subject], list[Moment]]:
    """Return the events that count for each rule and subject.

    Raises:
        StoreError: the store does not answer.
    """
    found: dict[tuple[str, Subject], list[Moment]] = {(watch.key, subject): [] for watch, subject, _since in asked}
    for kin, some in _kin(asked):
        for start in range(0, len(some), CHUNK):
            _ask(kin, some[start : start + CHUNK], found)
    return found


def _kin(asked: Iterable[Asked]) -> Iterable[tuple[Kin, list[Asked]]]:
    groups: dict[Kin, list[Asked]] = defaultdict(list)
    for one in asked:
        watch = one[0]
        names = tuple(dict.fromkeys(condition.property for condition in watch.conditions))
        groups[Kin(watch.event, tuple(sorted(watch.kinds)), names, watch.per)].append(one)
    return groups.items()


def _ask(kin: Kin, asked: Sequence[Asked], found: dict[tuple[str, Subject], list[Moment]]) -> None:
    family = Family.of({subject for _watch, subject, _since in asked})
    wanted: dict[Subject, list[tuple[Watch, int]]] = defaultdict(list)
    for watch, subject, since in asked:
        wanted[subject].append((watch, since))
    sql, values = _question(kin, asked, family)
    for person, contact, account, event_id, at, *texts in store.query(sql, values):
        owner = family.owner(person, contact, account)
        if owner is None:
            continue
        said = dict(zip(kin.properties, texts, strict=True))
        for watch, since in wanted[owner]:
            if at >= since and all(condition.holds(said[condition.property]) for condition in watch.conditions):
                found[watch.key, owner].append(Moment(at, event_id, person))


def _question(kin: Kin, asked: Sequence[Asked], family: Family) -> tuple[str, dict[str, Any]]:
    """Return the SQL and its values; names and values of properties are bound like all others."""
    values: dict[str, Any] = {
        "since": time_of(min(since for _watch, _subject, since in asked)),
        "most": MOST_ROWS,
        "people": sorted(family.people),
    }
    where = ["at >= {since:DateTime64(3)}"]
    if kin.event:
        where.append("event = {event:String}")
        values["event"] = kin.event
    if kin.kinds:
        where.append("kind IN {kinds:Array(String)}")
        values["kinds"] = list(kin.kinds)
    if kin.per == Per.ACCOUNT:
        where.append("(account IN {accounts:Array(UInt64)} OR (account = 0 AND person IN {people:Array(UInt64)}))")
        values["accounts"] = sorted(family.accounts)
    elif family.contacts:
        where.append("(person IN {people:Array(UInt64)} OR contact IN {contacts:Array(UInt64)})")
        values["contacts"] = sorted(family.contacts)
    else:
        where.append("person IN {people:Array(UInt64)}")
    selected = []
    for place, name in enumerate(kin.properties):
        values[f"property{place}"] = name
        selected.append(f", {columns.text(f'{{property{place}:Identifier}}')} AS text{place}")
    if kin.properties:
        where.append(f"({' OR '.join(_any_of(asked, values))})")
    each = "if(account = 0, person, 0), account" if kin.per == Per.ACCOUNT else "person"
    sql = (
        f"SELECT person, contact, account, lower(hex(id)), toUnixTimestamp64Milli(least(at, received)) AS moment{''.join(selected)} "  # noqa: S608 - no value stands in it
        f"FROM events WHERE {' AND '.join(where)} ORDER BY moment DESC LIMIT {{most:UInt64}} BY {each}"
    )
    return sql, values


def _any_of(asked: Sequence[Asked], values: dict[str, Any]) -> Iterator[str]:
    """Yield conditions of which one holds where a rule's first one does: so only what may count comes out of the store."""
    texts: dict[str, set[str]] = defaultdict(set)
    for watch, _subject, _since in asked:
        texts[watch.conditions[0].operator].add(watch.conditions[0].value)
    if Operator.ANY in texts:
        yield "1"
    if Operator.IS in texts:
        values["is"] = sorted(texts[Operator.IS])
        yield "text0 IN {is:Array(String)}"
    if Operator.CONTAINS in texts:
        values["contains"] = sorted(texts[Operator.CONTAINS])
        yield "arrayExists(part -> position(text0, part) > 0, {contains:Array(String)})"
    bounds: dict[str, tuple[str, Callable[[Collection[float]], float]]] = {
        Operator.MORE: (">", min),
        Operator.LESS: ("<", max),
    }
    for operator, (sign, widest) in bounds.items():
        limits = [limit for text in texts.get(operator, ()) if (limit := number_of(text)) is not None]
        if operator in texts:
            values[operator] = widest(limits) if limits else 0.0
            yield f"toFloat64OrNull(text0) {sign} {{{operator}:Float64}}"


def _chunks(ids: Collection[int]) -> Iterator[list[int]]:
    listed = sorted(ids)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))
