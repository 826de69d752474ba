"""Sending a proposal to a person of the customer's, and closing its link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.kit.matching.texts import FREE, domain
from proofline.records.models import Contact, User
from proofline.stages.discovery.models.proposals import Proposal

if TYPE_CHECKING:
    from datetime import datetime


class Sending(models.Model):
    """That a proposal was sent: by whom, to whom, and until when its link is open."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="sendings")
    at = models.DateTimeField(_("sent on"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("to")
    )
    expires_at = models.DateTimeField(_("open until"), null=True, blank=True)
    asks_code = models.BooleanField(_("ask for a code by e-mail"), default=False)
    lets_colleagues_in = models.BooleanField(_("colleagues with the same domain may read it too"), default=False)
    snapshot = models.JSONField(default=dict)
    """What was sent, as `writing.versions` writes it; {} where it was sent before versions were kept."""

    class Meta:
        indexes = [models.Index(fields=["proposal", "-at"], name="sending_newest")]

    def __str__(self) -> str:
        return f"{self.proposal} → {self.to or '–'}"

    def has_expired(self, *, now: datetime) -> bool:
        """Tell whether the link is closed by its date."""
        return self.expires_at is not None and self.expires_at <= now


class Revocation(models.Model):
    """That the link of a proposal was closed. Sending it again opens it again."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="revocations")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.proposal}: {self.at:%Y-%m-%d}"


def check_code(to: Contact | None, *, asks_code: bool, lets_colleagues_in: bool) -> None:
    """Refuse a code that has nowhere to go.

    Raises:
        ValidationError: by `to` or `lets_colleagues_in`.
    """
    if asks_code and (to is None or not to.email):
        raise ValidationError({"to": _("Choose a person with an e-mail address: the code is sent there.")})
    if lets_colleagues_in and not asks_code:
        raise ValidationError({"lets_colleagues_in": _("This goes with a code by e-mail.")})
    if lets_colleagues_in and to and domain((to.email or "").rpartition("@")[2]) in FREE:
        raise ValidationError(
            {"lets_colleagues_in": _("This person's address is one of a mail service that everybody may use.")}
        )


def revoke(proposal: Proposal, *, by: User | None, now: datetime) -> Revocation:
    """Close the link."""
    with transaction.atomic():
        revocation = Revocation.objects.create(proposal=proposal, at=now, by=by)
        proposal.study.tell(
            "proposal.revoked",
            by=by,
            at=now,
            subject=("proposal", proposal.pk),
            proposal=proposal.title,
            proposal_id=proposal.pk,
        )
    return revocation
