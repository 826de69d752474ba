"""Discoveries and proposals, as lists know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proofline.kit.components import Filter
from proofline.kit.lists import (
    Choice,
    Context,
    Field,
    Kind,
    Moment,
    Money,
    Number,
    Relation,
    RelationType,
    register,
    relate,
)
from proofline.records.lists.customers import (
    CHANGED,
    LANGUAGES,
    OWNER,
    account_fields,
    choices,
    counted,
    last_of,
    owner_filter,
    owner_of,
    state_by,
)
from proofline.stages.discovery.calculators import lists as calculators
from proofline.stages.discovery.competing import lists as competing
from proofline.stages.discovery.forms import StudyForm
from proofline.stages.discovery.interviewing import lists as interviewing
from proofline.stages.discovery.models import (
    Need,
    Opening,
    Proposal,
    ProposalComment,
    ProposalThread,
    Sending,
    Study,
    ValueCase,
)
from proofline.stages.discovery.questionnaires import lists as questionnaires

if TYPE_CHECKING:
    from decimal import Decimal

PROMISES = ("value_cases__freezing", "value_cases__lines")
PROMISED = [("frozen", _("made")), ("open", _("not yet"))]
STATES = [
    ("drafts", _("draft")),
    ("unread", _("not opened")),
    ("opened", pgettext_lazy("proposal", "opened")),
]


def visible_studies(user: Any) -> Any:
    """Return the discoveries that the user may see."""
    return Study.objects.visible_to(user)


def visible_proposals(user: Any) -> Any:
    """Return the proposals that the user may see."""
    return Proposal.objects.visible_to(user)


def promise_state(_context: Context) -> Any:
    """Return what the store calls a study's promise: made, when a value case was frozen."""
    return state_by("study", {"frozen": ValueCase.objects.filter(freezing__isnull=False)}, default="open")


def promised(study: Study) -> Decimal | None:
    """Return what is promised a month, in the currency of the case."""
    case = study.promising_case
    return case.monthly_value.amount if case else None


def promised_currency(study: Study) -> str:
    """Return the currency of `promised`."""
    case = study.promising_case
    return case.currency if case else ""


def by_promise(rows: Any, state: str) -> Any:
    """Keep the discoveries whose promise is made, or is not."""
    frozen = Study.objects.filter(value_cases__freezing__isnull=False).values("pk")
    return rows.filter(pk__in=frozen) if state == "frozen" else rows.exclude(pk__in=frozen)


def study_filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of discoveries name."""
    return [owner_filter(context), Filter("state", _("Promise"), PROMISED, by_promise)]


def proposal_state(_context: Context) -> Any:
    """Return what the store calls a proposal's state."""
    states = {"opened": Opening.objects.all(), "unread": Sending.objects.all()}
    return state_by("proposal", states, default="drafts")


def proposal_filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of proposals name."""

    def apply(rows: Any, state: str) -> Any:
        return rows.filter(pk__in=getattr(Proposal.objects, state)().values("pk"))

    return [owner_filter(context, path="study__owner"), Filter("state", _("State"), STATES, apply)]


STUDIES = Kind(
    name="studies",
    label=_("Discoveries"),
    one=_("discovery"),
    model=Study,
    address="discovery:studies",
    order=("-created_at",),
    search=("title", "account__name"),
    related=("account",),
    columns=("title", "account", "needs", "promised", "owner", "created_at"),
    own=frozenset({"title"}),
    titled="title",
    form=StudyForm,
    filters=study_filters,
    can_remove=False,
    fields=(
        Field("title", _("Discovery"), edits="title"),
        Field("account", _("Account"), RelationType(), to="accounts", url="account.get_absolute_url", order="account__name"),
        Field("contact", _("Contact"), RelationType(), to="contacts", order="contact__name", related=("contact",)),
        Field("needs", _("Needs"), Number(), expression=lambda _context: counted(Need.objects.all(), "study")),
        Field("promised", _("Promised a month"), Money(), value=promised, currency=promised_currency, template="discovery/cells/promise.html", many=PROMISES, is_sortable=False, is_filterable=False, is_summed=False),
        Field("state", _("Promise"), Choice(), expression=promise_state, choices=choices(PROMISED), template="discovery/cells/promise_state.html"),
        OWNER,
        *account_fields(visible_studies),
        Field("created_at", _("Begun on"), Moment()),
        CHANGED,
    ),
)  # fmt: skip

PROPOSALS = Kind(
    name="proposals",
    label=_("Proposals"),
    one=_("proposal"),
    model=Proposal,
    address="discovery:proposals",
    order=("-created_at",),
    search=("title", "study__account__name"),
    related=("study__account",),
    columns=("title", "account", "state", "sent_at", "opened_at", "waiting", "owner"),
    titled="title",
    filters=proposal_filters,
    can_remove=False,
    fields=(
        Field("title", _("Proposal")),
        Field("account", _("Account"), RelationType(), path="study__account", to="accounts", url="study.account.get_absolute_url", order="study__account__name"),
        Field("study", _("Discovery"), RelationType(), to="studies", order="study__title"),
        Field("state", _("State"), Choice(), expression=proposal_state, choices=choices(STATES), template="discovery/cells/state.html"),
        Field("language", _("Language"), Choice(), value="get_language_display", choices=choices(LANGUAGES)),
        Field("sent_at", _("Sent"), Moment(), expression=lambda _context: last_of(Sending.objects.all(), "proposal")),
        Field("opened_at", _("Last opened"), Moment(), expression=lambda _context: last_of(Opening.objects.all(), "proposal")),
        Field("openings", _("Visits"), Number(), expression=lambda _context: counted(Opening.objects.all(), "proposal")),
        Field("comments", _("Comments"), Number(), expression=lambda _context: counted(ProposalComment.objects.all(), "thread__proposal")),
        Field("waiting", _("Waiting for an answer"), Number(), expression=lambda _context: counted(ProposalThread.objects.waiting(), "proposal")),
        owner_of("study"),
        *account_fields(visible_proposals, path="study__account"),
        Field("created_at", _("Begun on"), Moment()),
        CHANGED,
    ),
)  # fmt: skip


def register_all() -> None:
    """Make the room's kinds known to lists."""
    register(STUDIES)
    register(PROPOSALS)
    questionnaires.register_all()
    relate("accounts", Relation("studies", _("Discoveries"), "studies", "account"))
    relate("contacts", Relation("studies", _("Discoveries"), "studies", "contact"))
    relate("accounts", Relation("proposals", _("Proposals"), "proposals", "study__account"))
    relate("studies", Relation("proposals", _("Proposals"), "proposals", "study"))
    for part in (competing, calculators, interviewing):
        part.register_all()
