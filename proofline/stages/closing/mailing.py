"""Mail with the private link of an offer or a contract, to the person to whom it was sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from proofline.outreach.models import Template
from proofline.outreach.sending import send_once
from proofline.stages.closing.models import Contract, Quote

if TYPE_CHECKING:
    from proofline.outreach.models import Message
    from proofline.records.models import Contact
    from proofline.timeline.events import Fact

LONG_AGO = timedelta(days=1)
TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    "Offer": {
        "en": (
            "Your offer from {{ company }}",
            (
                "Hello {{ contact }},\n\nyour offer is ready: three tiers side by side, and you choose.\n\n{{ link }}\n\n"
                "Write to {{ sender }} with any question.\n"
            ),
        ),
        "zh-hans": (
            "{{ company }}为您准备的报价",
            "{{ contact }}，您好：\n\n您的报价已准备好：三个版本并列展示，由您选择。\n\n{{ link }}\n\n如有疑问，请联系{{ sender }}。\n",
        ),
    },
    "Contract": {
        "en": (
            "Your contract with {{ company }}",
            (
                "Hello {{ contact }},\n\nhere is the contract to read and sign:\n\n{{ link }}\n\n"
                "Write to {{ sender }} with any question.\n"
            ),
        ),
        "zh-hans": (
            "与{{ company }}的合同",
            "{{ contact }}，您好：\n\n请查阅并签署合同：\n\n{{ link }}\n\n如有疑问，请联系{{ sender }}。\n",
        ),
    },
}


def mail_quote(fact: Fact) -> Message | None:
    """Mail the link of a quote that was sent to a person."""
    quote = Quote.objects.select_related("sending__to", "sending__by").get(pk=fact.properties["quote"])
    path = reverse("closing:quote_public", args=[quote.token])
    return _mail(fact, kind="Offer", to=quote.sending.to, sender=str(quote.sending.by or ""), path=path)


def mail_contract(fact: Fact) -> Message | None:
    """Mail the link of a contract that was sent to a person."""
    contract = Contract.objects.select_related("sending__to", "sending__by").get(pk=fact.properties["contract"])
    path = reverse("closing:contract_public", args=[contract.token])
    return _mail(fact, kind="Contract", to=contract.sending.to, sender=str(contract.sending.by or ""), path=path)


def _mail(fact: Fact, *, kind: str, to: Contact | None, sender: str, path: str) -> Message | None:
    """Write the message; what was sent long ago, as history is brought in, mails nobody."""
    if to is None or fact.received_at - fact.at > LONG_AGO:
        return None
    Template.objects.offer(name=kind, texts=TEXTS[kind])
    return send_once(
        key=f"{fact.name}:{fact.id}",
        contact=to,
        template=kind,
        now=fact.at,
        values={"link": f"{settings.PUBLIC_URL}{path}", "sender": sender},
        reason=kind,
    )
