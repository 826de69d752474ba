"""Forms of the room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from proofline.kit.shares import PercentField
from proofline.records.forms.voice import VoicedForm
from proofline.records.models import Account, Contact, Evidence, User
from proofline.stages.discovery.flows import as_lines, parse_lines
from proofline.stages.discovery.models import LineTemplate, Need, Proposal, Study, ValueCase, ValueLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db import models
    from django.http import HttpRequest, QueryDict

    from proofline.stages.discovery.matching import Match


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with; None while it is only looked at."""
    return request.POST if request.method == "POST" else None


def choose_from(form: forms.BaseForm, **querysets: models.QuerySet[Any]) -> None:
    """Limit choices to what may be chosen."""
    for name, queryset in querysets.items():
        form.fields[name].queryset = queryset  # type: ignore[attr-defined]


def people_of(account: Account) -> models.QuerySet[Any]:
    """Return the contacts of an account by name."""
    return Contact.objects.filter(account=account).order_by("name")


class StudyForm(forms.ModelForm[Study]):
    """A study."""

    class Meta:
        model = Study
        fields = ("account", "title", "contact", "owner")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = Account.objects.visible_to(user).order_by("name")
        account = self.instance.account if self.instance.pk else None
        choose_from(
            self,
            account=accounts.filter(pk=account.pk) if account else accounts,
            contact=people_of(account) if account else Contact.objects.visible_to(user).order_by("name"),
            owner=User.objects.filter(is_active=True).order_by("name"),
        )
        self.fields["title"].required = False
        self.fields["title"].help_text = _("Empty: the name of the account.")
        if account:
            self.fields["account"].disabled = True


class NeedForm(forms.ModelForm[Need]):
    """A need; with `because_of` the why behind another one."""

    class Meta:
        model = Need
        fields = ("text", "kind", "because_of", "pain", "loss", "loss_amount", "loss_currency", "stated_by", "evidence")
        widgets = {"text": forms.Textarea(attrs={"rows": 2}), "loss": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        study = self.instance.study
        choose_from(self, because_of=study.needs.exclude(pk=self.instance.pk), stated_by=people_of(study.account))


class ValueCaseForm(forms.ModelForm[ValueCase]):
    """The frame of a value case: its currency and what the customer invests."""

    class Meta:
        model = ValueCase
        fields = ("name", "currency", "investment_once", "investment_monthly", "months")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["months"].widget.attrs.update(min=1, max=120)

    def clean_months(self) -> int:
        """Keep the months between one and ten years."""
        months: int = self.cleaned_data["months"]
        if not 1 <= months <= 120:  # noqa: PLR2004 - ten years
            raise ValidationError(_("Between 1 and 120 months."))
        return months


class ValueLineForm(forms.ModelForm[ValueLine]):
    """A line of value. The instance has its value case."""

    low = PercentField(label=_("At least, %"))
    expected = PercentField(label=_("Expected, %"))
    high = PercentField(label=_("At most, %"))

    class Meta:
        model = ValueLine
        fields = (
            "name", "need", "pain", "metric", "quantity", "unit", "people", "low", "expected", "high",
            "rate_amount", "rate_per", "source_note", "said_on", "improvement_source", "rate_source",
        )  # fmt: skip
        widgets = {
            "unit": forms.TextInput(attrs={"list": "units"}),
            "said_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, need=self.instance.value_case.study.needs.order_by("pk"))
        self.fields["rate_per"].required = False
        self.fields["rate_amount"].help_text = _("In %(currency)s; empty when the unit is money already.") % {
            "currency": self.instance.value_case.currency
        }

    def clean_unit(self) -> str:
        """Write the unit without spaces."""
        return "".join(self.cleaned_data["unit"].split())


class LineTemplateForm(forms.ModelForm[LineTemplate]):
    """A template of a value line."""

    low = PercentField(label=_("At least, %"), required=False)
    expected = PercentField(label=_("Expected, %"), required=False)
    high = PercentField(label=_("At most, %"), required=False)

    class Meta:
        model = LineTemplate
        fields = (
            "pain", "metric", "name", "question", "unit", "quantity", "people", "low", "expected", "high",
            "rate_amount", "currency", "rate_per", "rate_source",
        )  # fmt: skip

    def clean_unit(self) -> str:
        """Write the unit without spaces."""
        return "".join(self.cleaned_data["unit"].split())


class StepsField(forms.CharField):
    """Steps of work, one a line, with their minutes after a bar."""

    def __init__(self, **kwargs: Any) -> None:
        placeholder = _("Collect the figures | 45")
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 5, "placeholder": placeholder}), **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the steps as a proposal keeps them."""
        try:
            return parse_lines(super().clean(value) or "")
        except ValueError as error:
            raise ValidationError(str(error)) from error


class ProposalForm(VoicedForm, forms.ModelForm[Proposal]):
    """What a proposal says."""

    voiced = ("title", "intro", "steps_today", "steps_tomorrow", "terms")

    steps_today = StepsField(label=_("The work today"), help_text=_("One step a line, its minutes after a bar."))
    steps_tomorrow = StepsField(label=_("The work tomorrow"))

    class Meta:
        model = Proposal
        fields = (
            "title", "language", "value_case", "configuration", "intro", "steps_today", "steps_tomorrow", "runs_a_week", "with_comparison", "evidence", "terms",
        )  # fmt: skip
        widgets = {
            "intro": forms.Textarea(attrs={"rows": 4}),
            "terms": forms.Textarea(attrs={"rows": 4}),
            "evidence": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, matches: Sequence[Match], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        why = {match.evidence.pk: ", ".join(match.why) for match in matches}
        chosen = set(self.instance.evidence.values_list("pk", flat=True)) if self.instance.pk else set()
        choose_from(
            self,
            value_case=self.instance.study.value_cases.order_by("-pk"),
            configuration=self.instance.study.configurations.order_by("-version"),
            evidence=Evidence.objects.filter(pk__in=chosen | set(why)),
        )
        choice: Any = self.fields["evidence"]
        choice.label_from_instance = lambda item: f"{item} · {why[item.pk]}" if item.pk in why else str(item)
        for name in ("steps_today", "steps_tomorrow"):
            if self.instance.pk and not self.is_bound:
                self.initial[name] = as_lines(getattr(self.instance, name.removeprefix("steps_")))
