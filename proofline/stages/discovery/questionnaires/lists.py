"""Questionnaires and replies, as lists know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from proofline.kit.components import Filter
from proofline.kit.lists import Choice, Context, Field, Kind, Moment, Number, Relation, RelationType, register, relate
from proofline.records.lists.customers import (
    CHANGED,
    LANGUAGES,
    account_fields,
    choices,
    counted,
    last_of,
    owner_filter,
    owner_of,
    state_by,
)
from proofline.records.roles import Scope
from proofline.stages.discovery.models import Questionnaire, Reply, Retirement, Submission, Version

if TYPE_CHECKING:
    from collections.abc import Sequence

STATES: Sequence[tuple[str, Any]] = [
    ("published", _("published")),
    ("draft", _("draft")),
    ("retired", _("sent no more")),
]
TITLES = ("draft__title__en", "draft__title__zh-hans")
"""Of a questionnaire, in each language."""
REPLY_STATES: Sequence[tuple[str, Any]] = [("submitted", _("handed in")), ("begun", _("being answered"))]


def questionnaire_state(_context: Context) -> Any:
    """Return what the store calls a questionnaire's state."""
    states = {"retired": Retirement.objects.all(), "published": Version.objects.all()}
    return state_by("questionnaire", states, default="draft")


def reply_state(_context: Context) -> Any:
    """Return what the store calls a reply's state."""
    return state_by("reply", {"submitted": Submission.objects.all()}, default="begun")


def submissions(context: Context) -> Any:
    """Return what was handed in of replies that the reader may see; others neither count nor tell when."""
    rows = Submission.objects.all()
    return rows if context.user.scope == Scope.ALL else rows.filter(reply__in=Reply.objects.visible_to(context.user))


def visible_replies(user: Any) -> Any:
    """Return the replies that the user may see."""
    return Reply.objects.visible_to(user)


def reply_filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of replies name."""

    def apply(rows: Any, state: str) -> Any:
        return rows.filter(submission__isnull=state != "submitted")

    return [owner_filter(context, path="link__owner"), Filter("state", _("State"), list(REPLY_STATES), apply)]


def score_of(reply: Reply) -> int | None:
    """Return the points of a reply when it was handed in."""
    return reply.submission.score if reply.is_submitted else None


QUESTIONNAIRES = Kind(
    name="questionnaires",
    label=_("Questionnaires"),
    one=_("questionnaire"),
    model=Questionnaire,
    address="discovery:questionnaires",
    order=("-created_at",),
    search=("title", "sector", *TITLES),
    columns=("title", "sector", "state", "replies", "answered_at", "created_at"),
    own=frozenset({"title"}),
    titled="title",
    can_remove=False,
    fields=(
        Field("title", _("Questionnaire"), value="called"),
        Field("sector", _("Industry")),
        Field("state", _("State"), Choice(), expression=questionnaire_state, choices=choices(STATES), template="discovery/cells/questionnaire_state.html"),
        Field("replies", _("Handed in"), Number(), expression=lambda context: counted(submissions(context), "reply__link__questionnaire")),
        Field("answered_at", _("Last handed in"), Moment(), expression=lambda context: last_of(submissions(context), "reply__link__questionnaire")),
        Field("created_at", _("Begun on"), Moment()),
        CHANGED,
    ),
)  # fmt: skip

REPLIES = Kind(
    name="replies",
    label=_("Answered questionnaires"),
    one=_("answered questionnaire"),
    model=Reply,
    address="discovery:replies",
    order=("-begun_at",),
    search=("name", "contact__name", "version__questionnaire__title", "study__account__name"),
    related=("version__questionnaire", "contact", "submission"),
    columns=("questionnaire", "who", "account", "state", "score", "submitted_at", "owner"),
    filters=reply_filters,
    can_remove=False,
    fields=(
        Field("questionnaire", _("Questionnaire"), RelationType(), path="version__questionnaire", to="questionnaires", order="version__questionnaire__title", url="get_absolute_url"),
        Field("who", _("Answered by"), value="who", is_sortable=False, is_filterable=False),
        Field("account", _("Account"), RelationType(), path="study__account", to="accounts", url="study.account.get_absolute_url", order="study__account__name", related=("study__account",)),
        Field("study", _("Discovery"), RelationType(), to="studies", order="study__title", related=("study",)),
        Field("contact", _("Contact"), RelationType(), to="contacts", order="contact__name"),
        Field("state", _("State"), Choice(), expression=reply_state, choices=choices(REPLY_STATES), template="discovery/cells/reply_state.html"),
        Field("score", _("Points"), Number(), path="submission__score", value=score_of, is_summed=False),
        Field("language", _("Language"), Choice(), value="get_language_display", choices=choices(LANGUAGES)),
        Field("submitted_at", _("Handed in"), Moment(), path="submission__at", value="submission.at"),
        owner_of("link"),
        *account_fields(visible_replies, path="study__account"),
        Field("begun_at", _("Begun on"), Moment()),
        Field("changed_at", _("Last answer"), Moment()),
    ),
)  # fmt: skip


def register_all() -> None:
    """Make questionnaires and replies known to lists."""
    register(QUESTIONNAIRES)
    register(REPLIES)
    relate("studies", Relation("replies", _("Answered questionnaires"), "replies", "study"))
    relate("accounts", Relation("replies", _("Answered questionnaires"), "replies", "study__account"))
    relate("questionnaires", Relation("replies", _("Answered questionnaires"), "replies", "link__questionnaire"))
