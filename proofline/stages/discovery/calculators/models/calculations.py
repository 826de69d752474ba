"""Calculations: what a visitor reckoned and left with their name; and that it was taken into a value case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.kit.addresses import record_address
from proofline.kit.links import LinkTokenField
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import User
from proofline.stages.discovery.calculators import sheets
from proofline.stages.discovery.calculators.models.calculators import Calculator
from proofline.stages.discovery.calculators.sheets import Outcome
from proofline.stages.discovery.models.value_cases import ValueCase
from proofline.stages.discovery.questionnaires.content import LANGUAGES
from proofline.stages.reach.models import Lead
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.stages.discovery.calculators.sheets import Sheet


LATEST = 1_200
"""Months after which a payback counts for none: a hundred years."""


class CalculationQuerySet(VisibleQuerySet):
    """Calculations."""

    def receive(
        self,
        calculator: Calculator,
        *,
        now: datetime,
        sheet: Sheet,
        language: str,
        anonymous: str | None = None,
        **person: Any,
    ) -> Calculation:
        """Keep what a visitor reckoned, and take them in as a lead; `person` are fields of the lead.

        Raises:
            ValidationError: a field is not valid.
        """  # fmt: skip
        outcome = Outcome(sheet)
        payback = outcome.roi.payback_month
        with transaction.atomic():
            source = person.pop("source", "") or person.get("utm_source", "") or calculator.source or calculator.name
            lead = Lead.objects.receive(
                now=now,
                anonymous=anonymous,
                owner=calculator.owner,
                product=calculator.product,
                language=language,
                source=source[:120],
                **person,
            )
            made: Calculation = self.create(
                calculator=calculator,
                lead=lead,
                language=language,
                sheet_json=sheets.plain(sheet),
                currency=sheet.currency,
                monthly_value=outcome.value.amount,
                payback_month=payback if payback is None or payback <= LATEST else None,
                at=now,
            )
            made.tell_completed(now=now)
        return made


class Calculation(Visible):
    """What one visitor reckoned: their numbers as they were, reckoned again when it is looked at."""

    write_area = "discovery"
    owner_paths = ("lead__owner",)

    calculator = models.ForeignKey(
        Calculator, on_delete=models.PROTECT, related_name="calculations", verbose_name=_("calculator")
    )
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+", verbose_name=_("lead"))
    language = models.CharField(_("language"), max_length=10, choices=list(LANGUAGES.items()))
    sheet_json = models.JSONField(editable=False)
    currency = models.CharField(max_length=3, editable=False)
    monthly_value = models.DecimalField(_("value a month"), max_digits=32, decimal_places=2, editable=False)
    payback_month = models.PositiveBigIntegerField(_("payback month"), null=True, editable=False)
    token = LinkTokenField()
    """Of the page on which the visitor sees the result again."""
    at = models.DateTimeField(_("calculated on"))

    objects = CalculationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["lead", "-id"], name="calculation_lead"),
            models.Index(fields=["calculator", "-id"], name="calculation_calculator"),
        ]

    def __str__(self) -> str:
        return f"{self.calculator} · {self.lead}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return record_address("discovery:calculation", self.pk)

    @property
    def sheet(self) -> Sheet:
        """The numbers."""
        return sheets.read(self.sheet_json)

    @property
    def outcome(self) -> Outcome:
        """What comes of them."""
        return Outcome(self.sheet)

    def tell_completed(self, *, now: datetime) -> None:
        """Record `calculator.completed`."""
        said = {
            "calculator": self.calculator.name,
            "calculator_id": self.calculator_id,
            "monthly_value": str(self.monthly_value),
            "currency": self.currency,
            "payback_month": self.payback_month,
        }
        facts.record(
            "calculator.completed",
            at=now,
            contact=self.lead.contact_id,
            subject=("lead", self.lead_id),
            properties=self.lead.fact_properties() | said,
            key=f"calculator.completed:{self.pk}",
        )


class CalculationTaking(models.Model):
    """That a calculation was taken into a value case: by whom and when."""

    calculation = models.OneToOneField(Calculation, on_delete=models.CASCADE, related_name="taking")
    value_case = models.ForeignKey(ValueCase, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.calculation} → {self.value_case}"
