"""What a visitor leaves of themselves with what they reckoned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.stages.reach.models import UTM, Lead

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.stages.discovery.models import Calculator

ANONYMOUS_COOKIE = "proofline_anonymous"
HANDED_ON = (*UTM, "source", "anonymous_id", "language", "embed")
"""What an address or the page's form hands on."""

PERSON = ("name", "company", "email")


class LeavingForm(forms.ModelForm[Lead]):
    """Name, e-mail and perhaps company. The field that people can't see keeps robots out."""

    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    consent = forms.BooleanField(error_messages={"required": _("Please say yes to this, so that we may write to you.")})

    class Meta:
        model = Lead
        fields = PERSON
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "company": forms.TextInput(attrs={"autocomplete": "organization"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        labels = {"name": _("Your name")}

    def __init__(self, *args: Any, calculator: Calculator, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        if calculator.asks_company:
            self.fields["company"].required = True
        else:
            del self.fields["company"]
        consent = calculator.say("consent", language)
        if consent:
            self.fields["consent"].label = consent
        else:
            del self.fields["consent"]

    @property
    def person(self) -> dict[str, Any]:
        """What is taken over into the lead."""
        return {name: self.cleaned_data[name] for name in PERSON if name in self.cleaned_data}


def given(request: HttpRequest) -> dict[str, str]:
    """Return what the address or the form says, by name."""
    found = (request.POST if request.method == "POST" else request.GET).dict()
    return {name: str(value).replace("\0", "") for name, value in found.items()}


def handed_on(request: HttpRequest) -> dict[str, str]:
    """Return what goes along from page to page: campaign, language, who the visitor is, whether it stands in a frame."""
    said = given(request)
    found = {name: said[name][:200] for name in HANDED_ON if said.get(name)}
    anonymous = found.get("anonymous_id") or request.COOKIES.get(ANONYMOUS_COOKIE, "")[:200]
    return found | ({"anonymous_id": anonymous} if anonymous else {})


def campaign(request: HttpRequest) -> dict[str, str]:
    """Return what is known of the campaign, as fields of a lead."""
    return {name: value for name, value in handed_on(request).items() if name in (*UTM, "source")}
