"""Forms of rules and price rules: each kind asks for its own alone."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from proofline.records.models import Tier
from proofline.stages.discovery.models import CatalogueRule, PriceRule, parts_named

if TYPE_CHECKING:
    from proofline.stages.discovery.configuring.catalogue import Catalogue

FIRST = {"requires": _("When this is sold"), "only_with": _("This is sold")}
OTHERS = {
    "requires": _("all of these are sold with it"),
    "only_with": _("only with one of these"),
    "excludes": _("At most one of these is sold"),
    "at_least": _("Of these"),
    "at_most": _("Of these"),
}
LABELS = {
    "volume": (_("From so many seats"), _("Up to so many seats")),
    "term": (_("From so many months"), _("Up to so many months")),
    "segment": (_("From so many employees"), _("Up to so many employees")),
}


def choices(catalogue: Catalogue) -> list[Any]:
    """Return all parts by product: tiers, modules, service packs."""
    rows = sorted(
        catalogue.items.values(), key=lambda item: (item.product_name, "tmp".index(item.key[0]), item.rank, item.name)
    )
    return [
        (product, [(item.key, catalogue.names[item.key]) for item in group])
        for product, group in groupby(rows, key=lambda item: item.product_name)
    ]


class RuleForm(forms.Form):
    """A rule of one kind."""

    first = forms.ChoiceField()
    number = forms.IntegerField(label=_("How many"), min_value=0, max_value=1000)
    parts = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(
        label=_("Why"), max_length=250, required=False, help_text=_("Said wherever the rule decides.")
    )

    def __init__(
        self, *args: Any, kind: str, catalogue: Catalogue, rule: CatalogueRule | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        offered = choices(catalogue)
        for name in ("first", "parts"):
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        self.fields["first"].label = FIRST.get(kind, "")
        self.fields["parts"].label = OTHERS[kind]
        if kind not in FIRST:
            del self.fields["first"]
        if kind not in CatalogueRule.COUNTED:
            del self.fields["number"]
        if rule is not None:
            keys = [link.key for link in rule.parts.order_by("position")]
            self.initial.update(number=rule.number, note=rule.note, parts=keys[1:] if kind in FIRST else keys)
            self.initial["first"] = keys[0] if keys else ""

    def clean(self) -> dict[str, Any]:
        """Refuse a part that needs itself."""
        given = super().clean() or {}
        if given.get("first") and given["first"] in given.get("parts", ()):
            raise ValidationError({"parts": _("Each part once.")})
        return given

    @property
    def values(self) -> dict[str, Any]:
        """What the rule's verbs take."""
        given = dict(self.cleaned_data)
        first = [given.pop("first")] if "first" in given else []
        return {"number": given.get("number"), "note": given["note"], "parts": parts_named([*first, *given["parts"]])}


class PriceRuleForm(forms.ModelForm[PriceRule]):
    """A price rule of one kind."""

    parts = forms.MultipleChoiceField(label=_("Sold together"), widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = PriceRule
        fields = (
            "name", "product", "tier", "sector", "least", "most", "starts_on", "ends_on", "list_currency", "rate",
            "percent", "amount", "currency",
        )  # fmt: skip
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, kind: str, catalogue: Catalogue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = kind
        own = {"name", *PriceRule.OWN[kind], "currency"}
        own |= {"parts"} if kind == "bundle" else set()
        own |= set() if kind == "currency" else {"percent", "amount"}
        own |= set() if kind in {"currency", "tier", "bundle"} else {"product"}
        for name in set(self.fields) - own:
            del self.fields[name]
        for name, label in zip(("least", "most"), LABELS.get(kind, ()), strict=False):
            self.fields[name].label = label
        if kind == "currency":
            self.fields["currency"].label = _("said in")
        elif "currency" in self.fields:
            self.fields["currency"].label = _("currency of the amount")
        if "parts" in self.fields:
            self.fields["parts"].choices = choices(catalogue)  # type: ignore[attr-defined]
            if self.instance.pk:
                self.initial["parts"] = [link.key for link in self.instance.parts.order_by("position")]
        if "tier" in self.fields:
            tiers: Any = self.fields["tier"]
            tiers.queryset = Tier.objects.select_related("product").order_by("product__name", "rank")
            tiers.label_from_instance = lambda tier: f"{tier.product} {tier}"

    @property
    def values(self) -> dict[str, Any]:
        """What the rule's verbs take."""
        given = dict(self.cleaned_data)
        return given | ({"parts": parts_named(given["parts"])} if "parts" in given else {})
