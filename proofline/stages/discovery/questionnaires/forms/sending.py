"""Forms of sending, of answering a public link, and of placing what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.records.models import Contact
from proofline.stages.discovery.forms import choose_from, people_of
from proofline.stages.discovery.link_forms import OpenUntilForm
from proofline.stages.discovery.models import Questionnaire, Study
from proofline.stages.discovery.questionnaires.content import LANGUAGES

if TYPE_CHECKING:
    from datetime import date

    from django.http import QueryDict

    from proofline.records.models import User

MOST_OFFERED = 200


class LinkForm(OpenUntilForm):
    """Sending a questionnaire, to a person of a study's customer or as a public link. Where it begins, at a study or a questionnaire, is known."""

    questionnaire = forms.ModelChoiceField(Questionnaire.objects.none(), label=_("Questionnaire"))
    study = forms.ModelChoiceField(Study.objects.none(), label=_("Discovery"), required=False)
    to = forms.ModelChoiceField(Contact.objects.none(), label=_("To"), required=False)
    is_public = forms.BooleanField(
        label=_("Public link"), required=False, help_text=_("Whoever has it answers for themselves.")
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("the customer's")), *LANGUAGES.items()]
    )
    field_order = ("questionnaire", "study", "to", "is_public", "language", "expires_on", "by_mail")

    def __init__(
        self,
        data: QueryDict | None,
        *,
        user: User,
        today: date,
        study: Study | None = None,
        questionnaire: Questionnaire | None = None,
    ) -> None:
        first: dict[str, Any] = {"study": study, "questionnaire": questionnaire, "to": study and study.contact_id}
        super().__init__(data, initial=first, today=today)
        choose_from(self, questionnaire=Questionnaire.objects.published().order_by("title"))
        self.fields["questionnaire"].disabled = questionnaire is not None
        offer_newest(self, user=user)
        if study:
            self.fields["study"].disabled = True
            self.fields["study"].widget = forms.HiddenInput()
            choose_from(self, to=people_of(study.account))
        else:
            self.fields["to"].widget = forms.HiddenInput()
            self.fields["study"].help_text = _("It goes to the contact of the discovery.")

    def clean(self) -> dict[str, Any]:
        """A private link is for a discovery; an e-mail needs an address."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        study: Study | None = given.get("study")
        if given.get("is_public"):
            given |= {"to": None, "by_mail": False}
            return given
        if study is None:
            self.add_error("study", _("Choose the discovery that it is for, or make the link public."))
        elif not self.fields["study"].disabled:
            given["to"] = study.contact
        to: Contact | None = given.get("to")
        if given.get("by_mail") and (to is None or not to.email):
            self.add_error("by_mail", _("Choose a person with an e-mail address."))
        return given


class WhoForm(forms.Form):
    """Who answers a public link, as far as they like to say."""

    name = forms.CharField(label=_("Your name"), required=False, max_length=120)
    email = forms.EmailField(label=_("Your e-mail"), required=False)
    website = forms.CharField(
        required=False, label="", widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )
    """For robots: people don't see it."""


class PlaceForm(forms.Form):
    """The discovery that a reply belongs to."""

    study = forms.ModelChoiceField(Study.objects.none(), label=_("Discovery"))

    def __init__(self, data: QueryDict | None, *, user: User) -> None:
        super().__init__(data)
        offer_newest(self, user=user)


def offer_newest(form: forms.Form, *, user: User) -> None:
    """Offer the discoveries that were begun last, and take any that the user may see."""
    field: Any = form.fields["study"]
    field.queryset = found = Study.objects.visible_to(user).select_related("account").order_by("-pk")
    said = (
        (study.pk, f"{study.title} · {study.account}" if study.title != str(study.account) else study.title)
        for study in found[:MOST_OFFERED]
    )
    field.widget.choices = [("", "–"), *said]
