"""Forms of the builder: a calculator, and a line of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from proofline.kit.shares import PercentField
from proofline.records.forms.voice import VoicedForm
from proofline.records.models import User
from proofline.stages.discovery.calculators import asks, origins
from proofline.stages.discovery.calculators.asks import Ask
from proofline.stages.discovery.forms import choose_from
from proofline.stages.discovery.models import Calculator, CalculatorLine

NAMES: dict[str, Any] = {
    "quantity": _("How much"),
    "people": _("How many people"),
    "improvement": _("Improvement, %"),
    "rate": _("Worth"),
    "seats": _("Seats"),
}

SHORT = NAMES | {"improvement": _("Improvement")}


def number_field(what: str, **kwargs: Any) -> forms.DecimalField:
    """Return the field of a number; bounds are checked with its others."""
    if what == "improvement":
        return PercentField(required=False, **kwargs)
    return forms.DecimalField(required=False, max_digits=18, decimal_places=asks.LIMITS[what].places, **kwargs)


class AsksForm(VoicedForm, forms.ModelForm):  # type: ignore[type-arg]
    """A form with numbers that are asked or fixed: of each the value, whether it is asked, from where to where, and its label."""

    WHATS: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """The fields that visitors read beside the questions."""

    @property
    def voiced(self) -> tuple[str, ...]:  # type: ignore[override] # known once the class says which numbers it has
        """The names of the fields that visitors read."""
        return (*self.words, *(f"{what}_label_{ending}" for what in self.WHATS for ending in ("en", "zh")))

    def add_asks(self, kept: dict[str, Ask]) -> None:
        """Add the fields of the numbers, with what is kept."""
        for what in self.WHATS:
            ask = kept.get(what)
            self.fields[what] = number_field(what, label=NAMES[what])
            self.fields[f"{what}_asked"] = forms.BooleanField(required=False, label=_("Ask the visitor"))
            self.fields[f"{what}_least"] = number_field(what, label=_("Smallest"))
            self.fields[f"{what}_most"] = number_field(what, label=_("Largest"))
            self.fields[f"{what}_label_en"] = forms.CharField(
                required=False, max_length=120, label=_("Question in English")
            )
            self.fields[f"{what}_label_zh"] = forms.CharField(
                required=False, max_length=120, label=_("Question in Chinese")
            )
            if ask is not None:
                names = ("asked", "least", "most", "label_en", "label_zh")
                self.initial.update({what: ask.value, **{f"{what}_{name}": getattr(ask, name) for name in names}})

    @property
    def ask_rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each number."""
        names = ("", "_asked", "_least", "_most", "_label_en", "_label_zh")
        return [(what, [self[f"{what}{name}"] for name in names]) for what in self.WHATS]

    def given_asks(self) -> dict[str, Ask]:
        """Return the numbers that are given, and note what is wrong with them."""
        found = {}
        for what in self.WHATS:
            data = self.cleaned_data
            value, asked = data.get(what), bool(data.get(f"{what}_asked"))
            if value is None:
                if asked and what not in self.errors:
                    self.add_error(what, _("Say with which number it begins."))
                continue
            ranged = asked or what == "improvement"
            found[what] = Ask(
                value=value,
                asked=asked,
                least=data.get(f"{what}_least") if ranged else None,
                most=data.get(f"{what}_most") if ranged else None,
                label_en=data.get(f"{what}_label_en", ""),
                label_zh=data.get(f"{what}_label_zh", ""),
            )
            for name, messages in asks.faults(what, found[what]).items():
                if name not in self.errors:
                    self.add_error(name, messages)
        return found


class CalculatorForm(AsksForm):
    """A calculator: its words, what is invested, whom it asks for, and where it stands."""

    WHATS = ("seats",)
    words = ("title_en", "title_zh", "intro_en", "intro_zh", "consent_en", "consent_zh")
    websites = forms.CharField(
        required=False,
        label=_("Websites that may show it"),
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "https://www.example.com"}),
        help_text=_("One a line. Its own address works without any."),
    )

    class Meta:
        model = Calculator
        fields = (
            "name", "title_en", "title_zh", "intro_en", "intro_zh", "currency", "investment_once", "investment_monthly",
            "seat_price", "asks_contact", "asks_company", "consent_en", "consent_zh", "source", "product", "owner",
        )  # fmt: skip
        widgets = {"intro_en": forms.Textarea(attrs={"rows": 2}), "intro_zh": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, owner=User.objects.filter(is_active=True).order_by("name"))
        self.add_asks(asks.read({"seats": self.instance.seats}) if self.instance.seats else {})
        self.initial.setdefault("websites", "\n".join(self.instance.origins))

    def clean_websites(self) -> list[str]:
        """Read the websites."""
        try:
            return origins.read(self.cleaned_data["websites"])
        except ValidationError as error:
            raise ValidationError(error.messages) from error

    def clean(self) -> dict[str, Any]:
        """Put the seats together."""
        given = super().clean() or self.cleaned_data
        self.instance.origins = given.get("websites", [])
        self.instance.seats = asks.plain(self.given_asks()).get("seats", {})
        if given.get("seat_price") and not self.instance.seats and "seats" not in self.errors:
            self.add_error("seats", _("Say how many seats, or ask the visitor."))
            self.instance.seats = asks.plain({"seats": Ask(value=Decimal(1))})[
                "seats"
            ]  # said above once, not again by the record
        return given

    @property
    def values(self) -> dict[str, Any]:
        """What the form says, for the calculator's verb."""
        fields = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        return fields | {"seats": self.instance.seats, "origins": self.instance.origins}


class LineForm(AsksForm):
    """A line. The instance has its calculator."""

    WHATS = asks.WHATS
    words = ("name_en", "name_zh")

    class Meta:
        model = CalculatorLine
        fields = ("name_en", "name_zh", "unit", "metric", "pain")
        widgets = {"unit": forms.TextInput(attrs={"list": "units"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_asks(asks.read(self.instance.inputs))
        for name in ("quantity", "people", "improvement", "improvement_least", "improvement_most"):
            self.fields[name].required = True
        currency = {"currency": self.instance.calculator.currency}
        self.fields["rate"].help_text = _("In %(currency)s; empty when the unit is money already.") % currency

    def clean(self) -> dict[str, Any]:
        """Put the numbers together."""
        given = super().clean() or self.cleaned_data
        found = self.given_asks()
        self.instance.inputs = asks.plain(found)
        return given

    def _post_clean(self) -> None:
        """Let the record check what it is when the numbers are right; else they were told already."""
        if not self.errors:
            super()._post_clean()  # type: ignore[misc] # Django's hook, which its types leave out

    @property
    def values(self) -> dict[str, Any]:
        """What the form says, for the line's verb."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()} | {"inputs": self.instance.inputs}
