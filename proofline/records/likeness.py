"""What makes two accounts or two contacts one and the same: fields, weights and keys (see `kit.matching` and docs/decisions)."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz

from proofline.kit.matching import Field, Rules
from proofline.kit.matching.companies import companies, company
from proofline.kit.matching.people import people, person
from proofline.kit.matching.texts import domain, email, own_domain, phone
from proofline.kit.text import unaccented

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from proofline.kit.matching.rules import Values
    from proofline.records.models import Account, Contact

SHORTEST_LOCAL = 5
"""A shorter part before the @ is a role or initials: info, mei."""


def account_values(account: Account) -> dict[str, Any]:
    """Return what accounts are compared by."""
    return {
        "name": company(account.name),
        "domain": domain(account.domain),
        "location": unaccented(account.location),
        "parent": (account.pk, account.parent_id),
    }


def contact_values(contact: Contact) -> dict[str, Any]:
    """Return what contacts are compared by; the account has to be loaded with the contact."""
    account = contact.account
    theirs = domain(account.domain) if account else ""
    ids = {own_domain(contact.email or ""), theirs, f"#{account.pk}" if account else ""} - {""}
    place = own_domain(contact.email or "") or theirs or (f"#{account.pk}" if account else "")
    return {
        "name": person(contact.name),
        "email": email(contact.email or ""),
        "phone": phone(contact.phone),
        "company": frozenset(ids),
        "place": place,
    }


def _account_keys(values: Values) -> Iterator[str]:
    name = values["name"]
    if values["domain"]:
        yield f"domain:{values['domain']}"
    if name.name:
        yield f"name:{name.name}"
        yield f"core:{name.core}"
        yield f"letters:{''.join(sorted(set(name.core)))}"
        width = 5 if name.core.isascii() else 2
        yield f"begin:{name.core[:width]}"
        yield f"first:{name.first}" if name.core.isascii() else f"end:{name.core[-width:]}"


def _contact_keys(values: Values) -> Iterator[str]:
    spelt = values["name"].spelt
    if values["email"]:
        yield f"email:{values['email']}"
        local = values["email"].partition("@")[0]
        if len(local) >= SHORTEST_LOCAL:
            yield f"local:{local}"
    if values["phone"]:
        yield f"phone:{values['phone']}"
    if spelt:
        yield f"name:{spelt.replace(' ', '')}"
        if values["place"]:
            yield from (f"at:{values['place']}:{word[:2]}" for word in spelt.split()[:3])


def _same_or_not(one: str, other: str) -> float:
    return float(one == other)


def _emails(one: str, other: str) -> float:
    """The same part before the @ at two hosts says little: as a rule it is made of the name."""
    local, their = one.partition("@")[0], other.partition("@")[0]
    return 0.75 if local == their and len(local) >= SHORTEST_LOCAL else 0.0


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return 0.0 if one.isdisjoint(other) else 1.0


def _places(one: str, other: str) -> float:
    return fuzz.token_set_ratio(one, other) / 100


RULES: dict[str, Rules] = {
    "accounts": Rules(
        fields=(
            Field("name", companies, m=0.95, u=0.0005),
            Field("domain", _same_or_not, m=0.95, u=0.00002),
            Field("location", _places, m=0.8, u=0.1),
        ),
        keys=_account_keys,
        least=8,
    ),
    "contacts": Rules(
        fields=(
            Field("name", people, m=0.99, u=0.001),
            Field("email", _emails, m=0.6, u=0.00001),
            Field("phone", _same_or_not, m=0.6, u=0.005),
            Field("company", _shared, m=0.8, u=0.02),
        ),
        keys=_contact_keys,
        least=10.5,
    ),
}
"""By kind. The chances are estimates: how often a field agrees in two records of one company or person, and by chance in two of others.

A contact's name alone is not enough (9.95 bits), with a phone or a company it is; a phone that colleagues share is not either.
"""
EXACT = {"accounts": ("domain", "name"), "contacts": ("email", "phone", "name")}
"""The keys that are told of at once when a record is added; all others are looked at in the background."""
VALUES: dict[str, Callable[[Any], dict[str, Any]]] = {"accounts": account_values, "contacts": contact_values}
"""By kind: what its records are compared by."""


def learn(kind: str, rules: Rules, *, exact: tuple[str, ...], values: Callable[[Any], dict[str, Any]]) -> None:
    """Let records of a kind of a later room be compared."""
    RULES[kind], EXACT[kind], VALUES[kind] = rules, exact, values


def values_of(record: Any) -> dict[str, Any]:
    """Return what a record is compared by."""
    return VALUES[kind_of(record)](record)


def kind_of(record: Any) -> str:
    """Return the kind of a record, as addresses name it."""
    return f"{record._meta.model_name}s"  # noqa: SLF001 - Django's documented model API


def keys_of(kind: str, values: Values) -> set[int]:
    """Return the keys under which a record meets others, as numbers of 63 bits."""
    return {hashed(key) for key in RULES[kind].keys(values)}


def exact_keys_of(kind: str, values: Values) -> set[int]:
    """Return those that say by themselves that it is the same."""
    return {hashed(key) for key in RULES[kind].keys(values) if key.partition(":")[0] in EXACT[kind]}


def hashed(key: str) -> int:
    """Return a key as a number that both stores hold."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest()) >> 1
