"""The form of a task."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.records.forms.base import NameField, RecordForm
from proofline.records.models import Account, Task

OWN = "own"
REMINDERS = (
    ("", _("No reminder")),
    ("0", _("When it is due")),
    ("15", _("15 minutes before")),
    ("60", _("1 hour before")),
    ("1440", _("1 day before")),
    (OWN, _("At a time of my own")),
)
TIME = "%Y-%m-%dT%H:%M"


def time_input() -> forms.DateTimeInput:
    """Return an input with the browser's own calendar and clock."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TIME)


class TaskForm(RecordForm):
    account = NameField(Account.objects.all(), kind="accounts", label=_("Account"), required=False)
    all_day = forms.BooleanField(label=_("The whole day, without a time"), required=False)
    remind = forms.ChoiceField(label=_("Reminder"), choices=REMINDERS, required=False)

    field_order = ["title", "due_at", "all_day", "remind", "remind_at", "repeats", "account", "owner"]

    class Meta:
        model = Task
        fields = ["title", "due_at", "remind_at", "repeats", "account", "owner"]
        widgets = {"due_at": time_input(), "remind_at": time_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        task: Task | None = kwargs.get("instance")
        if task:
            remind = OWN if task.remind_at and task.reminder is None else task.reminder
            kwargs["initial"] = {"all_day": task.due_on is not None, "remind": "" if remind is None else str(remind)}
        super().__init__(*args, **kwargs)
        if task and task.reminder is not None and task.reminder not in {0, 15, 60, 1440}:
            self.fields["remind"].choices += [(str(task.reminder), _("As set through the API"))]  # type: ignore[attr-defined]
        for name in ("due_at", "remind_at"):
            self.fields[name].input_formats = [TIME, "%Y-%m-%d %H:%M"]  # type: ignore[attr-defined]
        self.fields["remind_at"].label = _("At a time of my own")

    def clean(self) -> dict[str, Any]:
        """A time of one's own is given where one is chosen."""
        values = super().clean() or {}
        if values.get("remind") == OWN and not values.get("remind_at") and "remind_at" not in self.errors:
            self.add_error("remind_at", _("Say when."))
        return values

    def _post_clean(self) -> None:
        """Leave the rest to the task's own verb, which knows what follows from what."""

    @property
    def values(self) -> dict[str, Any]:
        """What the form says, for the task's verbs."""
        found = dict(self.cleaned_data)
        remind, all_day = found.pop("remind"), found.pop("all_day")
        found["due_on"] = found["due_at"].date() if all_day and found["due_at"] else None
        found["reminder"] = int(remind) if remind not in {"", OWN} else None
        found["remind_at"] = found["remind_at"] if remind == OWN else None
        return found
