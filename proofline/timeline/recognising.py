"""Who is behind many events at once: one question to the record store for people who are known, the careful way for the rest."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce

from proofline.timeline import identity
from proofline.timeline.models import Person, PersonKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

T = TypeVar("T")
CHUNK = 500
Key = tuple[str, str]
Keys = tuple[Key, ...]


def resolve_many(wanted: Sequence[dict[str, str | None]]) -> list[int]:
    """Return the canonical person of each set of keys, as `identity.resolve` would one after the other."""
    normal: dict[tuple[tuple[str, str | None], ...], Keys] = {}
    asked: list[Keys] = []
    for given in wanted:
        said = tuple(given.items())
        if said not in normal:
            normal[said] = tuple(identity.normal(**given).items())
        asked.append(normal[said])
    distinct = list(dict.fromkeys(asked))
    known = _known(distinct)
    _welcome([keys[0] for keys in distinct if len(keys) == 1 and keys[0] not in known], known)
    people: dict[Keys, int] = {}
    merged = False
    for keys in distinct:
        found = {known.get(key) for key in keys}
        if len(found) == 1 and None not in found:
            people[keys] = next(iter(filter(None, found)))
        else:
            people[keys] = identity.resolve(**dict(keys))
            merged = True
    if merged:
        canonical = _canonical(set(people.values()))
        people = {keys: canonical[person] for keys, person in people.items()}
    return [people[keys] for keys in asked]


def ties_of(people: set[int]) -> dict[int, tuple[int | None, int | None]]:
    """Return (contact, account) of each person who has one."""
    found: dict[int, tuple[int | None, int | None]] = {}
    for some in _chunks(sorted(people)):
        rows = Person.objects.filter(pk__in=some).values_list("pk", "contact_id", "account_id")
        found |= {pk: (contact, account) for pk, contact, account in rows if contact or account}
    return found


def _known(distinct: Iterable[Keys]) -> dict[Key, int]:
    """Return the canonical person of each key that is known."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for keys in distinct:
        for kind, key in keys:
            by_kind[kind].add(key)
    known: dict[Key, int] = {}
    for kind, some_keys in by_kind.items():
        for some in _chunks(sorted(some_keys)):
            found = PersonKey.objects.filter(kind=kind, key__in=some)
            rows = found.annotate(canonical=Coalesce("person__canonical_id", "person_id"))
            known |= {(kind, key): person for key, person in rows.values_list("key", "canonical")}
    return known


def _welcome(newcomers: Sequence[Key], known: dict[Key, int]) -> None:
    """Make people for keys that nobody has yet; whoever was made by somebody else meanwhile goes the careful way."""
    if not newcomers:
        return
    try:
        with transaction.atomic():
            people = Person.objects.bulk_create([Person() for _key in newcomers], batch_size=CHUNK)
            keys = [
                PersonKey(kind=kind, key=key, person=person)
                for (kind, key), person in zip(newcomers, people, strict=True)
            ]
            PersonKey.objects.bulk_create(keys, batch_size=CHUNK)
    except IntegrityError:
        return
    known |= {(key.kind, key.key): key.person_id for key in keys}


def _canonical(people: set[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in _chunks(sorted(people)):
        rows = Person.objects.filter(pk__in=some).annotate(stands=Coalesce("canonical_id", "pk"))
        found |= dict(rows.values_list("pk", "stands"))
    return found


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
