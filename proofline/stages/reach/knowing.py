"""Finding leads who are contacts already: at once when one is entered, in the background, and among all there is."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from proofline.kit.batching import batched
from proofline.kit.matching import MOST
from proofline.kit.matching.companies import company
from proofline.records import likeness, matching
from proofline.records.models import Contact, MatchKey
from proofline.stages.reach.likeness import values_of
from proofline.stages.reach.models import KnownContact, Lead

if TYPE_CHECKING:
    from collections.abc import Collection

    from proofline.records.models import User

CONTACTS = "contacts"
OTHER = {"leads": "contacts", "contacts": "leads"}


def contact_side(contact: Contact) -> dict[str, Any]:
    """Return what a contact is compared with leads by: with the name of its company, which a lead has in words alone."""
    found = likeness.contact_values(contact)
    core = company(contact.account.name).core if contact.account else ""
    return found | {"company": found["company"] | ({f"={core}"} if core else set())}


def at_once(lead: Lead, user: User) -> matching.Found:
    """Return the contacts with the e-mail, the phone, or the name and company of a lead that is about to come in."""
    values = values_of(lead)
    keys = likeness.exact_keys_of(CONTACTS, values)
    holders = _holders(CONTACTS, keys)
    kept = []
    for contact in _contacts({pk for pks in holders.values() for pk in pks}):
        verdict = likeness.RULES[CONTACTS].compare(values, contact_side(contact))
        same = {reason.field for reason in verdict.reasons if reason.likeness == 1.0}
        if verdict.bits >= likeness.RULES[CONTACTS].least or same & {"email", "phone"}:
            kept.append(matching.Candidate(contact, verdict))
    return matching.told(CONTACTS, sorted(kept, key=lambda one: (-one.verdict.bits, one.record.pk)), user=user)


def known_of(lead: Lead, *, user: User) -> matching.Found:
    """Return the contacts that the background found for a lead about whom nothing is decided, best first."""
    rows = KnownContact.objects.open().filter(lead=lead).select_related("contact__account").order_by("-bits", "pk")
    values = values_of(lead)
    compare = likeness.RULES[CONTACTS].compare
    found = [matching.Candidate(row.contact, compare(values, contact_side(row.contact))) for row in rows[:MOST]]
    return matching.told(CONTACTS, found, user=user)


def meet(kind: str, keys: dict[int, set[int]]) -> None:
    """Compare leads with the contacts that share a key with them, or contacts with such leads, and keep what was found."""
    if kind not in OTHER:
        return
    holders = _holders(OTHER[kind], {key for mine in keys.values() for key in mine})
    pairs = {(pk, other) for pk, mine in keys.items() for key in mine for other in holders.get(key, ())}
    ours, theirs = {one for one, _other in pairs}, {other for _one, other in pairs}
    leads, contacts = (ours, theirs) if kind == "leads" else (theirs, ours)
    lead_values = {one.pk: values_of(one) for one in Lead.objects.filter(pk__in=leads)}
    contact_values = {one.pk: contact_side(one) for one in _contacts(contacts)}
    found = []
    for one, other in sorted(pairs):
        lead, contact = (one, other) if kind == "leads" else (other, one)
        if lead in lead_values and contact in contact_values:
            found += _found(lead, contact, lead_values[lead], contact_values[contact])
    known = KnownContact.objects.filter(**{f"{kind.removesuffix('s')}__in": list(keys)})
    KnownContact.objects.all().keep(found, among=known)


def _found(lead: int, contact: int, ours: dict[str, Any], theirs: dict[str, Any]) -> list[KnownContact]:
    rules = likeness.RULES[CONTACTS]
    verdict = rules.compare(ours, theirs)
    if verdict.bits < rules.least:
        return []
    reasons = matching.reasons_of(verdict)
    now = timezone.now()
    return [KnownContact(lead_id=lead, contact_id=contact, bits=verdict.bits, reasons=reasons, found_at=now)]


def _holders(kind: str, keys: Collection[int]) -> dict[int, list[int]]:
    """Return, by key, the records of a kind that have it; a key that very many have says nothing."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for some in batched(sorted(keys), matching.AT_ONCE):
        rows = MatchKey.objects.filter(kind=kind, key__in=some).values_list("key", "record")
        for key, record in rows[: MOST * len(some)]:
            found[key].append(record)
    return {key: records for key, records in found.items() if len(records) <= MOST}


def _contacts(pks: Collection[int]) -> Any:
    return Contact.objects.select_related("account").filter(pk__in=pks)


def register() -> None:
    """Let leads be compared with contacts."""
    matching.ALSO_AT_ONCE["leads"] = at_once
    if meet not in matching.ALSO:
        matching.ALSO.append(meet)
