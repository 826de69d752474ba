"""Letting one person stand for another's history too, and taking that back.

Merges are a forest: each `Merge` says into whom a person went, and `Person.canonical` points straight at the root. Whoever is taken out
again keeps everybody who had become that person before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from proofline.timeline.models import Merge, Person, Separation

if TYPE_CHECKING:
    from datetime import datetime

TIES = ("contact_id", "account_id", "group_id")
MERGING = 7_301_001
"""The number of PostgreSQL's advisory lock for merges."""


class MergeRefusedError(ValueError):
    """Two people can't become one, or one can't be taken out; the text says why."""


def merged(person: Person, *, into: Person, by: int | None = None) -> Person:
    """Let one canonical person stand for another's history too, in an open transaction; what both know stays the first's.

    Raises:
        IntegrityError: one of them merged in the meantime.
    """
    _one_at_a_time()
    for one in (person, into):
        one.refresh_from_db()
        if one.canonical_id or one.erased_at:
            raise IntegrityError("Merged or erased by somebody else in the meantime")
    gave = {name: getattr(person, name) for name in TIES if getattr(into, name) is None and getattr(person, name)}
    for name, value in gave.items():
        setattr(into, name, value)
    into.stale = True
    into.save()
    Merge.objects.create(person=person, into=into, gave=gave, by=by)
    Person.objects.filter(pk=person.pk).update(canonical=into, stale=True)
    Person.objects.filter(canonical=person).update(canonical=into, stale=True)
    return into


def separated(one: Person, other: Person) -> bool:
    """Tell whether somebody said that these two, or any who became them, are not the same."""
    families = [Person.objects.standing_for([person.pk]) for person in (one, other)]
    return Separation.objects.between(*families).exists()


def merge(*, person: int, into: int, by: int | None, now: datetime) -> int:
    """Make two people one because somebody knows that they are; return the canonical person's id.

    Raises:
        Person.DoesNotExist: there is no such person.
        MergeRefusedError: they can't be one.
    """
    with transaction.atomic():
        _one_at_a_time()
        goes, stays = _root(person), _root(into)
        if goes == stays:
            return stays.pk
        if goes.contact_id and not stays.contact_id:
            goes, stays = stays, goes
        if goes.contact_id and goes.contact_id != stays.contact_id:
            raise MergeRefusedError(_("They are two contacts, so they can't be one person."))
        Separation.objects.between(
            Person.objects.standing_for([goes.pk]), Person.objects.standing_for([stays.pk])
        ).delete()
        merged(goes, into=stays, by=by)
        Merge.objects.filter(person=goes).update(at=now)
    return stays.pk


def unmerge(*, person: int, by: int | None, now: datetime) -> int:
    """Let a merged person, with all who had become them, stand for themselves again; return the id of whom they left.

    The same keys never merge the two again.

    Raises:
        Person.DoesNotExist: there is no such person.
        MergeRefusedError: the person did not merge into anybody.
    """
    with transaction.atomic():
        _one_at_a_time()
        leaving = Person.objects.get(pk=person)
        if leaving.canonical_id is None:
            raise MergeRefusedError(_("This person is nobody else's, so there is nobody to take them out of."))
        left = leaving.canonical_id
        edge = Merge.objects.get(person=leaving)
        edge.delete()
        Person.objects.filter(pk__in=Merge.objects.below(person)).update(canonical=leaving)
        Person.objects.filter(pk=person).update(canonical=None)
        _take_back(edge)
        for other in {edge.into_id, left}:
            Separation.objects.get_or_create(person=leaving, other_id=other, defaults={"at": now, "by": by})
        families = Person.objects.standing_for([person, left])
        Person.objects.filter(pk__in=families).update(stale=True)
    return left


def _take_back(edge: Merge) -> None:
    """Take the contact, account and group from those above who had them by this merge only; others below may have some to give."""
    gone = dict(edge.gave)
    above: Merge | None = edge
    while above is not None and gone:
        for name, value in gone.items():
            Person.objects.filter(pk=above.into_id, **{name: value}).update(**{name: None})
        _refill(above.into_id)
        above = Merge.objects.filter(person=above.into_id).first()
        if above is not None:
            gone = {name: value for name, value in gone.items() if above.gave.get(name) == value}
            _regive(above)


def _refill(person: int) -> None:
    """Let a person have what those who became them could have given, had somebody else not been first."""
    found = Person.objects.get(pk=person)
    for edge in Merge.objects.filter(into=person).select_related("person").order_by("pk"):
        for name in TIES:
            value = getattr(edge.person, name)
            if value is not None and getattr(found, name) is None:
                Person.objects.filter(pk=person).update(**{name: value})
                setattr(found, name, value)
                edge.gave = {**edge.gave, name: value}
                edge.save(update_fields=["gave"])


def _regive(edge: Merge) -> None:
    """Say of a merge further up only what the person still has to give."""
    found = Person.objects.get(pk=edge.person_id)
    edge.gave = {name: value for name, value in edge.gave.items() if getattr(found, name) == value}
    edge.save(update_fields=["gave"])


def _root(person: int) -> Person:
    found = Person.objects.select_related("canonical").get(pk=person)
    if found.erased_at:
        raise MergeRefusedError(_("Nothing is known of this person any more."))
    return found.canonical or found


def _one_at_a_time() -> None:
    """Let no two transactions merge at once, which could make chains; SQLite has only one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MERGING])
