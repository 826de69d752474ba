"""Who does not want mail from us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models, transaction

from proofline.kit.links import LinkTokenField
from proofline.records.models import Contact
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import datetime


class UnsubscribeLink(models.Model):
    """The opaque address under which a contact can end our mail (RFC 8058).

    A contact who was two before has two: what was mailed keeps working.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    token = LinkTokenField()

    def __str__(self) -> str:
        return str(self.contact)

    @classmethod
    def of(cls, contact: Contact) -> UnsubscribeLink:
        """Return the contact's link; it is made when it is not there."""
        return cls.objects.filter(contact=contact).order_by("pk").first() or cls.objects.create(contact=contact)


class OptOut(models.Model):
    """That a contact wants no more mail."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.contact)

    @classmethod
    def note(cls, *, contact: Contact, now: datetime) -> bool:
        """Note that the contact wants no more mail; return False when it was known."""
        with transaction.atomic():
            _optout, first = cls.objects.get_or_create(contact=contact, defaults={"at": now})
            if first:
                facts.record(
                    "contact.unsubscribed",
                    at=now,
                    account=contact.account_id,
                    contact=contact.pk,
                    subject=("contact", contact.pk),
                    properties={"name": contact.name},
                )
        return first

    @classmethod
    def withdraw(cls, *, contact: Contact, now: datetime) -> None:
        """Let the contact have mail again, at their own wish."""
        with transaction.atomic():
            deleted, _rows = cls.objects.filter(contact=contact).delete()
            if deleted:
                facts.record(
                    "contact.resubscribed",
                    at=now,
                    account=contact.account_id,
                    contact=contact.pk,
                    subject=("contact", contact.pk),
                    properties={"name": contact.name},
                )
