"""Who is behind an event. Anonymous visitors become known people, history included, without rewriting it.

Two rules keep people apart: a known person (one with a user id or an e-mail) never merges into another known one because of a
shared device, and an e-mail joins two only when neither has a user id or e-mail of its own that says otherwise. What somebody said who
knows better (`merge`, `unmerge`) counts more than keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from proofline.kit.among import among
from proofline.kit.bulk import insert, insert_rows, next_keys
from proofline.kit.prepared import Prepared
from proofline.timeline import merging
from proofline.timeline.models import Group, Person, PersonKey
from proofline.timeline.models.people import LONGEST_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

Kind = PersonKey.Kind
ANONYMOUS, USER, EMAIL = Kind.ANONYMOUS.value, Kind.USER.value, Kind.EMAIL.value


def resolve(*, anonymous: str | None = None, user: str | None = None, email: str | None = None) -> int:
    """Return the id of the canonical person behind these keys, who is made or merged as the keys ask.

    Raises:
        ValueError: no key is given.
    """
    keys = normal(anonymous=anonymous, user=user, email=email)
    if not keys:
        raise ValueError("Nobody is meant: no anonymous id, user id or e-mail")
    for _attempt in range(3):
        try:
            with transaction.atomic():
                return _resolve(keys)
        except IntegrityError:  # somebody else met the same person at the same moment
            continue
    with transaction.atomic():
        return _resolve(keys)


def identify(*, anonymous: str | None = None, user: str | None = None, email: str | None = None) -> int:
    """Say that these keys are one person, as a form that was sent does; return the canonical person's id."""
    return resolve(anonymous=anonymous, user=user, email=email)


def tie(
    *, person: int | None = None, email: str | None = None, contact: int | None = None, account: int | None = None
) -> int:
    """Tie a person to a contact and an account of the records; return the canonical person's id.

    By e-mail it works before the person ever comes: whoever identifies with it later is the contact.

    Raises:
        ValueError: neither a person nor an e-mail is given.
    """
    with transaction.atomic(savepoint=False):
        found = canonical(person) if person and not _is_erased(person) else 0
        if not found and (met := _met(email, contact=contact, account=account)):
            return met
        found = found or resolve(email=email)
        tied = {"contact_id": contact, "account_id": account}
        changes = {name: value for name, value in tied.items() if value is not None}
        Person.objects.filter(pk=found).update(**changes, stale=True)
    return found


def _met(email: str | None, *, contact: int | None, account: int | None) -> int | None:
    """Return a new person who is known by this e-mail and tied, None where somebody is known by it already."""
    key = normal(anonymous=None, user=None, email=email).get(Kind.EMAIL)
    if key is None or _keys(EMAIL, key):
        return None
    try:
        with transaction.atomic():
            person = Person(contact_id=contact, account_id=account)
            insert(person)
            insert_rows(PersonKey, ("kind", "key", "person_id"), [(EMAIL, key, person.pk)])
    except IntegrityError:  # they came at this very moment
        return None
    return person.pk


_keys = Prepared[int](lambda kind, key: PersonKey.objects.filter(kind=kind, key=key).values_list("pk", flat=True))


def tie_many(ties: Iterable[tuple[str, int | None, int | None]]) -> None:
    """Tie many (e-mail, contact, account) in one transaction."""
    by_email = {normal(anonymous=None, user=None, email=tied[0]).get(Kind.EMAIL, ""): tied for tied in ties}
    known = set(PersonKey.objects.filter(kind=Kind.EMAIL, key__in=among(by_email)).values_list("key", flat=True))
    strangers = [(email, tied) for email, tied in by_email.items() if email and email not in known]
    with transaction.atomic():
        try:
            with transaction.atomic():
                _introduce(strangers)
        except IntegrityError:  # one of them came at this very moment
            known |= {email for email, _tied in strangers}
        for email in known:
            _email, contact, account = by_email[email]
            tie(email=email, contact=contact, account=account)


def untie_many(contacts: list[int]) -> None:
    """Let go of the people tied to these contacts, which are about to be gone."""
    with transaction.atomic():
        Person.objects.filter(contact_id__in=contacts).update(contact_id=None, account_id=None, stale=True)


def _introduce(strangers: list[tuple[str, tuple[str, int | None, int | None]]]) -> None:
    """Add people of whom nothing but the e-mail is known, and what they are tied to."""
    keys = list(next_keys(Person, len(strangers)))
    rows = [(key, tied[1], tied[2], True) for key, (_email, tied) in zip(keys, strangers, strict=True)]
    insert_rows(Person, ("id", "contact_id", "account_id", "stale"), rows)
    named = [(EMAIL, email, key) for key, (email, _tied) in zip(keys, strangers, strict=True)]
    insert_rows(PersonKey, ("kind", "key", "person_id"), named)


def tie_group(*, key: str, account: int) -> None:
    """Tie a group and those of its people who have no account yet to an account."""
    with transaction.atomic():
        group, _made = Group.objects.get_or_create(key=key[:LONGEST_KEY])
        Group.objects.filter(pk=group.pk).update(account_id=account)
        Person.objects.filter(group=group, account_id=None).update(account_id=account, stale=True)


