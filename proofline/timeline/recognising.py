"""Who is behind many events at once: from memory for people whom the projector met before, one question for the rest.

What is kept in memory for long is what can't change behind our back: which person a key belongs to. Into whom a person merged, and
to which contact and account they belong, can change; the projector says `forget` for everybody whom the record store marks as stale.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from django.db import IntegrityError, connection, transaction

from proofline.timeline import committing, identity
from proofline.timeline.models import Person, PersonKey
from proofline.timeline.segment import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from proofline.timeline.segment import Scalar

    Said = tuple[Scalar, Scalar, str | None]
    """Anonymous id, user id and e-mail, as a message has them."""

T = TypeVar("T")
CHUNK = 500
MOST_KNOWN = 500_000
Key = tuple[str, str]
Keys = tuple[Key, ...]
TIED = ("contact_id", "account_id", "group")
OWNERS = (PersonKey.Kind.USER, PersonKey.Kind.EMAIL, PersonKey.Kind.ANONYMOUS)
"""Whose person a set of keys means, once they are resolved: the first of these that it has."""


class Who(NamedTuple):
    """A person as things are now."""

    canonical: int
    contact: int | None = None
    account: int | None = None
    group: int | None = None


class Known:
    """What the projector knows of people."""

    def __init__(self) -> None:
        self._person: dict[Said, int | None] = {}
        self._who: dict[int, Who] = {}

    def resolve(self, wanted: Sequence[Said]) -> list[int | None]:
        """Return the canonical person of each, as `identity.resolve` would one after the other; None where nobody is meant."""
        if len(self._person) > MOST_KNOWN:
            self._person.clear()
            self._who.clear()
        if unknown := dict.fromkeys(said for said in wanted if said not in self._person):
            self._meet(list(unknown))
        people = [self._person[said] for said in wanted]
        who = self.who(person for person in set(people) if person is not None)
        return [None if person is None else who[person].canonical for person in people]

    def who(self, people: Iterable[int]) -> Mapping[int, Who]:
        """Return what tells who these people are, and maybe others."""
        if unknown := set(people).difference(self._who):
            self._look_up(unknown)
        return self._who

    def forget(self, people: Iterable[int]) -> None:
        """Read these again when they are next asked for."""
        for person in people:
            self._who.pop(person, None)

    def _look_up(self, people: set[int]) -> None:
        for some in _chunks(sorted(people)):
            own = Person.objects.canonical().filter(pk__in=some).values_list("pk", "pk", *TIED)
            merged = Person.objects.filter(pk__in=some, canonical__isnull=False)
            theirs = merged.values_list("pk", "canonical", *(f"canonical__{name}" for name in TIED))
            for person, canonical, contact, account, group in (*own, *theirs):
                self._who[person] = Who(canonical, contact, account, group)
            for gone in set(some) - self._who.keys():  # erased at this moment
                self._who[gone] = Who(gone)

    def _meet(self, unknown: Sequence[Said]) -> None:
        """Find or make the people of these keys, and note whose they are."""
        keys_of = {said: _keys(said) for said in unknown}
        asked = list(dict.fromkeys(keys for keys in keys_of.values() if keys))
        owner = _owners(asked)
        made = _welcome([keys[0] for keys in asked if len(keys) == 1 and keys[0] not in owner])
        owner |= made
        self._who |= {person: Who(person) for person in made.values()}
        for keys in asked:
            people = {owner.get(key) for key in keys}
            if len(people) != 1 or None in people:
                self._join(keys, owner)
        for said, keys in keys_of.items():
            given = dict(keys)
            first = next((kind for kind in OWNERS if kind in given), None)
            self._person[said] = None if first is None else owner.get((first, given[first]))

    def _join(self, keys: Keys, owner: dict[Key, int]) -> None:
        """Resolve keys of several people, who may become one by it."""
        known = {owner[key] for key in keys if key in owner}
        canonical = {who.canonical for person in known if (who := self._who.get(person))}
        if len(canonical) == 1 and all(key in owner and owner[key] in self._who for key in keys):
            return
        person = identity.resolve(**dict(keys))
        owner.update(_owners([keys]))
        self.forget({*known, person})
        for kind, key in keys:  # a shared device's key may stay somebody else's
            owner.setdefault((kind, key), person)


def resolve_many(wanted: Sequence[dict[str, str | None]]) -> list[int | None]:
    """Return the canonical person of each set of keys, knowing nobody beforehand."""
    return Known().resolve([(keys["anonymous"], keys["user"], keys["email"]) for keys in wanted])


def _keys(said: Said) -> Keys:
    anonymous, user, email = said
    return tuple(identity.normal(anonymous=text_of(anonymous), user=text_of(user), email=email).items())


def _owners(asked: Iterable[Keys]) -> dict[Key, int]:
    """Return the person that each known key was given to, merged or not."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for keys in asked:
        for kind, key in keys:
            by_kind[kind].add(key)
    owner: dict[Key, int] = {}
    for kind, some_keys in by_kind.items():
        for some in _chunks(sorted(some_keys)):
            found = PersonKey.objects.filter(kind=kind, key__in=some)
            owner |= {(kind, key): person for key, person in found.values_list("key", "person_id")}
    return owner


def _welcome(newcomers: Sequence[Key]) -> dict[Key, int]:
    """Make people for keys that nobody has yet; none when somebody else made one of them meanwhile: then the careful way is left."""
    if not newcomers:
        return {}
    made: dict[Key, int] = {}
    try:
        with committing.between(), transaction.atomic(), connection.cursor() as cursor:
            for some in _chunks(newcomers):
                # By hand, because the models take fifteen times as long, and this is what first visits cost.
                cursor.execute(
                    f"INSERT INTO timeline_person (stale) VALUES {', '.join(['(%s)'] * len(some))} RETURNING id",  # noqa: S608 - only as many places as there are people
                    [False] * len(some),
                )
                made |= {key: row[0] for key, row in zip(some, cursor.fetchall(), strict=True)}
            rows = [(kind, key, person) for (kind, key), person in made.items()]
            cursor.executemany("INSERT INTO timeline_personkey (kind, key, person_id) VALUES (%s, %s, %s)", rows)
    except IntegrityError:
        return {}
    return made


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
