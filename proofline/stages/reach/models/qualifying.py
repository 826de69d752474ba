"""Qualifying a lead into account and contact, or turning it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.records.models import Account, Change, Contact, User
from proofline.stages.reach.models.leads import Lead
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import datetime


class AlreadyDecidedError(Exception):
    """The lead was qualified or turned down before."""


class Qualification(models.Model):
    """That a lead was qualified: by whom, when, and into which account and contact."""

    lead = models.OneToOneField(Lead, on_delete=models.CASCADE, related_name="qualification")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.lead} → {self.account}"


class Disqualification(models.Model):
    """That a lead was turned down, and why."""

    class Why(models.TextChoices):
        NO_FIT = "no_fit", _("Does not fit us")
        NO_NEED = "no_need", _("Has no need now")
        NO_ANSWER = "no_answer", _("Does not answer")
        NOT_REAL = "not_real", _("Is not a real request")

    lead = models.OneToOneField(Lead, on_delete=models.CASCADE, related_name="disqualification")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(_("why"), max_length=20, choices=Why.choices)
    note = models.CharField(_("note"), max_length=250, blank=True)

    def __str__(self) -> str:
        return f"{self.lead}: {self.get_why_display()}"


def qualify(
    lead: Lead,
    *,
    by: User | None,
    now: datetime,
    account: Account | None = None,
    contact: Contact | None = None,
    open_deal: bool = True,
) -> Qualification:
    """Turn a lead into account and contact; the fact `lead.qualified` lets closing open the deal.

    Without `account` a new one is made. A contact who is given, or tied to the lead, or has its e-mail, is used again, and brings its account.

    Raises:
        AlreadyDecidedError: the lead was qualified or turned down before.
        ValidationError: the account or the contact would not be valid.
    """
    with transaction.atomic():
        _claim(lead)
        contact = contact or lead.contact or (Contact.objects.with_email(lead.email).first() if lead.email else None)
        account = account or (contact and contact.account) or _new_account(lead, by=by, now=now)
        if contact is None:
            contact = _new_contact(lead, account=account, by=by, now=now)
        elif contact.account_id is None:
            contact.change(by=by, now=now, account=account)
        done = Qualification.objects.create(lead=lead, by=by, at=now, account=account, contact=contact)
        Lead.objects.filter(pk=lead.pk).update(contact=contact)
        Change.objects.note(lead, {"contact": (lead.contact_id, contact)}, by=by, at=now)
        lead.contact = contact
        facts.record(
            "lead.qualified",
            at=now,
            by=by.pk if by else None,
            account=account.pk,
            contact=contact.pk,
            subject=("lead", lead.pk),
            properties=lead.fact_properties() | {"open_deal": open_deal},
            key=f"lead.qualified:{lead.pk}",
        )
    return done


def disqualify(lead: Lead, *, by: User | None, now: datetime, why: str, note: str = "") -> Disqualification:
    """Turn a lead down.

    Raises:
        AlreadyDecidedError: the lead was qualified or turned down before.
    """
    with transaction.atomic():
        _claim(lead)
        done = Disqualification.objects.create(lead=lead, by=by, at=now, why=why, note=note)
        facts.record(
            "lead.disqualified",
            at=now,
            by=by.pk if by else None,
            contact=lead.contact_id,
            subject=("lead", lead.pk),
            properties=lead.fact_properties() | {"why": why},
        )
    return done


def _claim(lead: Lead) -> None:
    """Hold the lead for this transaction; of two who decide at once, the second is told so."""
    Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if Qualification.objects.filter(lead=lead).exists() or Disqualification.objects.filter(lead=lead).exists():
        raise AlreadyDecidedError(str(lead))


def _new_account(lead: Lead, *, by: User | None, now: datetime) -> Account:
    account: Account = Account.objects.add(
        by=by,
        now=now,
        name=lead.company or lead.name,
        domain=lead.company_domain,
        sector=lead.sector,
        employees=lead.employees,
        location=lead.location,
        language=lead.language,
        owner=lead.owner or by,
    )
    return account


def _new_contact(lead: Lead, *, account: Account, by: User | None, now: datetime) -> Contact:
    contact: Contact = Contact.objects.add(
        by=by,
        now=now,
        account=account,
        name=lead.name,
        email=lead.email or None,
        phone=lead.phone,
        title=lead.title,
        language=lead.language,
        owner=lead.owner or by,
    )
    return contact
