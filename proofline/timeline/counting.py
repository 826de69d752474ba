"""What watched subjects did before, read from the columnar store.

For many rules and subjects at once: one question for all rules that compare the same properties.
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

    from proofline.timeline.watches import Kin, Subject, Watch

CHUNK = 500


class Asked(NamedTuple):
    """Of whom, from which moment on, and for which rule; without one for all rules of a kin."""

    subject: Subject
    since: int
    watch: Watch | None = None


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


def read(
    kin: Kin, watches: Collection[Watch], asked: Sequence[Asked], *, most: int
) -> dict[tuple[str, Subject], list[Moment]]:
    """Return the events that count, by rule and subject, for those for whom any do.

    Args:
        kin: what the rules compare.
        watches: the rules.
        asked: of whom.
        most: so many of the latest events with the same properties are enough.

    Raises:
        StoreError: the store does not answer.
    """
    found: dict[tuple[str, Subject], list[Moment]] = defaultdict(list)
    for start in range(0, len(asked), CHUNK):
        _ask(kin, watches, asked[start : start + CHUNK], found, most=most)
    return found


def _ask(
    kin: Kin,
    watches: Collection[Watch],
    asked: Sequence[Asked],
    found: dict[tuple[str, Subject], list[Moment]],
    *,
    most: int,
) -> None:
    family = Family.of({one.subject for one in asked})
    wanted: dict[Subject, list[Asked]] = defaultdict(list)
    for one in asked:
        wanted[one.subject].append(one)
    by_event: dict[str, list[Watch]] = defaultdict(list)
    for watch in watches:
        by_event[watch.event].append(watch)
    met: dict[tuple[str, ...], list[Watch]] = {}
    sql, values = _question(kin, asked, watches, family)
    for person, contact, account, event_id, at, *said in store.query(sql, values | {"most": most}):
        owner, texts = family.owner(person, contact, account), tuple(said)
        if texts not in met:
            meant = by_event["" if kin.any_event else texts[0]]
            met[texts] = [watch for watch in meant if _meets(watch, kin, texts[1:])]
        for one in wanted[owner] if owner else ():
            for watch in met[texts]:
                if at >= one.since and (one.watch is None or one.watch is watch):
                    found[watch.key, one.subject].append(Moment(at, event_id, person))


def _meets(watch: Watch, kin: Kin, texts: tuple[str, ...]) -> bool:
    """Tell whether these texts of the properties meet a rule."""
    said = dict(zip(kin.properties, texts, strict=True))
    return all(condition.holds(said[condition.property]) for condition in watch.conditions)


def _question(
    kin: Kin, asked: Sequence[Asked], watches: Collection[Watch], family: Family
) -> tuple[str, dict[str, Any]]:
    """Return the SQL and its values; names and values of properties are bound like all others."""
    values: dict[str, Any] = {
        "since": time_of(min(one.since for one in asked)),
        "people": sorted(family.people),
    }
    where = ["at >= {since:DateTime64(3)}"]
    if not kin.any_event:
        where.append("event IN {events:Array(String)}")
        values["events"] = sorted({watch.event for watch in watches})
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
    texts = {f"text{place}": f"{{property{place}:Identifier}}" for place in range(len(kin.properties))}
    values |= {f"property{place}": name for place, name in enumerate(kin.properties)}
    selected = "".join(f", {columns.text(name)} AS {text}" for text, name in texts.items())
    if kin.properties:
        where.append(f"({' OR '.join(_any_of(watches, values))})")
    each = ", ".join(["if(account = 0, person, 0)", "account"] if kin.per == Per.ACCOUNT else ["person"])
    sql = (
        "SELECT person, contact, account, lower(hex(id)), toUnixTimestamp64Milli(least(at, received)) AS moment, "  # noqa: S608 - no value stands in it
        f"event{selected} FROM events WHERE {' AND '.join(where)} ORDER BY moment DESC "
        f"LIMIT {{most:UInt64}} BY {', '.join([each, 'event', *texts])}"
    )
    return sql, values


def _any_of(watches: Iterable[Watch], values: dict[str, Any]) -> Iterator[str]:
    """Yield conditions of which one holds where a rule's first one does: so only what may count comes out of the store."""
    texts: dict[str, set[str]] = defaultdict(set)
    for watch in watches:
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
