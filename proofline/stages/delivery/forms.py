"""Forms of the room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.kit.bounds import BoundedForm
from proofline.records.forms import add_custom
from proofline.records.models import Account, Contact, User
from proofline.stages.delivery.models import Project, Ticket

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ProjectForm(forms.ModelForm[Project]):
    """A project's name and who leads it."""

    class Meta:
        model = Project
        fields = ("name", "owner")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        add_custom(self, user=user)


class PresentationForm(BoundedForm, forms.Form):
    """What was delivered at a gate."""

    note = forms.CharField(
        label=_("What was delivered"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The customer reads this and signs it."),
    )


class SignatureForm(forms.Form):
    """The customer's signature on a gate."""

    name = forms.CharField(
        label=_("Your full name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    agreed = forms.BooleanField(label=_("I have checked what was delivered and accept it."))


class TicketForm(BoundedForm, forms.ModelForm[Ticket]):
    """A ticket, entered by us; who asked can be chosen once the account is known."""

    class Meta:
        model = Ticket
        fields = ("account", "contact", "subject", "body", "priority", "owner")
        widgets = {"body": forms.Textarea(attrs={"rows": 5})}

    def __init__(
        self, *args: Any, user: User, accounts: QuerySet[Account], contacts: QuerySet[Contact] | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]
        if contacts is None:
            del self.fields["contact"]
        else:
            self.fields["contact"].queryset = contacts  # type: ignore[attr-defined]
            self.fields["contact"].error_messages["invalid_choice"] = _("This contact belongs to another account.")
        self.fields["owner"].queryset = User.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        add_custom(self, user=user)


class TicketFactsForm(forms.ModelForm[Ticket]):
    """What we may correct of a ticket; what the customer wrote stays as it is."""

    class Meta:
        model = Ticket
        fields = ("subject", "priority", "contact", "owner")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contacts = Contact.objects.visible_to(user).filter(account=self.instance.account_id).order_by("name")
        self.fields["contact"].queryset = contacts  # type: ignore[attr-defined]
        self.fields["owner"].queryset = User.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        add_custom(self, user=user)


class PortalTicketForm(BoundedForm, forms.Form):
    """A ticket, asked in the portal."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your e-mail"),
        required=False,
        help_text=_("We answer there, and here."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(label=_("What can we do for you?"), widget=forms.Textarea(attrs={"rows": 5}))


class ReplyForm(BoundedForm, forms.Form):
    """An answer of ours."""

    body = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 4}))
    internal = forms.BooleanField(label=_("Only for us"), required=False)


class PortalReplyForm(BoundedForm, forms.Form):
    """An answer of the customer."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    body = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 4}))


class InvitationForm(forms.Form):
    """Who gets the portal's link."""

    to = forms.ModelChoiceField(label=_("To"), queryset=Contact.objects.none(), empty_label=None)

    def __init__(self, *args: Any, contacts: QuerySet[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = contacts  # type: ignore[attr-defined]


class SolutionForm(BoundedForm, forms.Form):
    """How a ticket was solved."""

    text = forms.CharField(label=_("How it was solved"), widget=forms.Textarea(attrs={"rows": 3}))
