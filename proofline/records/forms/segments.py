"""Forms of segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proofline.records.models import SavedView, Segment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

HOW = (
    ("live", gettext_lazy("live: conditions say who is in it")),
    ("picked", gettext_lazy("picked by hand")),
)


class SegmentForm(forms.Form):
    """What a segment is called, what it is for, and for whom."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    about = forms.CharField(label=gettext_lazy("What it is for"), max_length=300, required=False)
    audience = forms.ChoiceField(label=gettext_lazy("For"), choices=SavedView.Audience.choices, initial="me")

    @property
    def values(self) -> dict[str, Any]:
        """What is kept."""
        return {name: self.cleaned_data[name] for name in ("name", "about", "audience")}


class NewSegmentForm(SegmentForm):
    """A segment that is begun from nothing: of which records, and how they come into it."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of record"))
    how = forms.ChoiceField(label=gettext_lazy("How records come into it"), choices=HOW, initial="live")
    field_order = ("kind", "how", "name", "about", "audience")

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    """Which segment records are put into: one that is there, or a new one."""

    segment = forms.ModelChoiceField(
        Segment.objects.none(), label=gettext_lazy("Segment"), required=False, empty_label=gettext_lazy("A new segment")
    )
    name = forms.CharField(label=gettext_lazy("Name of the new segment"), max_length=80, required=False)

    def __init__(self, *args: Any, segments: QuerySet[Segment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = segments  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two.

        Raises:
            ValidationError: neither is given.
        """
        found = super().clean() or {}
        if not found.get("segment") and not found.get("name", "").strip() and not self.errors:
            raise ValidationError({"name": _("Choose a segment, or name a new one.")})
        return found


class LeaveForm(forms.Form):
    """Which segment records are taken out of."""

    segment = forms.ModelChoiceField(Segment.objects.none(), label=gettext_lazy("Segment"))

    def __init__(self, *args: Any, segments: QuerySet[Segment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = segments  # type: ignore[attr-defined]
