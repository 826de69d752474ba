"""Evidence and competitors, as lists know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proofline.kit.components import Filter
from proofline.kit.lists import (
    Choice,
    Context,
    Day,
    Field,
    Flag,
    Kind,
    Number,
    Relation,
    RelationType,
    register,
    relate,
)
from proofline.records.forms import CompetitorForm, EvidenceForm
from proofline.records.lists import offers
from proofline.records.lists.customers import CHANGED, LANGUAGE, OWNER, choices, counted
from proofline.records.models import Claim, Competitor, Evidence
from proofline.records.models.battlecards import is_stale

if TYPE_CHECKING:
    from django.db.models import QuerySet

VALIDITIES = [("valid", _("Valid")), ("expired", _("Expired"))]
FRESHNESS = [("fresh", _("Fresh")), ("stale", _("Stale"))]


def visible(user: Any) -> QuerySet[Any]:
    """Return the evidence that the user may see."""
    return Evidence.objects.visible_to(user)


def validity(context: Context) -> Any:
    """Return whether the store calls a piece of evidence valid today."""
    expired = Q(valid_until__lt=timezone.localdate(context.now))
    return Case(When(expired, then=Value("expired")), default=Value("valid"), output_field=CharField())


def validity_label(evidence: Evidence) -> Any:
    """Return in words whether it is valid today."""
    return dict(VALIDITIES)["expired" if evidence.has_expired(today=timezone.localdate()) else "valid"]


def filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of evidence name."""
    sectors = offers.values("sector", visible)(context)
    return [
        Filter("kind", _("Kind"), Evidence.Kind.choices, lambda rows, value: rows.filter(kind=value)),
        Filter("sector", _("Industry"), sectors, lambda rows, name: rows.filter(sector=name)),
    ]


EVIDENCE = Kind(
    name="evidence",
    label=_("Evidence"),
    one=_("piece of evidence"),
    model=Evidence,
    address="records:evidence",
    order=("-published_on",),
    search=("title", "body", "result"),
    columns=("title", "kind", "result", "sector", "published_on", "permission"),
    own=frozenset({"title", "result"}),
    titled="title",
    form=EvidenceForm,
    filters=filters,
    fields=(
        Field("title", _("Evidence"), edits="title"),
        Field("kind", _("Kind"), Choice(), value="get_kind_display", choices=choices(Evidence.Kind.choices), edits="kind"),
        Field("result", _("Result"), edits="result"),
        Field("sector", _("Industry"), Choice(), choices=offers.values("sector", visible), edits="sector"),
        Field("account", _("Customer"), RelationType(), to="accounts", edits="account", order="account__name", related=("account",)),
        LANGUAGE,
        Field("published_on", _("Published"), Day(), edits="published_on"),
        Field("valid_until", _("Valid until"), Day(), edits="valid_until"),
        Field("validity", _("Validity"), Choice(), expression=validity, value=validity_label, choices=choices(VALIDITIES)),
        Field("permission", _("To customers"), Flag(), template="records/cells/permission.html", edits="permission"),
        CHANGED,
    ),
)  # fmt: skip


def staleness(context: Context) -> Any:
    """Return whether the store calls a battle card stale today."""
    stale = is_stale(timezone.localdate(context.now))
    return Case(When(stale, then=Value("stale")), default=Value("fresh"), output_field=CharField())


def card_filters(_context: Context) -> list[Filter]:
    """Return the filters that addresses of competitors name."""

    def apply(rows: Any, value: str) -> Any:
        today = timezone.localdate()
        return rows.filter(is_stale(today)) if value == "stale" else rows.exclude(is_stale(today))

    return [Filter("card", _("Battle card"), FRESHNESS, apply)]


COMPETITORS = Kind(
    name="competitors",
    label=_("Competitors"),
    one=_("competitor"),
    model=Competitor,
    address="records:competitors",
    order=("name",),
    search=("name", "strengths", "gaps", "difference"),
    columns=("name", "gaps", "difference", "claims", "checked_on", "card", "owner"),
    own=frozenset({"name", "website", "strengths", "gaps", "difference"}),
    form=CompetitorForm,
    filters=card_filters,
    fields=(
        Field("name", _("Competitor"), edits="name"),
        Field("website", _("Website"), edits="website"),
        Field("strengths", _("Strengths"), edits="strengths"),
        Field("gaps", _("Gaps"), edits="gaps"),
        Field("difference", _("Our difference"), edits="difference"),
        Field("claims", _("Claims"), Number(), expression=lambda _context: counted(Claim.objects.all(), "competitor")),
        Field("checked_on", _("Checked"), Day(), edits="checked_on"),
        Field("card", _("Battle card"), Choice(), expression=staleness, choices=choices(FRESHNESS), template="records/cells/freshness.html"),
        OWNER,
        CHANGED,
    ),
)  # fmt: skip


def register_all() -> None:
    """Make the library's kinds known to lists."""
    for kind in (EVIDENCE, COMPETITORS):
        register(kind)
    relate("accounts", Relation("evidence", _("Evidence"), "evidence", "account"))
