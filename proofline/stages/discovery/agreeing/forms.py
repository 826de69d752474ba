"""Forms of what a value case rests on: assumptions, links to the customer, and what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.records.models import Contact
from proofline.stages.discovery.agreeing.models import LONGEST_NOTE, Assumption, Verdict
from proofline.stages.discovery.forms import choose_from, people_of
from proofline.stages.discovery.link_forms import OpenUntilForm

if TYPE_CHECKING:
    from datetime import date

    from django.http import QueryDict

    from proofline.stages.discovery.models import ValueCase

DAY = {"type": "date"}


class AssumptionForm(forms.ModelForm[Assumption]):
    """Something that has to be true for the case to hold."""

    class Meta:
        model = Assumption
        fields = ("text", "source_note", "said_on")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2}),
            "said_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        }


class ShareForm(OpenUntilForm):
    """Asking a customer to agree."""

    to = forms.ModelChoiceField(Contact.objects.none(), label=_("To"), required=False)
    field_order = ("to", "expires_on", "by_mail")

    def __init__(self, data: QueryDict | None, *, case: ValueCase, today: date) -> None:
        super().__init__(data, initial={"to": case.study.contact_id}, today=today)
        choose_from(self, to=people_of(case.study.account))

    def clean(self) -> dict[str, Any]:
        """An e-mail needs an address."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        to: Contact | None = given.get("to")
        if given.get("by_mail") and (to is None or not to.email):
            self.add_error("to", _("Choose a person with an e-mail address."))
        return given


class AnswerForm(forms.Form):
    """What a customer said to us of an assumption, or what we answer to their question."""

    verdict = forms.ChoiceField(label=_("What was said"), choices=Verdict.choices)
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Who said so"), required=False)
    name = forms.CharField(
        label=_("or a name"), required=False, max_length=120, help_text=_("For somebody who is not a contact.")
    )
    note = forms.CharField(
        label=_("In their words"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: QueryDict | None, *, case: ValueCase, explains: bool) -> None:
        super().__init__(data, initial={"contact": case.study.contact_id})
        choose_from(self, contact=people_of(case.study.account))
        if explains:
            del self.fields["contact"], self.fields["name"]
            self.fields["verdict"] = forms.ChoiceField(
                choices=[(Verdict.EXPLAINED, "")], initial=Verdict.EXPLAINED, widget=forms.HiddenInput()
            )
            self.fields["note"].label = _("What you answer")
            self.fields["note"].required = True
        else:
            said = [choice for choice in Verdict.choices if choice[0] != Verdict.EXPLAINED]
            self.fields["verdict"] = forms.ChoiceField(
                label=_("What was said"), choices=said, widget=forms.RadioSelect, initial=Verdict.AGREED
            )
