"""Forms of the settings: workspace, people, teams, sources, tokens, one's own profile."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.kit.bounds import BoundedForm
from proofline.kit.documents.logos import LARGEST, check_logo
from proofline.records.forms.base import RecordForm, day_input
from proofline.records.models import DigestRule, ExchangeRate, Team, User, Wording, Workspace
from proofline.timeline.models import Source

if TYPE_CHECKING:
    from datetime import date


@cache
def time_zones() -> list[tuple[str, str]]:
    """Return the time zones of the world's places, as choices."""
    places = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if zone.startswith(places)] + [
        ("UTC", "UTC")
    ]


class WorkspaceForm(RecordForm):
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)

    class Meta:
        model = Workspace
        fields = ["name", "logo", "accent", "second", "currency", "time_zone", "opens_at", "closes_at", "card_days"]
        widgets = {
            "accent": forms.TextInput(attrs={"type": "color"}),
            "second": forms.TextInput(attrs={"placeholder": "#8a5a00", "spellcheck": "false"}),
            "opens_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def clean_logo(self) -> Any:
        """Refuse what pages and documents can't show without harm."""
        logo = self.cleaned_data["logo"]
        if "logo" in self.changed_data and logo:
            check_logo(logo.read(LARGEST + 1))
            logo.seek(0)
        return logo

    def clean(self) -> dict[str, Any]:
        """A working day ends after it starts."""
        values = super().clean() or {}
        opens, closes = values.get("opens_at"), values.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The working day ends after it starts."))
        return values


class WordingForm(RecordForm):
    class Meta:
        model = Wording
        fields = ["english", "chinese", "avoid"]
        widgets = {"avoid": forms.Textarea(attrs={"rows": 4})}


class ExchangeRateForm(RecordForm):
    class Meta:
        model = ExchangeRate
        fields = ["currency", "rate", "since"]
        widgets = {"since": day_input()}

    def _get_validation_exclusions(self) -> set[str]:
        """Leave out that a day has one rate: the second one replaces the first."""
        return super()._get_validation_exclusions() | {"since"}  # type: ignore[misc,no-any-return]


class PersonForm(RecordForm):
    class Meta:
        model = User
        fields = ["name", "email", "role", "team", "manager", "own_scope"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).exclude(pk=self.instance.pk).order_by("name")
        self.fields["manager"].queryset = people  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.order_by("name")  # type: ignore[attr-defined]

    def clean_email(self) -> str | None:
        """Keep e-mails in one form; a person without one can't sign in."""
        return (self.cleaned_data["email"] or "").strip().lower() or None


class TeamForm(RecordForm):
    class Meta:
        model = Team
        fields = ["name", "parent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Team.objects.exclude(pk=self.instance.pk).order_by("name")  # type: ignore[attr-defined]


class SourceForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Where the events come from."))
    kind = forms.ChoiceField(label=_("Kind"), choices=Source.Kind.choices)


class SourceChangeForm(BoundedForm, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Source
        fields = ["name", "origins", "rate"]
        widgets = {"origins": forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})}


class ReplayForm(BoundedForm, forms.Form):
    text = forms.CharField(
        label=_("The event as JSON"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "form-control code"}),
    )


class ExportForm(forms.Form):
    first = forms.DateField(
        label=_("First day"), required=False, widget=day_input(), help_text=_("Empty: from the first event on.")
    )
    last = forms.DateField(label=_("Last day"), required=False, widget=day_input(), help_text=_("Empty: until now."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in ("first", "last"):
            self.fields[name].widget.attrs["max"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        """Something has to have happened in the time."""
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and first > self.today:
            self.add_error("first", _("Nothing has happened yet on this day; choose today or an earlier one."))
        elif first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        return values

    @property
    def asked(self) -> dict[str, str | None]:
        """The time as questions say it: the end is the first day that does not count."""
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        past = None if last is None or last >= self.today else last + timedelta(days=1)
        return {"from_": first and first.isoformat(), "to": past and past.isoformat()}


class TokenForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What uses it, such as “Data warehouse”."))


class ProfileForm(RecordForm):
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, choices=lambda: [("", _("The company's")), *time_zones()]
    )

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]


class DigestForm(RecordForm):
    class Meta:
        model = DigestRule
        fields = ["rhythm", "weekday", "at"]
        widgets = {"at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}
