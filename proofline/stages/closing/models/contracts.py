"""Contracts: drafted from a deal, edited until they are sent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.kit import search
from proofline.kit.addresses import record_address
from proofline.kit.clock import add_months
from proofline.kit.links import LinkTokenField
from proofline.kit.money import CurrencyField, Money
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Account, Product, User
from proofline.stages.closing.models.deals import Deal
from proofline.stages.closing.models.options import MONTHS_A_YEAR, QuoteOption
from proofline.stages.closing.models.pricing import offered, price
from proofline.stages.closing.models.promises import Promise
from proofline.stages.closing.models.signing import Signable
from proofline.stages.closing.terms import clauses, terms_text

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

STARTS_AFTER = timedelta(days=7)
RANGES: dict[str, tuple[Any, Any]] = {
    "monthly": (0, None),
    "once": (0, None),
    "seats": (1, None),
    "months": (1, 120),
    "starts_on": (date(1900, 1, 1), date(2200, 1, 1)),
}
"""What a term can be, and what any calendar and clock can reckon with."""


class ContractSentError(Exception):
    """The contract was sent: what the customer has read does not change any more."""


def contract_number(pk: int, created_at: datetime) -> str:
    """Return the number that stands on the paper: year and running number."""
    return f"C{created_at:%Y}-{pk:05d}"


class ContractQuerySet(VisibleQuerySet):
    """Contracts."""

    def standing(self) -> Self:
        """Leave out contracts that were taken back."""
        return self.filter(withdrawal=None)

    def accepted(self) -> Self:
        """Keep contracts that the customer signed."""
        return self.filter(acceptance__isnull=False)

    def draft(
        self, *, deal: Deal, by: User | None, now: datetime, today: date, option: QuoteOption | None = None
    ) -> Contract:
        """Draft the deal's contract, or return the one that stands.

        Its price is that of `option`, else of the customer's choice, else of the recommended option sent last, else the
        deal's amount over twelve months. Its promises are the lines of the value case that was frozen last.

        Raises:
            ValidationError: the deal has no account: a contract needs a party.
        """
        if deal.account is None:
            raise ValidationError(_("Choose the deal's account first: a contract needs a party."))
        with transaction.atomic():
            deal.hold()
            standing: Contract | None = self.filter(deal=deal).standing().order_by("-pk").first()
            if standing:
                return standing
            option = option or offered(deal)
            language = (option.quote.language if option else "") or deal.account.language
            contract = Contract(
                deal=deal,
                account=deal.account,
                product=deal.product,
                option=option,
                language=language,
                terms=terms_text(language),
                starts_on=today + STARTS_AFTER,
                created_at=now,
                created_by=by,
                **price(deal, option),
            )
            contract.full_clean()
            contract.save()
            search.add(contract)
            Promise.copy_all(contract)
            contract.tell("contract.drafted", by=by, at=now)
        return contract


class Contract(Visible, Signable):
    """What we and a customer agree on. A draft until it is sent; signed when it has an `acceptance`."""

    write_area = "closing"
    owner_paths = ("deal__owner", "account__owner")

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="contracts")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", verbose_name=_("account"))
    product = models.ForeignKey(
        Product, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    option = models.ForeignKey(QuoteOption, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=[("en", "English"), ("zh-hans", "简体中文")]
    )
    terms = models.TextField(_("terms"))
    monthly = models.DecimalField(_("price a month"), max_digits=18, decimal_places=2)
    once = models.DecimalField(_("price once"), max_digits=18, decimal_places=2, default=Decimal(0))
    currency = CurrencyField(_("currency"))
    seats = models.PositiveIntegerField(_("seats"), default=1)
    months = models.PositiveSmallIntegerField(_("months"), default=MONTHS_A_YEAR)
    starts_on = models.DateField(_("starts on"))
    token = LinkTokenField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(monthly__gte=0) & models.Q(once__gte=0), name="contract_prices_not_negative"
            ),
            models.CheckConstraint(condition=models.Q(months__gte=1), name="contract_months_at_least_one"),
            models.CheckConstraint(condition=models.Q(seats__gte=1), name="contract_seats_at_least_one"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Return the address of the contract's page."""
        return record_address("closing:contract", self.pk)

    @property
    def number(self) -> str:
        """The number that stands on the paper: year and running number."""
        return contract_number(self.pk, self.created_at)

    @property
    def monthly_price(self) -> Money:
        """What a month costs."""
        return Money(self.monthly, self.currency)

    @property
    def once_price(self) -> Money:
        """What is paid once."""
        return Money(self.once, self.currency)

    @property
    def total(self) -> Money:
        """What the whole term costs."""
        return self.monthly_price * self.months + self.once_price

    @property
    def first_year(self) -> Money:
        """What the first twelve months bring; a shorter term, what it brings."""
        return self.monthly_price * min(self.months, MONTHS_A_YEAR) + self.once_price

    @property
    def ends_on(self) -> date:
        """The first day after the term: the day of the renewal."""
        return add_months(self.starts_on, self.months)

    @property
    def plan(self) -> str:
        """What is sold, in words: product and tier."""
        parts = [str(part) for part in (self.product, self.option and self.option.name) if part]
        return " · ".join(parts) or self.deal.name

    @property
    def clauses(self) -> list[tuple[str, str]]:
        """The terms as (heading, text)."""
        return clauses(self.terms)

    def clean(self) -> None:
        """Refuse prices below nothing, an empty term, and one whose end no calendar holds."""
        for name, (least, most) in RANGES.items():
            value = getattr(self, name)
            if value is not None and value < least:
                raise ValidationError({name: _("At least %(least)s.") % {"least": least}})
            if value is not None and most is not None and value > most:
                raise ValidationError({name: _("At most %(most)s.") % {"most": most}})

    def edit(self, **fields: Any) -> None:
        """Set fields of the draft.

        Raises:
            ContractSentError: it was sent.
            ValidationError: a value is not valid; nothing was saved.
        """
        with transaction.atomic():
            held = Contract.objects.select_for_update(of=("self",)).get(pk=self.pk)
            if held.is_sent or held.is_withdrawn:
                raise ContractSentError(_("This contract was sent. Take it back to draft another."))
            for name, value in fields.items():
                setattr(self, name, value)
            self.full_clean()
            self.save()

    def tell(self, fact: str, *, by: User | None, at: datetime, **properties: Any) -> None:
        """Record a fact of this contract, with the slices of its deal."""
        self.deal.tell(
            fact,
            by=by,
            at=at,
            key=f"{fact}:{self.pk}",
            contract=self.pk,
            number=self.number,
            monthly=str(self.monthly),
            contract_currency=self.currency,
            **properties,
        )
