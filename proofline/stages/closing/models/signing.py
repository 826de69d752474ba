"""Sending a contract, taking it back, and the customer's acceptance."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proofline.records.models import Contact, User

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.stages.closing.models.contracts import Contract


class ContractNotOpenError(Exception):
    """The contract can't be sent, taken back or accepted now; the text says why."""


class AlreadyAcceptedError(ContractNotOpenError):
    """The contract was accepted before."""


class Signable(models.Model):
    """A contract that is sent and then accepted once, or taken back."""

    class Meta:
        abstract = True

    @property
    def is_sent(self) -> bool:
        """Whether the customer has been given the link."""
        return hasattr(self, "sending")

    @property
    def is_accepted(self) -> bool:
        """Whether the customer signed."""
        return hasattr(self, "acceptance")

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back."""
        return hasattr(self, "withdrawal")

    @property
    def state(self) -> str:
        """`draft`, `sent`, `accepted` or `withdrawn`."""
        if self.is_accepted:
            return "accepted"
        if self.is_withdrawn:
            return "withdrawn"
        return "sent" if self.is_sent else "draft"

    def _held(self) -> Contract:
        held: Contract = type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)  # type: ignore[attr-defined]
        return held

    def send(self, *, by: User | None, now: datetime, to: Contact | None = None) -> ContractSending:
        """Give the contract to the customer; from now on it does not change. A second time returns the first sending.

        Raises:
            ContractNotOpenError: it was taken back.
        """
        contract: Contract = self  # type: ignore[assignment]
        with transaction.atomic():
            if self._held().is_withdrawn:
                raise ContractNotOpenError(_("This contract was taken back. Draft another."))
            sending, first = ContractSending.objects.get_or_create(
                contract=contract, defaults={"at": now, "by": by, "to": to}
            )
            if first:
                contract.tell("contract.sent", by=by, at=now)
        return sending

    def withdraw(self, *, by: User | None, now: datetime) -> ContractWithdrawal:
        """Take the contract back, so that another can be drafted.

        Raises:
            ContractNotOpenError: the customer signed it.
        """
        contract: Contract = self  # type: ignore[assignment]
        with transaction.atomic():
            if self._held().is_accepted:
                raise AlreadyAcceptedError(_("The customer signed this contract; it can't be taken back."))
            taken, first = ContractWithdrawal.objects.get_or_create(contract=contract, defaults={"at": now, "by": by})
            if first:
                contract.tell("contract.withdrawn", by=by, at=now)
        return taken

    def accept(self, *, name: str, title: str = "", ip: str | None, user_agent: str, now: datetime) -> Acceptance:
        """Note that the customer signed by typing their name; of two who sign at once, one signs.

        Raises:
            AlreadyAcceptedError: it was signed before.
            ContractNotOpenError: it was not sent, or taken back.
            ValidationError: no name was given.
        """
        contract: Contract = self  # type: ignore[assignment]
        if not name.strip():
            raise ValidationError({"name": _("Type your full name.")})
        with transaction.atomic():
            state = self._held().state
            if state == "accepted":
                raise AlreadyAcceptedError(_("This contract was already signed."))
            if state != "sent":
                raise ContractNotOpenError(_("This contract is not open for signature."))
            try:
                with transaction.atomic():
                    acceptance = Acceptance.objects.create(
                        contract=contract, name=name.strip(), title=title.strip(), ip=ip, user_agent=user_agent, at=now
                    )
            except IntegrityError:
                raise AlreadyAcceptedError(_("This contract was already signed.")) from None
            contract.tell(
                "contract.accepted", by=None, at=now, person=acceptance.name, total=str(contract.total.amount)
            )
        return acceptance


class ContractSending(models.Model):
    """That a contract was given to the customer."""

    contract = models.OneToOneField("closing.Contract", on_delete=models.CASCADE, related_name="sending")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("to")
    )

    def __str__(self) -> str:
        return f"{self.contract} → {self.to or '—'}"


class ContractWithdrawal(models.Model):
    """That a contract was taken back."""

    contract = models.OneToOneField("closing.Contract", on_delete=models.CASCADE, related_name="withdrawal")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.contract} ✗"


class Acceptance(models.Model):
    """That the customer signed: the typed name, from where and when, and the sealed paper with its SHA-256.

    The paper is made once, right after the signature; if that fails, when it is first asked for.
    """

    contract = models.OneToOneField("closing.Contract", on_delete=models.PROTECT, related_name="acceptance")
    at = models.DateTimeField()
    name = models.CharField(gettext_lazy("full name"), max_length=120)
    title = models.CharField(gettext_lazy("job title"), max_length=120, blank=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=400, blank=True)
    pdf = models.FileField(upload_to="contracts", blank=True)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.contract}"

    def keep_paper(self, pdf: bytes) -> None:
        """Keep the sealed paper; one that was kept before stays, and this one is let go."""
        with transaction.atomic():
            held = Acceptance.objects.select_for_update(of=("self",)).get(pk=self.pk)
            if not held.digest:
                held.pdf.save(f"{held.contract.number}.pdf", ContentFile(pdf), save=False)
                held.digest = hashlib.sha256(pdf).hexdigest()
                held.save(update_fields=["pdf", "digest"])
        self.refresh_from_db(fields=["pdf", "digest"])

    def paper(self) -> bytes:
        """Return the sealed paper as it was kept."""
        with self.pdf.open("rb") as file:
            kept: bytes = file.read()
        return kept
