"""The stages that an open deal passes. Won and lost are records of their own, not stages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.kit import formats

# name, name in Chinese, probability, what has to be true before a deal leaves the stage
DEFAULTS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "Prospecting",
        "初步接触",
        "0.10",
        "The company fits and a person to talk to is known.",
        "客户画像匹配，已找到可沟通的联系人。",
    ),
    (
        "Engaging",
        "深入沟通",
        "0.30",
        "The pain is stated in numbers and the decision maker is known.",
        "痛点已量化，已确认决策人。",
    ),
    (
        "Proposal",
        "方案报价",
        "0.50",
        "The value case is agreed and the offer has been read.",
        "价值测算已达成一致，客户已阅读报价。",
    ),
    (
        "Negotiation",
        "商务谈判",
        "0.75",
        "A tier is chosen and the contract is with the customer.",
        "已选定版本，合同已发给客户。",
    ),
)


class DealStageQuerySet(models.QuerySet["DealStage"]):
    """The stages."""

    def ladder(self) -> list[DealStage]:
        """Return the stages in order; the usual four are made where there is none."""
        if not self.exists():
            self.bulk_create(
                [
                    DealStage(
                        name=name,
                        name_zh=name_zh,
                        probability=Decimal(probability),
                        exit_criteria=criteria,
                        exit_criteria_zh=criteria_zh,
                        position=position,
                    )
                    for position, (name, name_zh, probability, criteria, criteria_zh) in enumerate(DEFAULTS, 1)
                ],
                ignore_conflicts=True,
            )
        return list(self.order_by("position"))

    def add(self, **fields: Any) -> DealStage:
        """Add a stage after the last one.

        Raises:
            ValidationError: a field is not valid, or the name is taken.
        """
        last = self.aggregate(last=models.Max("position"))["last"] or 0
        stage = DealStage(position=last + 1, **fields)
        stage.full_clean()
        stage.save()
        return stage


class DealStage(models.Model):
    """A stage of the sale. `probability` is the share of its deals that are won in the end, 0 to 1."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), unique=True)
    probability = models.DecimalField(
        _("probability"),
        max_digits=4,
        decimal_places=3,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )
    exit_criteria = models.TextField(_("done when"), blank=True)
    exit_criteria_zh = models.TextField(_("done when, in Chinese"), blank=True)

    objects = DealStageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(probability__gte=0) & models.Q(probability__lte=1),
                name="stage_probability_is_a_share",
            )
        ]

    def __str__(self) -> str:
        return self.name_zh if self.name_zh and formats.is_chinese() else self.name

    def edit(self, **fields: Any) -> None:
        """Set fields.

        Raises:
            ValidationError: a field is not valid, or the name is taken; nothing was saved.
        """
        for name, value in fields.items():
            setattr(self, name, value)
        self.full_clean()
        self.save()

    @property
    def done_when(self) -> str:
        """What has to be true before a deal leaves the stage, in the reader's language where it is written."""
        return self.exit_criteria_zh if self.exit_criteria_zh and formats.is_chinese() else self.exit_criteria
