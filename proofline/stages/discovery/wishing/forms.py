"""The form of the add-ons that a customer may switch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.records.models import Module

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from proofline.stages.discovery.models import Proposal


class AddOnsForm(forms.Form):
    """Which add-ons the customer may switch on."""

    modules = forms.ModelMultipleChoiceField(
        queryset=Module.objects.none(),
        label=_("Add-ons"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is in without being needed can always be switched off."),
    )

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["modules"]
        field.queryset = modules_for(proposal)
        self.initial.setdefault("modules", list(proposal.offered_add_ons.values_list("module_id", flat=True)))


def modules_for(proposal: Proposal) -> QuerySet[Module]:
    """Return the modules that are sold as add-ons to the products of the proposal's configuration, and are not in it."""
    kept = proposal.configuration
    if kept is None:
        return Module.objects.none()
    parts = kept.ordered_parts
    products = {thing.product_id for part in parts for thing in (part.module, part.tier, part.pack) if thing}
    inside = {part.module_id for part in parts} - {None}
    unlocked = Module.objects.filter(tiers__in=[part.tier_id for part in parts if part.tier_id]).values("pk")
    found = Module.objects.filter(product__in=products).exclude(currency="").exclude(pk__in=inside)
    return found.exclude(pk__in=unlocked).order_by("name")
