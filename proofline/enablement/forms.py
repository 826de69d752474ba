"""Forms of the room."""

from django import forms

from proofline.enablement.models import Playbook


class PlaybookForm(forms.ModelForm[Playbook]):
    """A playbook."""

    class Meta:
        model = Playbook
        fields = ("stage", "title", "body", "position")
        widgets = {"body": forms.Textarea(attrs={"rows": 8})}
