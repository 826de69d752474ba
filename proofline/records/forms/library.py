"""Forms of the catalogue, evidence and competitors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.kit.shares import PercentField
from proofline.records.forms.base import NameField, RecordForm, day_input
from proofline.records.forms.voice import VoicedForm
from proofline.records.models import (
    Account,
    Claim,
    Competitor,
    Evidence,
    Module,
    Pain,
    Product,
    ServicePack,
    Tier,
    ValueMetric,
)


class ProductForm(RecordForm):
    class Meta:
        model = Product
        fields = ["name", "name_zh", "series", "description", "list_price", "currency"]

    def clean(self) -> dict[str, Any]:
        """A price needs its currency."""
        values = super().clean() or {}
        if values.get("list_price") is not None and not values.get("currency"):
            self.add_error("currency", _("A price needs a currency."))
        return values


class PartForm(RecordForm):
    """A form of a part of a product; the part belongs to `product`, which the view gives."""

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product = product
        self.instance.product = product
        if "modules" in self.fields:
            self.fields["modules"].queryset = product.modules.order_by("name")  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        """What the form says, and the product."""
        return super().values | {"product": self.product}


class ModuleForm(PartForm):
    class Meta:
        model = Module
        fields = ["name", "name_zh", "description", "feature_key", "monthly_price", "currency"]


class TierForm(PartForm):
    class Meta:
        model = Tier
        fields = ["name", "name_zh", "rank", "seat_price", "currency", "included_seats", "modules"]
        widgets = {"modules": forms.CheckboxSelectMultiple}


class ServicePackForm(PartForm):
    class Meta:
        model = ServicePack
        fields = ["name", "name_zh", "description", "fee", "currency"]


class PainForm(RecordForm):
    class Meta:
        model = Pain
        fields = ["name", "name_zh", "description", "modules", "metrics"]
        widgets = {"modules": forms.CheckboxSelectMultiple, "metrics": forms.CheckboxSelectMultiple}


class ValueMetricForm(RecordForm):
    usual_share = PercentField(
        label=_("Improvement to begin with, %"),
        required=False,
        help_text=_("What is promised until customers were measured."),
    )

    class Meta:
        model = ValueMetric
        fields = ["name", "name_zh", "unit", "formula", "event", "property", "factor", "per", "usual_share"]


class EvidenceForm(VoicedForm, RecordForm):
    voiced = ("title", "result", "body")
    account = NameField(Account.objects.all(), kind="accounts", label=_("Customer"), required=False)

    class Meta:
        model = Evidence
        fields = [
            "kind",
            "title",
            "result",
            "body",
            "account",
            "sector",
            "language",
            "source_url",
            "published_on",
            "valid_until",
            "permission",
            "pains",
            "modules",
        ]
        widgets = {
            "published_on": day_input(),
            "valid_until": day_input(),
            "pains": forms.CheckboxSelectMultiple,
            "modules": forms.CheckboxSelectMultiple,
        }


class CompetitorForm(RecordForm):
    class Meta:
        model = Competitor
        fields = ["name", "website", "owner", "strengths", "gaps", "difference", "checked_on"]
        widgets = {"checked_on": day_input()}


class ClaimForm(RecordForm):
    """A claim on a battle card; the instance has its competitor."""

    class Meta:
        model = Claim
        fields = ["kind", "text", "pain", "module", "answer", "figure", "evidence", "source_url", "checked_on"]
        widgets = {"text": forms.Textarea(attrs={"rows": 2}), "checked_on": day_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["module"].label_from_instance = lambda module: f"{module} · {module.product}"  # type: ignore[attr-defined]
        self.fields["module"].queryset = Module.objects.select_related("product").order_by("product__name", "name")  # type: ignore[attr-defined]
        self.fields["evidence"].queryset = Evidence.objects.order_by("title")  # type: ignore[attr-defined]
        self.fields["pain"].queryset = Pain.objects.order_by("name")  # type: ignore[attr-defined]
