"""Interviews, as lists know them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proofline.kit.components import Filter
from proofline.kit.lists import Choice, Context, Field, Kind, Moment, Number, Relation, RelationType, register, relate
from proofline.records.lists.customers import CHANGED, OWNER, account_fields, choices, counted, owner_filter, state_by
from proofline.stages.discovery.models import CallingOff, Conclusion, GuideQuestion, Interview, InterviewNote, Need

if TYPE_CHECKING:
    from collections.abc import Sequence

STATES: Sequence[tuple[str, Any]] = [
    ("planned", pgettext_lazy("interview", "planned")),
    ("held", pgettext_lazy("interview", "held")),
    ("called_off", pgettext_lazy("interview", "called off")),
]


def visible(user: Any) -> Any:
    """Return the interviews that the user may see."""
    return Interview.objects.visible_to(user)


def state(_context: Context) -> Any:
    """Return what the store calls an interview's state."""
    states = {"held": Conclusion.objects.all(), "called_off": CallingOff.objects.all()}
    return state_by("interview", states, default="planned")


def open_questions(_context: Context) -> Any:
    """Return how many questions of an interview nobody answered, crossed off or carried on."""
    return counted(GuideQuestion.objects.with_state().filter(state="open").order_by(), "interview")


def filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of interviews name."""

    def apply(rows: Any, value: str) -> Any:
        over = {"held": {"conclusion__isnull": False}, "called_off": {"calling_off__isnull": False}}
        return rows.filter(**over.get(value, {"conclusion": None, "calling_off": None}))

    return [owner_filter(context), Filter("state", _("State"), list(STATES), apply)]


INTERVIEWS = Kind(
    name="interviews",
    label=_("Interviews"),
    one=_("interview"),
    model=Interview,
    address="discovery:interviews",
    order=("-planned_at",),
    search=("title", "study__account__name", "place"),
    related=("study__account", "conclusion", "calling_off"),
    columns=("title", "account", "planned_at", "minutes", "state", "notes", "needs", "open", "owner"),
    titled="title",
    filters=filters,
    can_remove=False,
    fields=(
        Field("title", _("Interview")),
        Field("account", _("Account"), RelationType(), path="study__account", to="accounts", url="study.account.get_absolute_url", order="study__account__name"),
        Field("study", _("Discovery"), RelationType(), to="studies", order="study__title"),
        Field("planned_at", _("Planned for"), Moment()),
        Field("minutes", _("Planned minutes"), Number()),
        Field("place", _("Where")),
        Field("state", _("State"), Choice(), expression=state, choices=choices(STATES), template="discovery/cells/interview_state.html"),
        Field("held_at", _("Closed on"), Moment(), path="conclusion__at", value="conclusion.at"),
        Field("notes", _("Notes"), Number(), expression=lambda _context: counted(InterviewNote.objects.standing(), "interview")),
        Field("needs", _("Needs"), Number(), expression=lambda _context: counted(Need.objects.all(), "note__interview")),
        Field("open", _("Open questions"), Number(), expression=open_questions),
        replace(OWNER, label=_("Led by"), edits=""),
        *account_fields(visible, path="study__account"),
        Field("created_at", _("Created on"), Moment()),
        CHANGED,
    ),
)  # fmt: skip


def register_all() -> None:
    """Make interviews known to lists."""
    register(INTERVIEWS)
    relate("accounts", Relation("interviews", _("Interviews"), "interviews", "study__account"))
    relate("studies", Relation("interviews", _("Interviews"), "interviews", "study"))
