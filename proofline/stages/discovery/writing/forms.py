"""What an author types into a block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proofline.records.forms.voice import VoicedForm
from proofline.stages.discovery.writing.content import LONGEST_HEADING, LONGEST_TEXT, parse_plan, plan_lines

if TYPE_CHECKING:
    from proofline.stages.discovery.writing.content import Block, Milestone

FIELDS = {
    "text": ("heading", "text"),
    "quote": ("text", "source"),
    "image": ("heading", "image", "alt", "text"),
    "plan": ("heading", "text", "milestones"),
}
"""What a block of a kind has; a generated one has a heading and an introduction of its own."""
TEXT_OF = {
    "text": pgettext_lazy("block", "Text"),
    "quote": pgettext_lazy("block", "Quote"),
    "image": _("Caption"),
    "terms": _("Terms"),
}


class BlockForm(VoicedForm, forms.Form):
    """A block; `version` is the one that the author saw, `language` the proposal's."""

    voiced = ("heading", "text", "source", "alt", "milestones")

    heading = forms.CharField(label=_("Heading"), max_length=LONGEST_HEADING, required=False)
    image = forms.FileField(label=_("Picture"), required=False, help_text=_("PNG or JPEG, up to 5 MB."))
    alt = forms.CharField(
        label=_("What the picture shows"),
        max_length=300,
        required=False,
        help_text=_("For those who can't see it."),
    )
    text = forms.CharField(
        label=_("Introduction"),
        max_length=LONGEST_TEXT,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    source = forms.CharField(label=_("Said by"), max_length=LONGEST_HEADING, required=False)
    milestones = forms.CharField(
        label=_("Milestones"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": _("First reports | 10 | we and your IT")}),
        help_text=_("One a line: what, a day or working days from the start, who, parted by bars."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, block: Block, language: str, **kwargs: Any) -> None:
        self.block, self.spoken = block, language
        initial = {name: getattr(block, name) for name in ("heading", "text", "source", "alt", "version")}
        initial["milestones"] = plan_lines(block.milestones)
        kwargs |= {"initial": initial, "auto_id": f"{block.key}-%s"}
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {"version", *FIELDS.get(block.kind, ("heading", "text"))}:
            del self.fields[name]
        if block.kind in TEXT_OF:
            self.fields["text"].label = TEXT_OF[block.kind]
        if block.kind == "image":
            self.fields["text"].widget.attrs["rows"] = 2

    def clean_text(self) -> str:
        """Take a text without what ends its lines elsewhere."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n").strip()

    def clean_milestones(self) -> tuple[Milestone, ...]:
        """Read the plan."""
        return parse_plan(self.cleaned_data["milestones"])

    def clean(self) -> dict[str, Any]:
        """A picture says what it shows."""
        given = super().clean() or self.cleaned_data
        if self.block.kind == "image" and (given.get("image") or self.block.image) and not given.get("alt", "").strip():
            self.add_error("alt", ValidationError(_("Say what the picture shows, for those who can't see it.")))
        return given
