"""Forms about quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.kit.bounds import BoundedForm
from proofline.records.forms.voice import VoicedForm
from proofline.stages.closing.forms.deals import DayInput
from proofline.stages.closing.models import Quote, QuoteOption

if TYPE_CHECKING:
    from django.http import QueryDict


class QuoteForm(VoicedForm, forms.ModelForm[Quote]):
    """What holds for the whole quote."""

    voiced = ("note",)

    recommended = forms.TypedChoiceField(label=_("We recommend"), coerce=int, required=False)

    class Meta:
        model = Quote
        fields = ("currency", "valid_until", "language", "note")
        widgets = {"valid_until": DayInput(), "note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, options: list[QuoteOption], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(0, _("None of them")), *((option.position, option.name) for option in options)]
        self.fields["recommended"].choices = choices  # type: ignore[attr-defined]
        self.initial["recommended"] = next((option.position for option in options if option.recommended), 0)

    def _post_clean(self) -> None:
        """Leave the record as it is: its verbs check and write it."""


class OptionForm(BoundedForm, forms.ModelForm[QuoteOption]):
    """One of the options; its modules one a line."""

    modules = forms.CharField(
        label=_("What is in it, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    class Meta:
        model = QuoteOption
        fields = ("name", "seats", "monthly", "once", "modules")

    def __init__(self, data: QueryDict | None = None, *, option: QuoteOption) -> None:
        super().__init__(
            data, instance=option, prefix=f"o{option.position}", initial={"modules": "\n".join(option.modules)}
        )

    def _post_clean(self) -> None:
        """Leave the record as it is: its verbs check and write it."""

    def clean_modules(self) -> list[str]:
        """Return the lines that say something."""
        return [line.strip() for line in self.cleaned_data["modules"].splitlines() if line.strip()]

    def clean_seats(self) -> int:
        """Refuse an offer for nobody."""
        seats: int = self.cleaned_data["seats"]
        if seats < 1:
            raise forms.ValidationError(_("At least one seat."))
        return seats

    def clean(self) -> dict[str, Any]:
        """Refuse prices below nothing."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("monthly", "once"):
            if cleaned.get(name) is not None and cleaned[name] < 0:
                self.add_error(name, _("A price can't be negative."))
        return cleaned


class ChoiceForm(forms.Form):
    """The customer's choice."""

    option = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Your full name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
