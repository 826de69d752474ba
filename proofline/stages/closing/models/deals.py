"""Deals: what we may sell to whom, for how much and by when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.kit import search
from proofline.kit.adding import adding
from proofline.kit.addresses import record_address
from proofline.kit.columns import SmallJSONField
from proofline.kit.money import CurrencyField, OptionalMoneyProperty
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Account, Contact, Notification, Product, User, Workspace
from proofline.records.models.customized import Customized
from proofline.stages.closing.facts import deal_properties
from proofline.stages.closing.models.losing import Losable
from proofline.stages.closing.models.moving import Movable
from proofline.stages.closing.models.reopening import Reopenable
from proofline.stages.closing.models.stages import DealStage
from proofline.stages.closing.models.studying import Studied
from proofline.stages.closing.models.winning import Winnable
from proofline.stages.discovery.models import Study
from proofline.stages.reach.models import Lead
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import date, datetime

STALLED_AFTER = timedelta(days=30)


class DealQuerySet(VisibleQuerySet):
    """Deals."""

    def open(self) -> Self:
        """Keep deals that are neither won nor lost."""
        return self.filter(won=None, lost=None)

    def won(self) -> Self:
        """Keep won deals."""
        return self.filter(won__isnull=False)

    def lost(self) -> Self:
        """Keep lost deals."""
        return self.filter(lost__isnull=False)

    def stalled(self, *, now: datetime) -> Self:
        """Keep open deals without a next step, or longer than 30 days in their stage."""
        return self.open().filter(models.Q(next_step="") | models.Q(stage_since__lt=now - STALLED_AFTER))

    def open_deal(self, *, by: User | None, now: datetime, **fields: Any) -> Deal:
        """Open a deal and record it.

        Without `stage` it begins at the first one; without `owner` it is the account's owner's, else the opener's; source
        and sector come from the lead and the account.

        Raises:
            ValidationError: a field is not valid.
        """
        account, lead = fields.get("account"), fields.get("lead")
        fields.setdefault("stage", None)
        fields["stage"] = fields["stage"] or DealStage.objects.ladder()[0]
        fields["owner"] = fields.get("owner") or (account and account.owner) or by
        fields["source"] = fields.get("source") or (lead.source if lead else "")
        fields["sector"] = fields.get("sector") or (account.sector if account else "")
        fields["currency"] = fields.get("currency") or Workspace.current().currency
        deal = Deal(opened_at=now, changed_at=now, stage_since=now, **fields)
        with adding(deal):
            deal.save()
            search.add(deal)
            deal.tell("deal.created", by=by, at=now, key=f"deal.created:{deal.pk}")
            Notification.objects.tell_owner(deal, by=by, now=now)
        return deal


class Deal(Visible, Customized, Movable, Winnable, Losable, Reopenable, Studied):
    """Something that a customer may buy from us. Open, until it is `won` or `lost`."""

    write_area = "closing"
    owner_paths = ("owner", "account__owner")

    name = models.CharField(_("name"), max_length=200)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    stage = models.ForeignKey(DealStage, on_delete=models.PROTECT, related_name="deals", verbose_name=_("stage"))
    product = models.ForeignKey(
        Product, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    amount = models.DecimalField(
        _("amount"), max_digits=18, decimal_places=2, null=True, blank=True, help_text=_("What the first year brings.")
    )
    currency = CurrencyField(_("currency"))
    source = models.CharField(_("source"), max_length=120, blank=True)
    sector = models.CharField(_("industry"), max_length=120, blank=True)
    expected_close = models.DateField(_("expected close"), null=True, blank=True)
    next_step = models.CharField(_("next step"), max_length=250, blank=True)
    next_step_on = models.DateField(_("on"), null=True, blank=True)
    lead = models.ForeignKey(Lead, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    study = models.OneToOneField(Study, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    external_id = models.CharField(_("id in the source"), max_length=120, null=True, blank=True, unique=True)
    extra = SmallJSONField(default=dict, blank=True, editable=False)
    opened_at = models.DateTimeField(_("opened"))
    stage_since = models.DateTimeField(_("in this stage since"))

    value = OptionalMoneyProperty("amount", "currency")
    objects = DealQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["stage", "-stage_since", "-id"], name="deal_stage"),
            models.Index(fields=["owner", "-id"], name="deal_owner"),
            models.Index(fields=["-changed_at", "-id"], name="deal_changed"),
            models.Index(fields=["account", "-id"], name="deal_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount=None) | models.Q(amount__gte=0), name="deal_amount_not_negative"
            ),
            models.UniqueConstraint(fields=["lead"], name="deal_once_for_lead"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the deal's page."""
        return record_address("closing:deal", self.pk)

    def clean(self) -> None:
        """Refuse a negative amount, and a contact of another account."""
        if self.amount is not None and self.amount < 0:
            raise ValidationError({"amount": _("An amount can't be negative.")})
        if self.contact and self.account_id and self.contact.account_id not in {None, self.account_id}:
            raise ValidationError({"contact": _("This contact belongs to another account.")})

    def days_in_stage(self, *, now: datetime) -> int:
        """Return how many whole days the deal has stood in its stage."""
        return (now - self.stage_since).days

    def warnings(self, *, now: datetime, today: date) -> list[str]:
        """Say why the deal is in danger of stalling; nothing for a closed deal."""
        if self.is_closed:
            return []
        found = []
        if not self.next_step:
            found.append(str(_("No next step")))
        elif self.next_step_on and self.next_step_on < today:
            found.append(str(_("Next step overdue")))
        if now - self.stage_since > STALLED_AFTER:
            found.append(str(_("%(days)s days in this stage") % {"days": self.days_in_stage(now=now)}))
        if self.expected_close and self.expected_close < today:
            found.append(str(_("Expected close has passed")))
        return found

    def fact_properties(self) -> dict[str, Any]:
        """Return what every fact of this deal carries."""
        return deal_properties(self)

    def tell(self, fact: str, *, by: User | None, at: datetime, key: str | None = None, **properties: Any) -> None:
        """Record a fact of this deal on the timeline, with its slices.

        What nobody of us did names no contact: who of the customer's people did it is among the properties, and is not always
        the deal's contact.
        """
        facts.record(
            fact,
            at=at,
            by=by.pk if by else None,
            account=self.account_id,
            contact=self.contact_id if by else None,
            subject=("deal", self.pk),
            properties=self.fact_properties() | properties,
            key=key,
        )

    def tell_change(self, *, by: User | None, now: datetime, fields: list[str]) -> None:
        """Record `deal.planned` for a new next step, and `deal.changed` for what else changed."""
        if "next_step" in fields and self.next_step:
            self.tell("deal.planned", by=by, at=now, next_step=self.next_step, on=self.next_step_on)
        if others := [name for name in fields if not name.startswith("next_step")]:
            self.tell("deal.changed", by=by, at=now, fields=others)

    def hold(self) -> Deal:
        """Hold this deal for the rest of the transaction, so that the second of two sees what the first did."""
        held: Deal = Deal.objects.select_for_update(of=("self",)).get(pk=self.pk)
        return held
