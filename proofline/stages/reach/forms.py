"""Forms of the room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from proofline.kit.bounds import BoundedForm
from proofline.records.forms import add_custom
from proofline.records.forms.voice import VoicedForm
from proofline.records.models import Account, Contact, Module, User
from proofline.stages.reach.models import Disqualification, Lead, LeadForm, ScoreRule, SignalRule
from proofline.stages.reach.models.signal_rules import LONGEST_TEXT, MOST_CONDITIONS, read_conditions


class LeadEditForm(BoundedForm, forms.ModelForm[Lead]):
    """A lead, entered or changed by us."""

    class Meta:
        model = Lead
        fields = (
            "name", "company", "title", "email", "phone", "sector", "employees", "location", "language",
            "source", "product", "owner", "message",
        )  # fmt: skip
        widgets = {"message": forms.Textarea(attrs={"rows": 3})}
        labels = {"name": _("Full name")}

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        add_custom(self, user=user)


class QualificationForm(forms.Form):
    """Into which account a lead goes, and whether a deal is opened."""

    account = forms.ModelChoiceField(
        queryset=Account.objects.none(), required=False, label=_("Account"), empty_label=_("A new account")
    )
    contact = forms.ModelChoiceField(
        queryset=Contact.objects.none(), required=False, label=_("Contact"), empty_label=_("A new contact")
    )
    open_deal = forms.BooleanField(required=False, initial=True, label=_("Open a deal"))

    def __init__(self, *args: Any, accounts: list[Account], contacts: list[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if contacts:
            self.fields["contact"].queryset = Contact.objects.filter(pk__in=[one.pk for one in contacts])  # type: ignore[attr-defined]
            self.initial.setdefault("contact", contacts[0].pk)
        else:
            del self.fields["contact"]
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


class SignalNoteForm(forms.Form):
    """What was found out about a signal."""

    note = forms.CharField(max_length=250, required=False, label=_("Note"))


class SignalRuleForm(forms.ModelForm[SignalRule]):
    """A rule that reads a need out of behaviour, with up to three conditions side by side."""

    class Meta:
        model = SignalRule
        fields = ("name", "need", "pain", "module", "event", "times", "window_days", "per", "period_days", "active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["module"].queryset = Module.objects.select_related("product").order_by("product__name", "name")  # type: ignore[attr-defined]
        self.fields["module"].label_from_instance = lambda module: f"{module.product} · {module}"  # type: ignore[attr-defined]
        for place in range(MOST_CONDITIONS):
            there = self.instance.conditions[place] if place < len(self.instance.conditions) else {}
            self.fields[f"property_{place}"] = forms.CharField(
                label=_("Property"), max_length=120, required=False, initial=there.get("property", "")
            )
            self.fields[f"operator_{place}"] = forms.ChoiceField(
                label=_("Comparison"),
                choices=SignalRule.Operator.choices,
                required=False,
                initial=there.get("operator", SignalRule.Operator.IS),
            )
            self.fields[f"value_{place}"] = forms.CharField(
                label=_("Compare with"), max_length=LONGEST_TEXT, required=False, initial=there.get("value", "")
            )

    @property
    def condition_rows(self) -> list[tuple[forms.BoundField, ...]]:
        """The fields of each condition."""
        names = ("property", "operator", "value")
        return [tuple(self[f"{name}_{place}"] for name in names) for place in range(MOST_CONDITIONS)]

    def clean(self) -> dict[str, Any] | None:
        """Put the conditions together; those without a property say nothing."""
        given = super().clean() or self.cleaned_data
        kept = []
        for place in range(MOST_CONDITIONS):
            said = {
                "property": given.get(f"property_{place}", ""),
                "operator": given.get(f"operator_{place}") or SignalRule.Operator.IS,
                "value": given.get(f"value_{place}", ""),
            }
            try:
                kept += [one for one in read_conditions([said]) if one["property"]]
            except ValidationError as error:
                self.add_error(f"value_{place}", error.messages)
        self.instance.conditions = kept
        return given


class LeadFormForm(VoicedForm, forms.ModelForm[LeadForm]):
    """A public form."""

    voiced = ("title", "intro", "thanks")

    class Meta:
        model = LeadForm
        fields = ("title", "slug", "language", "intro", "thanks", "source", "product", "owner")
        widgets = {"intro": forms.Textarea(attrs={"rows": 3})}


class PublicLeadForm(BoundedForm, forms.ModelForm[Lead]):
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
