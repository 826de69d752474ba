"""Forms about deals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.records.forms import add_custom
from proofline.records.models import Account, Competitor, Contact, User
from proofline.stages.closing.models import Deal, DealPerson, DealRole, Influence, LossReason, Stance

if TYPE_CHECKING:
    from decimal import Decimal


class DayInput(forms.DateInput):
    """A day, picked in the browser's own calendar."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class DealForm(forms.ModelForm[Deal]):
    """A deal's fields. Accounts, contacts and owners are those that the user may see."""

    class Meta:
        model = Deal
        fields = (
            "name",
            "account",
            "contact",
            "product",
            "amount",
            "currency",
            "expected_close",
            "owner",
            "source",
            "next_step",
            "next_step_on",
        )
        labels = {"next_step_on": _("Date")}
        widgets = {"expected_close": DayInput(), "next_step_on": DayInput()}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.instance.account or self.initial.get("account")
        if account:
            contacts = Contact.objects.visible_to(user).filter(account=account)
            self.fields["contact"].queryset = contacts.order_by("name")  # type: ignore[attr-defined]
        else:
            del self.fields["contact"]
        self.fields["account"].queryset = Account.objects.visible_to(user).order_by("name")  # type: ignore[attr-defined]
        self.fields["owner"].queryset = User.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        add_custom(self, user=user)

    def _post_clean(self) -> None:
        """Leave the record as it is: its verbs check and write it."""

    def values(self) -> dict[str, Any]:
        """Return what was typed."""
        return dict(self.cleaned_data)


class NextStepForm(forms.Form):
    """What happens next, and when."""

    next_step = forms.CharField(label=_("Next step"), max_length=250, required=False)
    next_step_on = forms.DateField(label=_("Date"), required=False, widget=DayInput())


class WinForm(forms.Form):
    """For how much a deal was won, and why."""

    amount = forms.DecimalField(label=_("Won for"), max_digits=18, decimal_places=2, min_value=0)
    reason = forms.CharField(label=_("Why we won"), max_length=250, required=False)

    def __init__(self, *args: Any, currency: str, amount: Decimal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["amount"] = amount
        self.fields["amount"].help_text = _("In %(currency)s, what the first year brings.") % {"currency": currency}


class LossForm(forms.Form):
    """Why a deal was lost."""

    reason = forms.ChoiceField(label=_("Why we lost"), choices=LossReason.choices, widget=forms.RadioSelect)
    competitor = forms.ModelChoiceField(
        label=_("To which competitor"), queryset=Competitor.objects.order_by("name"), required=False
    )
    note = forms.CharField(label=_("In the customer's words"), max_length=250, required=False)


class PersonForm(forms.Form):
    """A contact's part in the deal."""

    contact = forms.ModelChoiceField(label=_("Contact"), queryset=Contact.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=DealRole.choices)
    stance = forms.ChoiceField(label=_("Stance"), choices=Stance.choices, initial=Stance.UNKNOWN)
    influence = forms.TypedChoiceField(
        label=_("Influence"), choices=Influence.choices, coerce=int, initial=Influence.MEDIUM
    )

    def __init__(self, *args: Any, deal: Deal, user: User, person: DealPerson | None = None, **kwargs: Any) -> None:
        if person:
            kwargs["initial"] = {name: getattr(person, name) for name in ("contact", "role", "stance", "influence")}
        super().__init__(*args, **kwargs)
        contacts = Contact.objects.visible_to(user).order_by("name")
        if deal.account_id:
            contacts = contacts.filter(account=deal.account_id)
        if person:
            contacts = contacts.filter(pk=person.contact_id)
        self.fields["contact"].queryset = contacts  # type: ignore[attr-defined]
