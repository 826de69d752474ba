"""What this room does when something happens on the timeline; wired in `config/reactions.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from proofline.records.models import Account, Contact
from proofline.stages.reach.models import Lead, Origin, Signal, SignalRule
from proofline.timeline import identity

if TYPE_CHECKING:
    from proofline.timeline.events import Event
    from proofline.timeline.traces import Traces
    from proofline.timeline.watches import Subject, Watch
    from proofline.timeline.watching import Found


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


def signal_rules() -> list[Watch]:
    """Return the rules that raise need signals, as the timeline watches them."""
    return [rule.watch() for rule in SignalRule.objects.active()]


def raise_signal(watch: Watch, _event: Event, found: Found) -> bool:
    """Raise a rule's signal about an account, a contact or a lead; of a visitor whom we don't know it says nothing yet."""
    rule = SignalRule.objects.active().select_related("pain", "module").filter(pk=watch.rule).first()
    about = _about(found.subject)
    if rule is None or about is None:
        return False
    Signal.objects.raise_for(rule, found, now=timezone.now(), **about)
    return True


def forget_person(traces: Traces) -> int:
    """Take somebody who is erased out of the evidence of signals; return how many changed."""
    return Signal.objects.forget(traces.people)


def _about(subject: Subject) -> dict[str, Any] | None:
    kind, pk = subject
    if kind == "account":
        account = Account.objects.select_related("owner").filter(pk=pk).first()
        return {"account": account} if account else None
    if kind == "contact":
        contact = Contact.objects.select_related("owner", "account__owner").filter(pk=pk).first()
        return {"contact": contact} if contact else None
    email = identity.email_of(pk)
    lead = Lead.objects.waiting().filter(email=email).order_by("-pk").first() if email else None
    return {"lead": lead} if lead else None
