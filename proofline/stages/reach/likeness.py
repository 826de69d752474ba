"""What makes two leads one and the same: as contacts are compared, with the name of the company besides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.kit.matching import Rules
from proofline.kit.matching.companies import company
from proofline.kit.matching.people import person
from proofline.kit.matching.texts import email, own_domain, phone
from proofline.records import likeness, merging
from proofline.records.models.duplicates import MODELS
from proofline.stages.reach.models import Lead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proofline.kit.matching.rules import Values

EXACT = ("email", "phone", "both")
"""Keys that are told of at once: an e-mail, a phone, a name together with its company."""


def values_of(lead: Lead) -> dict[str, Any]:
    """Return what leads are compared by."""
    domain, name = own_domain(lead.email), company(lead.company).core
    return {
        "name": person(lead.name),
        "email": email(lead.email),
        "phone": phone(lead.phone),
        "company": frozenset({domain, f"={name}" if name else ""} - {""}),
        "place": domain or name,
        "core": name,
    }


def _keys(values: Values) -> Iterator[str]:
    yield from likeness.RULES["contacts"].keys(values)
    spelt = values["name"].spelt.replace(" ", "")
    if spelt and values["core"]:
        yield f"both:{spelt}:{values['core']}"


def refusal(winner: Lead, loser: Lead) -> str:
    """Say why two leads can't be one: something else was decided about each."""
    ours, theirs = getattr(winner, "qualification", None), getattr(loser, "qualification", None)
    if ours and theirs and ours.contact_id != theirs.contact_id:
        return _("Both were qualified, into two contacts. Merge the contacts, if they are one.")
    turned = [hasattr(one, "disqualification") for one in (winner, loser)]
    if (ours and turned[1]) or (theirs and turned[0]):
        return _("One was qualified, the other turned down; they can't be one.")
    return ""


def decided(winner: Lead, loser: Lead) -> dict[str, Any]:
    """Return the contact that a lead has when another becomes part of it: the one into which either was qualified, else its own."""
    takes = winner.contact_id is None or (hasattr(loser, "qualification") and not hasattr(winner, "qualification"))
    return {"contact": loser.contact} if takes and loser.contact_id is not None else {}


def register() -> None:
    """Let leads be compared, and merged."""
    contacts = likeness.RULES["contacts"]
    rules = Rules(fields=contacts.fields, keys=_keys, least=contacts.least)
    MODELS["leads"] = Lead
    likeness.learn("leads", rules, exact=EXACT, values=values_of)
    merging.REFUSALS["leads"] = refusal
    merging.DECIDED["leads"] = decided
