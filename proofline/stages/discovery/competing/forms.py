"""The form of an alternative."""

from __future__ import annotations

from typing import Any

from django import forms

from proofline.kit.bounds import BoundedForm
from proofline.records.forms.base import day_input
from proofline.records.models import Competitor
from proofline.stages.discovery.forms import choose_from, people_of
from proofline.stages.discovery.models import Alternative


class AlternativeForm(BoundedForm, forms.ModelForm[Alternative]):
    """What a customer uses or considers; the instance has its study."""

    class Meta:
        model = Alternative
        fields = (
            "standing", "kind", "competitor", "name", "since", "pays", "currency", "per", "gaps", "needs", "difference", "stated_by",
        )  # fmt: skip
        widgets = {
            "since": day_input(),
            "gaps": forms.Textarea(attrs={"rows": 2}),
            "difference": forms.Textarea(attrs={"rows": 2}),
            "needs": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        study = self.instance.study
        choose_from(
            self,
            competitor=Competitor.objects.order_by("name"),
            needs=study.needs.order_by("pk"),
            stated_by=people_of(study.account),
        )
