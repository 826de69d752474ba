"""Forms of the room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.outreach.models import Template, TriggerRule
from proofline.records.forms.voice import VoicedForm


class TemplateForm(VoicedForm, forms.ModelForm[Template]):
    """A message's text in one language."""

    voiced = ("subject", "body")

    class Meta:
        model = Template
        fields = ("name", "language", "subject", "body")
        widgets = {"body": forms.Textarea(attrs={"rows": 10})}
        help_texts = {
            "body": _("Places that are filled: {{ contact }}, {{ account }}, {{ owner }}, {{ company }}."),
        }


class TriggerRuleForm(forms.ModelForm[TriggerRule]):
    """When a contact does this, send that."""

    template = forms.ChoiceField(label=_("Message to send"))

    class Meta:
        model = TriggerRule
        fields = (
            "name", "event", "property", "operator", "value", "times", "window_hours", "per", "template", "cap_days", "active",
        )  # fmt: skip
        labels = {"value": _("Compare with")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        names = Template.objects.order_by("name").values_list("name", flat=True).distinct()
        self.fields["template"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
