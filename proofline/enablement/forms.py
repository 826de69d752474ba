"""Forms of the room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.enablement import kinds
from proofline.enablement.models import Playbook, Stage, Step
from proofline.kit.bounds import BoundedForm


class PlaybookForm(BoundedForm, forms.ModelForm[Playbook]):
    """A playbook."""

    kind = forms.ChoiceField(label=_("shown with"), required=False)

    class Meta:
        model = Playbook
        fields = ("stage", "kind", "title", "title_zh", "position")

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        field: Any = self.fields["kind"]
        groups = [
            (label, [(kind.name, kind.label) for kind in kinds.of_stage(stage)]) for stage, label in Stage.choices
        ]
        field.choices = [("", _("all records of the stage")), *groups]

    def values(self) -> dict[str, Any]:
        """Return what was filled in, for the domain's verbs."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class NewPlaybookForm(PlaybookForm):
    """A new playbook, with its first steps."""

    steps = forms.CharField(
        label=_("steps"), required=False, help_text=_("One step a line."), widget=forms.Textarea(attrs={"rows": 8})
    )

    def lines(self) -> list[str]:
        """Return the steps, one a line."""
        return [line.strip() for line in self.cleaned_data["steps"].splitlines() if line.strip()]


class StepForm(BoundedForm, forms.ModelForm[Step]):
    """A step of a playbook."""

    state = forms.ChoiceField(
        label=_("applies"),
        required=False,
        help_text=_("While a record is in this state, the step stands in front on its page."),
    )

    class Meta:
        model = Step
        fields = ("text", "text_zh", "state")
        widgets = {"text": forms.Textarea(attrs={"rows": 3}), "text_zh": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, playbook: Playbook, **named: Any) -> None:
        super().__init__(*args, **named)
        self.instance.playbook = playbook
        groups = [(kind.label, kind.named_states()) for kind in playbook.stands_with]
        field: Any = self.fields["state"]
        field.choices = [("", _("at any time")), *groups]

    def values(self) -> dict[str, Any]:
        """Return what was filled in, for the domain's verbs."""
        return dict(self.cleaned_data)
