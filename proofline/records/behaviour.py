"""The people of the timeline as the records know them: who may see them, and what says who they are."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from proofline.records.access import require_write
from proofline.records.models import Account, Contact
from proofline.timeline import erasing
from proofline.timeline.models import Merge, Person, PersonKey, Separation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from proofline.records.models import User

ERASES = "settings"
"""The area that one has to be allowed to change to erase somebody, or to see whom no record knows."""
MOST_DIGITS = 18
MOST_KEYS = 50
"""So many keys of a person are shown: one gets a new one with every browser."""


@dataclass(frozen=True)
class Merged:
    """Somebody who became a person, with the keys that they brought."""

    id: int
    keys: list[PersonKey]
    at: datetime


@dataclass(frozen=True)
class Who:
    """Who a person is, by their keys and by all who became them."""

    person: Person
    keys: list[PersonKey]
    merged: list[Merged] = field(default_factory=list)
    separated: list[int] = field(default_factory=list)
    more: int = 0
    """Keys that are not shown."""


def load_person(*, user: User, pk: int, write: bool = False) -> Person:
    """Load a person of the timeline: for those who may see the contact or the account behind them, else for administrators.

    Raises:
        Http404: there is none, or the user may not know of them.
        PermissionDenied: `write` is asked for, and the user's role may only look.
    """
    found = Person.objects.select_related("canonical").filter(pk=pk).first()
    if found is None or not (user.may_write(ERASES) or _is_visible(found.canonical or found, user=user)):
        raise Http404
    if write:
        require_write(user, area=Contact.write_area)
    return found


def _is_visible(person: Person, *, user: User) -> bool:
    contacts = Contact.objects.visible_to(user).filter(pk=person.contact_id or 0)
    accounts = Account.objects.visible_to(user).filter(pk=person.account_id or 0)
    return contacts.exists() or accounts.exists()


def find_person(text: str, *, user: User) -> Person | None:
    """Return whom somebody means by a user id, an e-mail, a device or a number, as far as they may see them; None for nobody.

    "#7" is always the number.
    """
    number, pks = text.strip().removeprefix("#"), list[int]()
    for keys in () if text.startswith("#") else ({"user": text}, {"email": text}, {"anonymous": text}):
        with suppress(erasing.NobodyError):
            pks.append(erasing.find(**keys))
    if number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS:
        pks.append(int(number))
    for pk in pks:
        try:
            return load_person(user=user, pk=pk)
        except Http404:
            continue
    return None


def who_is(person: Person) -> Who:
    """Return who a canonical person is."""
    people = Person.objects.standing_for([person.pk])
    keys = PersonKey.objects.filter(person__in=people).order_by("kind", "pk")
    own = [key for key in keys if key.person_id == person.pk]
    merges = Merge.objects.filter(person__in=people).order_by("-at", "-pk")
    apart = Separation.objects.filter(Q(person__in=people) | Q(other__in=people)).values_list("person", "other")
    merged = [
        Merged(merge.person_id, [key for key in keys if key.person_id == merge.person_id], merge.at) for merge in merges
    ]
    others = {other for pair in apart for other in pair} - set(people)
    return Who(person, own[:MOST_KEYS], merged, sorted(others), max(0, len(own) - MOST_KEYS))


def people_of(contact: Contact) -> list[Who]:
    """Return who a contact is on the timeline: one person as a rule."""
    return [who_is(person) for person in Person.objects.canonical().filter(contact_id=contact.pk).order_by("pk")[:5]]


def named(keys: Iterable[PersonKey]) -> str:
    """Return the best name among keys, "" when there is none."""
    rank = (PersonKey.Kind.EMAIL, PersonKey.Kind.USER, PersonKey.Kind.ANONYMOUS)
    best = min(keys, key=lambda key: rank.index(PersonKey.Kind(key.kind)), default=None)
    return best.key if best else ""
