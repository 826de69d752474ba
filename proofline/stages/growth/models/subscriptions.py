"""Subscriptions: what a customer pays each month, until when, and what became of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.kit.addresses import record_address
from proofline.kit.clock import add_months
from proofline.kit.money import CurrencyField, MoneyProperty
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Account, Product, Task, Tier, User
from proofline.stages.closing.models import Contract
from proofline.timeline import facts

if TYPE_CHECKING:
    from decimal import Decimal

REMIND_BEFORE = (timedelta(days=60), timedelta(days=30))


class NotRunningError(Exception):
    """The subscription has ended."""


class SubscriptionQuerySet(VisibleQuerySet):
    """Subscriptions."""

    def running(self) -> Self:
        """Keep what was not cancelled."""
        return self.filter(cancellation=None)

    def ending_by(self, day: date) -> Self:
        """Keep running ones that end on or before the day."""
        return self.running().filter(ends_on__lte=day)

    def begin_for(self, contract: Contract, *, by: User | None, now: datetime) -> Subscription:
        """Begin what a contract says; a second time returns the first."""
        existing = self.filter(contract=contract).first()
        if existing:
            return existing  # type: ignore[no-any-return]
        option = contract.option
        return self.begin(
            account=contract.account,
            contract=contract,
            product=contract.product,
            tier=option.tier if option else None,
            seats=contract.seats,
            monthly=contract.monthly,
            currency=contract.currency,
            starts_on=contract.starts_on,
            ends_on=add_months(contract.starts_on, contract.months) - timedelta(days=1),
            by=by,
            now=now,
        )

    def begin(self, *, by: User | None, now: datetime, **fields: Any) -> Subscription:
        """Begin a subscription and record it."""
        with transaction.atomic():
            subscription: Subscription = self.create(created_at=now, **fields)
            subscription.tell("subscription.started", by=by, now=now)
        return subscription


class Subscription(Visible):
    """What an account pays for, per month, from a day to a day (both included)."""

    owner_paths = ("account__owner",)
    write_area = "growth"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", verbose_name=_("account"))
    contract = models.OneToOneField(Contract, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    product = models.ForeignKey(
        Product, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    tier = models.ForeignKey(
        Tier, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("tier")
    )
    seats = models.PositiveIntegerField(_("seats"), default=1)
    monthly = models.DecimalField(_("a month"), max_digits=18, decimal_places=2)
    currency = CurrencyField(_("currency"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    created_at = models.DateTimeField()

    price = MoneyProperty("monthly", "currency")
    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="subscription_dates"),
        ]
        indexes = [models.Index(fields=["ends_on"], name="subscription_end")]

    def __str__(self) -> str:
        return f"{self.account} · {self.tier or self.product or self.price}"

    def get_absolute_url(self) -> str:
        """Return the address of the renewal's page."""
        return record_address("growth:renewal", self.pk)

    @property
    def plan(self) -> str:
        """What is subscribed to, in words."""
        return " · ".join(str(part) for part in (self.product, self.tier) if part)

    def renew(self, *, months: int, monthly: Decimal, by: User | None, now: datetime) -> Renewal:
        """Carry on for so many months at a monthly price, from the day after the present end.

        Raises:
            NotRunningError: it was cancelled.
        """
        with transaction.atomic():
            held = Subscription.objects.select_for_update(of=("self",)).get(pk=self.pk)
            if Cancellation.objects.filter(subscription=self).exists():
                raise NotRunningError(str(self))
            new_end = add_months(held.ends_on + timedelta(days=1), months) - timedelta(days=1)
            renewal = Renewal.objects.create(
                subscription=self,
                by=by,
                at=now,
                old_end=held.ends_on,
                new_end=new_end,
                old_monthly=held.monthly,
                monthly=monthly,
            )
            self.ends_on, self.monthly = new_end, monthly
            self.save(update_fields=["ends_on", "monthly"])
            self.tell("subscription.renewed", by=by, now=now, change=str(monthly - renewal.old_monthly))
        return renewal

    def cancel(self, *, reason: str, by: User | None, now: datetime) -> Cancellation:
        """Let it end at its end; the first cancellation stands."""
        with transaction.atomic():
            cancellation, first = Cancellation.objects.get_or_create(
                subscription=self, defaults={"by": by, "at": now, "reason": reason}
            )
            if first:
                self.tell("subscription.ended", by=by, now=now, reason=reason)
        return cancellation

    def remind(self, *, today: date, now: datetime) -> RenewalReminder | None:
        """Ask the owner to prepare the renewal, once for each span of `REMIND_BEFORE` and end."""
        passed = [span for span in REMIND_BEFORE if self.ends_on - span <= today <= self.ends_on]
        if not passed:
            return None
        days = min(passed).days
        with transaction.atomic():
            reminder, first = RenewalReminder.objects.get_or_create(
                subscription=self, for_end=self.ends_on, days_before=days, defaults={"at": now}
            )
            if not first:
                return None
            self._ask_for_renewal(now=now)
            key = f"renewal.reminded:{self.pk}:{self.ends_on}:{days}"
            self.tell("renewal.reminded", by=None, now=now, key=key, days=days)
        return reminder

    def _ask_for_renewal(self, *, now: datetime) -> None:
        Task.objects.ask(
            key=f"renewal:{self.pk}:{self.ends_on}",
            title=f"{self.account} ({self.ends_on})",
            kind=Task.Kind.RENEWAL,
            owner=self.account.owner,
            account=self.account,
            due_at=now + timedelta(days=7),
            url=self.get_absolute_url(),
            created_at=now,
        )

    def tell(self, fact: str, *, by: User | None, now: datetime, key: str | None = None, **properties: Any) -> None:
        """Record a fact of this subscription."""
        facts.record(
            fact,
            at=now,
            by=by.pk if by else None,
            account=self.account_id,
            subject=("subscription", self.pk),
            properties={
                "name": str(self.account),
                "monthly": str(self.monthly),
                "currency": self.currency,
                "ends_on": str(self.ends_on),
                **properties,
            },
            key=key,
        )


class Renewal(models.Model):
    """That a subscription was carried on, and at what price."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="renewals")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    old_end = models.DateField()
    new_end = models.DateField()
    old_monthly = models.DecimalField(max_digits=18, decimal_places=2)
    monthly = models.DecimalField(max_digits=18, decimal_places=2)

    def __str__(self) -> str:
        return f"{self.subscription} → {self.new_end}"


class Cancellation(models.Model):
    """That a subscription will not be carried on, and why."""

    subscription = models.OneToOneField(Subscription, on_delete=models.CASCADE, related_name="cancellation")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=250)

    def __str__(self) -> str:
        return f"{self.subscription}: {self.reason}"


class RenewalReminder(models.Model):
    """That the owner was asked to prepare a renewal."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="reminders")
    for_end = models.DateField()
    days_before = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "for_end", "days_before"], name="reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription}: {self.days_before}"
