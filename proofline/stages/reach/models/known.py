"""Leads who may be contacts that we know already, and what people said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction

from proofline.records.models import Contact, User
from proofline.stages.reach.models.leads import Lead

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class KnownContactQuerySet(models.QuerySet["KnownContact"]):
    """What was found."""

    def open(self) -> Self:
        """Keep those of leads about whom nothing is decided, and who are tied to nobody."""
        return self.filter(lead__contact=None, lead__qualification=None, lead__disqualification=None)

    def visible_to(self, user: User) -> Self:
        """Keep those of which the user may see both."""
        leads, contacts = Lead.objects.visible_to(user), Contact.objects.visible_to(user)
        return self.filter(lead__in=leads.values("pk"), contact__in=contacts.values("pk"))

    def keep(self, found: Iterable[KnownContact], *, among: Self) -> None:
        """Keep what was found in place of what was known, but what people said no to."""
        wanted = {(one.lead_id, one.contact_id): one for one in found}
        leads = {lead for lead, _contact in wanted}
        denied = set(KnownApart.objects.filter(lead__in=leads).values_list("lead", "contact"))
        there = {(one.lead_id, one.contact_id): one for one in among}
        self.filter(pk__in=[one.pk for pair, one in there.items() if pair not in wanted]).delete()
        new = [one for pair, one in wanted.items() if pair not in there and pair not in denied]
        self.bulk_create(new, ignore_conflicts=True, batch_size=500)


class KnownContact(models.Model):
    """That a lead may be a contact, for somebody to look at."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="known")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    bits = models.FloatField()
    """How much speaks for it (see `kit.matching`)."""
    reasons = models.JSONField(default=list)
    """[field, likeness] of each field that both have."""
    found_at = models.DateTimeField()

    objects = KnownContactQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lead", "contact"], name="known_contact_once")]
        indexes = [models.Index(fields=["-bits", "-id"], name="known_contact_best")]

    def __str__(self) -> str:
        return f"{self.lead} = {self.contact}?"


class KnownApart(models.Model):
    """That a lead is not a contact, as somebody said; nobody is asked again."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lead", "contact"], name="known_apart_once")]

    def __str__(self) -> str:
        return f"{self.lead} ≠ {self.contact}"

    @classmethod
    def say(cls, lead: Lead, contact: Contact, *, by: User, now: datetime) -> None:
        """Say that they are two; the question goes."""
        with transaction.atomic():
            cls.objects.get_or_create(lead=lead, contact=contact, defaults={"by": by, "at": now})
            KnownContact.objects.filter(lead=lead, contact=contact).delete()

    @classmethod
    def take_back(cls, lead: Lead, contact: Contact) -> None:
        """Ask again, when the background looks next."""
        with transaction.atomic():
            cls.objects.filter(lead=lead, contact=contact).delete()
            Lead.objects.filter(pk=lead.pk).update(unmatched=True)


def tie(lead: Lead, contact: Contact | None, *, by: User, now: datetime) -> dict[str, Any]:
    """Say who of our contacts a lead is, or take it back with None; nothing else is decided by it.

    Raises:
        ValidationError: the lead would not be valid.
    """
    return lead.change(by=by, now=now, contact=contact)
