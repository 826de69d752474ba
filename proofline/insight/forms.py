"""Naming a question that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.insight.models import SavedQuestion, may_share

if TYPE_CHECKING:
    from proofline.records.models import User


class SavedQuestionForm(forms.Form):
    """Its name and who sees it; a role that changes nothing is not offered to share."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Such as “Sign-up to first report, weekly”."))
    shared = forms.BooleanField(label=_("Share with everybody"), required=False)

    def __init__(self, data: Any = None, *, user: User, saved: SavedQuestion | None = None) -> None:
        super().__init__(data, initial={"name": saved.name, "shared": saved.shared} if saved else {})
        if not may_share(user) and not (saved and saved.shared):
            del self.fields["shared"]

    @property
    def values(self) -> dict[str, Any]:
        """What the form says, for the record's verb."""
        return dict(self.cleaned_data)