def join(*, person: int, group: str, traits: dict[str, Any]) -> Group:
    """Say that a person belongs to a group; return it."""
    with transaction.atomic():
        joined = Group.named(group, traits=traits)
        people = Person.objects.filter(pk=person)
        people.exclude(group=joined).update(group=joined, stale=True)
        if joined.account_id:
            people.filter(account_id=None).update(account_id=joined.account_id, stale=True)
    return joined


def persons_of(*, contact: int | None = None, account: int | None = None) -> list[int]:
    """Return the ids of all people, merged ones included, whose events belong to the contact or the account."""
    found = Person.objects.canonical()
    if contact is not None:
        found = found.filter(contact_id=contact)
    if account is not None:
        found = found.filter(account_id=account)
    if contact is None and account is None:
        return []
    return Person.objects.standing_for(list(found.values_list("pk", flat=True)))


def persons_with(*, email: str) -> list[int]:
    """Return the ids of the person of an e-mail, and of all who merged into them."""
    found = _known_by(Kind.EMAIL, normal(anonymous=None, user=None, email=email).get(Kind.EMAIL, ""))
    return Person.objects.standing_for([found.pk]) if found else []


def canonical(person: int) -> int:
    """Return the id of the person whom this one merged into, or its own.

    Raises:
        Person.DoesNotExist: there is nobody with this id.
    """
    found = Person.objects.get(pk=person)
    return found.canonical_id or found.pk


def merge(*, person: int, into: int, by: int | None, now: datetime) -> int:
    """Make two people one because somebody knows that they are; return the canonical person's id.

    Raises:
        Person.DoesNotExist: there is no such person.
        MergeRefusedError: they can't be one.
    """
    return merging.merge(person=person, into=into, by=by, now=now)


def unmerge(*, person: int, by: int | None, now: datetime) -> int:
    """Let a merged person stand for themselves again, with all who had become them; return the id of whom they left.

    Raises:
        Person.DoesNotExist: there is no such person.
        MergeRefusedError: the person did not merge into anybody.
    """
    return merging.unmerge(person=person, by=by, now=now)


def email_of(person: int) -> str:
    """Return an e-mail of the person, "" when none is known."""
    keys = PersonKey.objects.filter(kind=Kind.EMAIL, person__in=Person.objects.standing_for([person]))
    return keys.values_list("key", flat=True).order_by("pk").first() or ""


def normal(*, anonymous: str | None, user: str | None, email: str | None) -> dict[str, str]:
    """Return the keys that are given, in the form in which they compare."""
    found = {}
    if anonymous and (key := _cut(anonymous)):
        found[ANONYMOUS] = key
    if user and (key := _cut(user)):
        found[USER] = key
    if email and "@" in (key := _cut(email.lower())):
        found[EMAIL] = key
    return found


def _is_erased(person: int) -> bool:
    return Person.objects.filter(pk=person, erased_at__isnull=False).exists()


def _cut(key: str) -> str:
    return key.replace("\0", "").strip()[:LONGEST_KEY]


def _resolve(keys: dict[str, str]) -> int:
    found = {kind: person for kind, key in keys.items() if (person := _known_by(kind, key))}
    known = _known(keys, found)
    visitor = found.get(Kind.ANONYMOUS)
    if known is None:
        person = visitor or Person.objects.create(stale=False)
    elif visitor is None or visitor == known or not _may_merge(visitor, known):
        person = known
    else:
        person = merging.merged(visitor, into=known)
    for kind, key in keys.items():
        if kind not in found:
            PersonKey.objects.create(kind=kind, key=key, person=person)
    return person.pk


def _may_merge(visitor: Person, known: Person) -> bool:
    """Tell whether a device's person is nobody else's yet, and nobody said that it is not this one."""
    return _kinds(visitor) <= {Kind.ANONYMOUS} and not merging.separated(visitor, known)


def _known(keys: dict[str, str], found: dict[str, Person]) -> Person | None:
    """Return the person that user id and e-mail speak of; both together may join two halves of one person."""
    user, mail = found.get(Kind.USER), found.get(Kind.EMAIL)
    if user and mail and user != mail and _are_halves(user, mail):
        return merging.merged(user, into=mail) if mail.contact_id else merging.merged(mail, into=user)
    if user:
        return user
    if mail and (Kind.USER not in keys or Kind.USER not in _kinds(mail)):
        return mail
    visitor = found.get(Kind.ANONYMOUS)
    if Kind.USER in keys or Kind.EMAIL in keys:
        stranger = visitor is None or not _kinds(visitor) <= {Kind.ANONYMOUS}
        return Person.objects.create(stale=False) if stranger else visitor
    return None


def _are_halves(user: Person, mail: Person) -> bool:
    """Tell whether one is known by user ids only and the other by e-mails only, and nobody said that they are two."""
    alone = Kind.USER not in _kinds(mail) and Kind.EMAIL not in _kinds(user)
    return alone and not merging.separated(user, mail)


def _known_by(kind: str, key: str) -> Person | None:
    found = PersonKey.objects.filter(kind=kind, key=key).select_related("person__canonical").first()
    return (found.person.canonical or found.person) if found else None


def _kinds(person: Person) -> set[str]:
    people = Person.objects.standing_for([person.pk])
    return set(PersonKey.objects.filter(person__in=people).values_list("kind", flat=True).distinct())
