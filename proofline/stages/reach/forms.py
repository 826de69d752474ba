"""Forms of the room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.records.models import Account, User
from proofline.stages.reach.models import Disqualification, Lead, LeadForm, ScoreRule


class LeadEditForm(forms.ModelForm[Lead]):
    """A lead, entered or changed by us."""

    class Meta:
        model = Lead
        fields = (
            "name", "company", "title", "email", "phone", "sector", "employees", "location", "language",
            "source", "product", "owner", "message",
        )  # fmt: skip
        widgets = {"message": forms.Textarea(attrs={"rows": 3})}
        labels = {"name": _("Full name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]


class QualificationForm(forms.Form):
    """Into which account a lead goes, and whether a deal is opened."""

    account = forms.ModelChoiceField(
        queryset=Account.objects.none(), required=False, label=_("Account"), empty_label=_("A new account")
    )
    open_deal = forms.BooleanField(required=False, initial=True, label=_("Open a deal"))

    def __init__(self, *args: Any, accounts: list[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["account"]
        choice.queryset = Account.objects.filter(pk__in=[account.pk for account in accounts])  # type: ignore[attr-defined]
        if accounts:
            self.initial.setdefault("account", accounts[0].pk)
        else:
            choice.help_text = _("No account that you may see has this name or website.")


class DisqualificationForm(forms.Form):
    """Why a lead is turned down."""

    why = forms.ChoiceField(choices=Disqualification.Why.choices, label=_("Why"))
    note = forms.CharField(max_length=250, required=False, label=_("Note"))


class ScoreRuleForm(forms.ModelForm[ScoreRule]):
    """A rule of the score."""

    class Meta:
        model = ScoreRule
        fields = ("field", "operator", "value", "points")
        labels = {"value": _("Compare with")}
        help_texts = {"value": _("“contains” takes several words, parted by |.")}


class LeadFormForm(forms.ModelForm[LeadForm]):
    """A public form."""

    class Meta:
        model = LeadForm
        fields = ("title", "slug", "language", "intro", "thanks", "source", "product", "owner")
        widgets = {"intro": forms.Textarea(attrs={"rows": 3})}


class PublicLeadForm(forms.ModelForm[Lead]):
    """What a visitor leaves. The field that people can't see keeps robots out."""

    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    class Meta:
        model = Lead
        fields = ("name", "company", "email", "phone", "title", "message")
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "company": forms.TextInput(attrs={"autocomplete": "organization"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel"}),
            "title": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "message": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Your name")
        self.fields["email"].required = True
        self.fields["company"].required = True
