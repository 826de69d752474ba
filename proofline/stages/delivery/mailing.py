"""Mail to the customer about what waits in the portal: a gate to sign, an answer, a report; and the portal's own link."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse
from django.utils import translation

from proofline.outreach.models import Template
from proofline.outreach.sending import send_once
from proofline.records.models import Account, Contact
from proofline.stages.closing.models import DealPerson, DealRole
from proofline.stages.delivery.models import Portal, Project, Ticket, ValueReport
from proofline.stages.delivery.texts import TEXTS

if TYPE_CHECKING:
    from proofline.outreach.models import Message
    from proofline.timeline.events import Fact

LONG_AGO = timedelta(days=1)
"""What was recorded so long after it happened is history being brought in: it mails nobody."""


def mail_gate(fact: Fact) -> Message | None:
    """Ask the customer to sign a gate."""
    project = Project.objects.select_related("account", "contract__sending__to").get(pk=fact.subject_id)
    to = partner_of(project)
    gate = project.gates.get(kind=fact.properties["gate"])
    with translation.override((to and to.language) or project.account.language or None):
        values = {"gate": gate.get_kind_display(), "project": project.name}
    return _mail(fact, kind="Gate to sign", account=project.account, to=to, values=values)


def mail_report(fact: Fact) -> Message | None:
    """Tell the customer that a value report is there."""
    project = Project.objects.select_related("account", "contract__sending__to").get(pk=fact.subject_id)
    report = ValueReport.objects.get(project=project, number=fact.properties["number"])
    values = {"project": project.name, "kept": str(report.kept), "all": str(report.measurements.count())}
    path = ("delivery:portal_report", report.pk)
    return _mail(fact, kind="Value report", account=project.account, to=partner_of(project), values=values, path=path)


def mail_answer(fact: Fact) -> Message | None:
    """Tell who asked that we answered."""
    ticket = Ticket.objects.select_related("account", "contact").get(pk=fact.subject_id)
    answer = ticket.replies.get(pk=fact.properties["reply"])
    return _mail_ticket(fact, ticket, kind="Answer", text=answer.body)


def mail_solution(fact: Fact) -> Message | None:
    """Tell who asked that we solved it."""
    ticket = Ticket.objects.select_related("account", "contact", "solution").get(pk=fact.subject_id)
    return _mail_ticket(fact, ticket, kind="Solution", text=ticket.solution.text)


def _mail_ticket(fact: Fact, ticket: Ticket, *, kind: str, text: str) -> Message | None:
    values = {"ticket": ticket.subject, "text": text}
    path = ("delivery:portal_ticket", ticket.pk)
    return _mail(fact, kind=kind, account=ticket.account, to=ticket.contact, values=values, path=path)


def mail_portal_link(fact: Fact) -> Message | None:
    """Give a contact the portal's link."""
    contact = Contact.objects.select_related("account").filter(pk=fact.contact_id or 0).first()
    account = Account.objects.get(pk=fact.account_id or 0)
    return _mail(fact, kind="Portal", account=account, to=contact, values={})


def partner_of(project: Project) -> Contact | None:
    """Return whom we deliver to: who got the contract, else the champion, else the first contact with an e-mail."""
    sending = getattr(project.contract, "sending", None)
    if sending and sending.to and sending.to.email:
        return sending.to  # type: ignore[no-any-return]
    return champion_of(project.account)


def champion_of(account: Account) -> Contact | None:
    """Return the champion of the account's last deal that has one, else its first contact with an e-mail."""
    roles = DealPerson.objects.filter(deal__account=account, role=DealRole.CHAMPION).order_by("-deal_id")
    champion = roles.values_list("contact", flat=True)
    first = Case(When(pk__in=list(champion[:1]), then=Value(0)), default=Value(1), output_field=IntegerField())
    found: Contact | None = (
        Contact.objects.filter(account=account, email__isnull=False).exclude(email="").order_by(first, "pk").first()
    )
    return found


def _mail(
    fact: Fact,
    *,
    kind: str,
    account: Account,
    to: Contact | None,
    values: dict[str, str],
    path: tuple[str, int] | None = None,
) -> Message | None:
    if to is None or fact.received_at - fact.at > LONG_AGO:
        return None
    token = Portal.of(account, now=fact.at).token
    link = reverse(path[0], args=[token, path[1]]) if path else reverse("delivery:portal", args=[token])
    Template.objects.offer(name=kind, texts=TEXTS[kind])
    return send_once(
        key=f"{fact.name}:{fact.id}",
        contact=to,
        template=kind,
        now=fact.at,
        values={**values, "link": f"{settings.PUBLIC_URL}{link}"},
        reason=kind,
    )
