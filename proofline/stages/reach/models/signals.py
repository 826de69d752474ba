"""Need signals: what somebody's behaviour says that they may need, with the evidence, and what we found out about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proofline.kit.addresses import record_address
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Account, Contact, Module, Pain, User
from proofline.stages.reach.models.leads import Lead
from proofline.stages.reach.models.qualifying import AlreadyDecidedError
from proofline.stages.reach.models.signal_rules import SignalRule
from proofline.timeline import facts

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from proofline.timeline.watching import Found

PEOPLE_SHOWN = 200


class SignalQuerySet(VisibleQuerySet):
    """Need signals."""

    def open(self) -> Self:
        """Keep what nobody decided about."""
        return self.filter(confirmation=None, dismissal=None)

    def confirmed(self) -> Self:
        """Keep what turned out to be needed."""
        return self.filter(confirmation__isnull=False)

    def dismissed(self) -> Self:
        """Keep what turned out not to be needed."""
        return self.filter(dismissal__isnull=False)

    def owned_by(self, user: User) -> Self:
        """Keep those of the user's own accounts, contacts and leads."""
        return self.filter(
            Q(account__owner=user)
            | Q(account=None, contact__owner=user)
            | Q(account=None, contact=None, lead__owner=user)
        )

    def about(
        self, *, account: Account | None = None, contact: Contact | None = None, lead: Lead | None = None
    ) -> Self:
        """Keep those about an account and its people, a contact, or a lead and the contact that it became."""
        meant = Q(pk__in=[])
        if account is not None:
            meant |= Q(account=account)
        if contact is not None:
            meant |= Q(contact=contact)
        if lead is not None:
            meant |= Q(lead=lead) | (Q(contact=lead.contact_id) if lead.contact_id else Q(pk__in=[]))
        return self.filter(meant)

    def forget(self, people: Collection[int]) -> int:
        """Say of these people of the timeline no more that they did something; return how many signals changed."""
        changed = 0
        for pk, known in self.exclude(people=[]).values_list("pk", "people").iterator(chunk_size=1000):
            left = [person for person in known if person not in people]
            if left != known:
                changed += self.filter(pk=pk).update(people=left)
        return changed

    def raise_for(
        self,
        rule: SignalRule,
        found: Found,
        *,
        now: datetime,
        account: Account | None = None,
        contact: Contact | None = None,
        lead: Lead | None = None,
    ) -> Signal:
        """Keep what a rule found out about somebody, and record `signal.raised`."""
        with transaction.atomic():
            signal: Signal = self.create(
                rule=rule,
                statement=rule.statement,
                pain=rule.pain,
                module=rule.module,
                account=account or (contact.account if contact else None),
                contact=contact,
                lead=lead,
                count=found.count,
                first_at=found.first,
                last_at=found.last,
                people=list(found.people[:PEOPLE_SHOWN]),
                at=now,
            )
            signal.record("signal.raised", by=None, now=now)
        return signal


class Signal(Visible):
    """That somebody may need something: which rule says so, because of what."""

    owner_paths = ("account__owner", "contact__owner", "contact__account__owner", "lead__owner")
    write_area = "reach"

    rule = models.ForeignKey(SignalRule, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("rule"))
    statement = models.CharField(_("need"), max_length=330)
    pain = models.ForeignKey(Pain, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("pain"))
    module = models.ForeignKey(Module, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("module"))
    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("account")
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("contact")
    )
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("lead"))
    count = models.PositiveIntegerField(_("how often"))
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    people = models.JSONField(default=list)
    """The ids of the timeline's people who did it."""
    at = models.DateTimeField(_("raised"))

    objects = SignalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False) | Q(contact__isnull=False) | Q(lead__isnull=False),
                name="signal_is_about_somebody",
            )
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="signal_newest"),
            models.Index(fields=["account", "-at"], name="signal_account"),
        ]

    def __str__(self) -> str:
        return self.statement

    @property
    def about(self) -> Account | Contact | Lead:
        """Whose need it is, as near as is known."""
        return self.contact or self.lead or self.account  # type: ignore[return-value] # the store sees to it

    @property
    def state(self) -> str:
        """What was found out: "open", "confirmed" or "dismissed"."""
        if hasattr(self, "confirmation"):
            return "confirmed"
        return "dismissed" if hasattr(self, "dismissal") else "open"

    @property
    def owner(self) -> User | None:
        """Who is to find out."""
        about = self.account or self.contact or self.lead
        return about.owner if about else None

    def confirm(self, *, by: User, now: datetime, note: str = "") -> Confirmation:
        """Note that they do need it.

        Raises:
            AlreadyDecidedError: somebody decided before.
        """
        with transaction.atomic():
            self._claim()
            done = Confirmation.objects.create(signal=self, by=by, at=now, note=note)
            self.record("signal.confirmed", by=by, now=now)
        return done

    def dismiss(self, *, by: User, now: datetime, note: str = "") -> SignalDismissal:
        """Note that they do not need it.

        Raises:
            AlreadyDecidedError: somebody decided before.
        """
        with transaction.atomic():
            self._claim()
            done = SignalDismissal.objects.create(signal=self, by=by, at=now, note=note)
            self.record("signal.dismissed", by=by, now=now)
        return done

    def record(self, name: str, *, by: User | None, now: datetime) -> None:
        """Record a fact about this signal on the timeline."""
        facts.record(
            name,
            at=now,
            by=by.pk if by else None,
            account=self.account_id,
            contact=self.contact_id,
            subject=("lead", self.lead_id) if self.lead_id else ("signal", self.pk),
            properties=self._slices(),
            key=f"{name}:{self.pk}",
        )

    def _slices(self) -> dict[str, Any]:
        return {
            "signal": self.pk,
            "name": str(self.about),
            "statement": self.statement,
            "count": self.count,
            "rule": self.rule_id,
            "pain": str(self.pain or ""),
            "module": str(self.module or ""),
            "owner": str(self.owner or ""),
        }

    def _claim(self) -> None:
        """Hold the signal for this transaction; of two who decide at once, the second is told so."""
        Signal.objects.select_for_update(of=("self",)).get(pk=self.pk)
        decided = (Confirmation, SignalDismissal)
        if any(model.objects.filter(signal=self).exists() for model in decided):
            raise AlreadyDecidedError(str(self))

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return record_address("reach:signal", self.pk)


class Confirmation(models.Model):
    """That the need is there: who found out, and when."""

    signal = models.OneToOneField(Signal, on_delete=models.CASCADE, related_name="confirmation")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(_("note"), max_length=250, blank=True)

    def __str__(self) -> str:
        return str(self.signal)


class SignalDismissal(models.Model):
    """That the need is not there: who found out, and when."""

    signal = models.OneToOneField(Signal, on_delete=models.CASCADE, related_name="dismissal")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(_("note"), max_length=250, blank=True)

    def __str__(self) -> str:
        return str(self.signal)
