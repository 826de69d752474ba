"""Programs known by the columns of what they export."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from proofline.kit.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable

ENOUGH = 2
SIGNS: dict[str, tuple[str, ...]] = {
    "Google Contacts": (
        "E-mail 1 - Value",
        "E-mail 1 - Label",
        "E-mail 1 - Type",
        "Phone 1 - Value",
        "Organization Name",
        "Organization 1 - Name",
        "Group Membership",
        "Phonetic First Name",
        "Yomi Name",
        "File As",
    ),
    "HubSpot": (
        "Record ID",
        "Contact owner",
        "Company owner",
        "Deal owner",
        "Lifecycle Stage",
        "Associated Company",
        "Primary Associated Company",
        "Associated Company IDs",
        "Associated Deal",
        "Associated Contact",
        "Company Domain Name",
        "Deal Stage",
        "Marketing contact status",
        "Last Activity Date",
    ),
    "Salesforce": (
        "Account ID",
        "Contact ID",
        "Lead ID",
        "Opportunity ID",
        "Opportunity Name",
        "Opportunity Owner",
        "Account Owner",
        "Lead Owner",
        "Billing Country",
        "Mailing City",
        "System Modstamp",
        "Is Deleted",
        "Created Date",
        "Owner ID",
        "Last Modified Date",
    ),
}
"""Columns by which a program's exports are told from others'. English names, as all three export them whatever the language."""


def program_of(columns: Iterable[str]) -> str:
    """Return the program that exported a file of these columns, "" where none is recognised."""
    there = {squeeze(column) for column in columns}
    scores = {name: sum(squeeze(sign) in there for sign in signs) for name, signs in SIGNS.items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= ENOUGH else ""


def fingerprint_of(columns: Iterable[str]) -> str:
    """Return what files with the same columns share, whatever their order, case and spacing."""
    return blake2b("\n".join(sorted(map(squeeze, columns))).encode(), digest_size=16).hexdigest()
