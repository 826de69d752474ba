"""The form of a stage."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.kit.bounds import BoundedForm
from proofline.stages.closing.models import DealStage

PERCENT = Decimal(100)


class StageForm(BoundedForm, forms.ModelForm[DealStage]):
    """A stage of the board; its probability is typed in percent."""

    probability = forms.DecimalField(
        label=_("Probability in percent"),
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        help_text=_("How many of a hundred deals in this stage are won in the end. The forecast is reckoned with it."),
    )

    class Meta:
        model = DealStage
        fields = ("name", "name_zh", "probability", "exit_criteria", "exit_criteria_zh")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["probability"] = (self.instance.probability * PERCENT).quantize(Decimal("0.1"))

    def _post_clean(self) -> None:
        """Leave the record as it is: its verbs check and write it."""

    def clean_probability(self) -> Decimal:
        """Return the share."""
        typed: Decimal = self.cleaned_data["probability"]
        return typed / PERCENT
