"""The customer's one private place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models, transaction

from proofline.kit.links import LinkTokenField, new_token
from proofline.records.models import Account
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import Contact, User


class Portal(models.Model):
    """The private address of an account: proposal, contract, gates, tickets, reports.

    An account that was two before has two: the links that customers have keep working.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    token = LinkTokenField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.account)

    @classmethod
    def of(cls, account: Account, *, now: datetime) -> Portal:
        """Return the account's portal; it is made when it is not there."""
        found = cls.objects.filter(account=account).order_by("pk").first()
        return found or cls.objects.create(account=account, created_at=now)

    def change_link(self, *, now: datetime) -> None:
        """Give the portal another address; the old ones end."""
        self.token, self.created_at = new_token(), now
        with transaction.atomic():
            Portal.objects.filter(account_id=self.account_id).exclude(pk=self.pk).delete()
            self.save(update_fields=["token", "created_at"])

    def share(self, *, to: Contact, by: User, now: datetime) -> None:
        """Give a contact of the account the link; the mail goes out with the fact."""
        with transaction.atomic():
            facts.record(
                "portal.shared",
                at=now,
                by=by.pk,
                account=self.account_id,
                contact=to.pk,
                subject=("account", self.account_id),
                properties={"name": to.name},
            )
