"""Forms about contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.records.forms.voice import VoicedForm
from proofline.records.models import Contact
from proofline.stages.closing.forms.deals import DayInput
from proofline.stages.closing.models import Contract

if TYPE_CHECKING:
    from proofline.records.models import User
    from proofline.stages.closing.models import Deal

TERMS_ROWS = 22


class ContractForm(VoicedForm, forms.ModelForm[Contract]):
    """What a draft says."""

    voiced = ("terms",)

    class Meta:
        model = Contract
        fields = ("monthly", "once", "currency", "seats", "months", "starts_on", "language", "terms")
        widgets = {
            "starts_on": DayInput(),
            "terms": forms.Textarea(attrs={"rows": TERMS_ROWS}),
        }

    def _post_clean(self) -> None:
        """Leave the record as it is: its verbs check and write it."""


class SendForm(forms.Form):
    """To whom a quote or a contract goes."""

    to = forms.ModelChoiceField(
        label=_("To"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=_("Nobody: I pass the link on myself"),
        help_text=_("They get the link by e-mail."),
    )

    def __init__(self, *args: Any, deal: Deal, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["to"] = deal.contact_id
        contacts = Contact.objects.visible_to(user).filter(account=deal.account_id).order_by("name")
        self.fields["to"].queryset = contacts  # type: ignore[attr-defined]


class AcceptanceForm(forms.Form):
    """The customer's signature."""

    name = forms.CharField(
        label=_("Your full name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    title = forms.CharField(
        label=_("Your job title"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    agree = forms.BooleanField(
        label=_("I may sign for this company, and I accept this contract."),
        error_messages={"required": _("Tick this to sign.")},
    )
