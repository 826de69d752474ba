"""What this room does when something happens on the timeline; wired in `config/reactions.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from proofline.records.models import Contact
from proofline.stages.reach.models import Lead, Origin

if TYPE_CHECKING:
    from proofline.timeline.events import Event


def lead_from_visitor(event: Event) -> bool:
    """Make a lead of a visitor who says who they are, unless we know them: as a contact, a lead or a customer's user.

    Returns whether a lead was made.
    """
    traits = event.properties
    email = str(traits.get("email", "")).strip().lower()
    if event.contact_id or event.account_id or not _is_email(email):
        return False
    if Contact.objects.with_email(email).exists() or Lead.objects.filter(email=email).exists():
        return False
    campaign = event.context.get("campaign") or {}
    Lead.objects.capture(
        by=None,
        now=timezone.now(),
        origin=Origin.VISITOR,
        email=email,
        name=_text(traits, "name", 120) or email.partition("@")[0],
        company=_company(traits),
        title=_text(traits, "title", 120),
        phone=_text(traits, "phone", 40),
        **{f"utm_{part}": _text(campaign, key, 200) for part, key in CAMPAIGN.items()},
    )
    return True


CAMPAIGN = {"source": "source", "medium": "medium", "campaign": "name", "term": "term", "content": "content"}
"""Our names of the parts of a campaign, and Segment's."""


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _company(traits: dict[str, object]) -> str:
    company = traits.get("company")
    return _text(company, "name", 200) if isinstance(company, dict) else _text(traits, "company", 200)


def _text(values: object, key: str, longest: int) -> str:
    value = values.get(key) if isinstance(values, dict) else None
    return str(value).strip()[:longest] if value is not None else ""
