"""Forms that open a link to a customer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proofline.records.models import Contact
from proofline.stages.discovery.forms import choose_from, people_of
from proofline.stages.discovery.models.sendings import check_code

if TYPE_CHECKING:
    from proofline.stages.discovery.models import Proposal

OPEN_FOR = timedelta(days=30)


class OpenUntilForm(forms.Form):
    """A link that is open until a day, and may be e-mailed."""

    expires_on = forms.DateField(
        label=_("Link open until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until you close it."),
    )
    by_mail = forms.BooleanField(label=_("E-mail the link to them"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial.setdefault("expires_on", today + OPEN_FOR)

    def clean_expires_on(self) -> date | None:
        """Refuse a day that has passed."""
        day: date | None = self.cleaned_data["expires_on"]
        if day and day < self.today:
            raise ValidationError(_("This day has passed."))
        return day

    @property
    def expires_at(self) -> datetime | None:
        """The end of that day; None where the link stays open."""
        day: date | None = self.cleaned_data["expires_on"]
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) if day else None


class SendingForm(OpenUntilForm):
    """To whom a proposal is sent, until when its link is open, and whether they are written to now."""

    to = forms.ModelChoiceField(queryset=Contact.objects.none(), label=_("To"), required=False)
    asks_code = forms.BooleanField(
        label=_("Ask for a code by e-mail"),
        required=False,
        help_text=_(
            "Whoever opens the link types a code that is sent to this person's address. Links that are passed on stay closed."
        ),
    )
    lets_colleagues_in = forms.BooleanField(
        label=_("Colleagues with the same e-mail domain may read it too"), required=False
    )

    field_order = ("to", "expires_on", "by_mail", "asks_code", "lets_colleagues_in")

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, to=people_of(proposal.study.account))
        last = proposal.last_sending
        self.initial.setdefault("to", (last and last.to_id) or proposal.study.contact_id)
        for name in ("asks_code", "lets_colleagues_in"):
            self.initial.setdefault(name, bool(last and getattr(last, name)))

    def clean(self) -> dict[str, Any]:
        """An e-mail needs an address."""
        given = super().clean() or self.cleaned_data
        to: Contact | None = given.get("to")
        if given.get("by_mail") and (to is None or not to.email):
            self.add_error("to", _("Choose a person with an e-mail address."))
        try:
            check_code(
                to,
                asks_code=bool(given.get("asks_code")),
                lets_colleagues_in=bool(given.get("lets_colleagues_in")),
            )
        except ValidationError as error:
            self.add_error(None, error)
        return given
