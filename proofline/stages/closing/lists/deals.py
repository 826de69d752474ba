"""Deals, as lists know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proofline.kit.lists import (
    Choice,
    Context,
    Day,
    Field,
    Kind,
    Moment,
    Money,
    Number,
    Option,
    Relation,
    RelationType,
    register,
    relate,
)
from proofline.records.lists import custom, offers, segments
from proofline.records.lists.customers import CHANGED, EXTERNAL, OWNER, choices
from proofline.stages.closing.filters import deal_filters
from proofline.stages.closing.forms import DealForm
from proofline.stages.closing.models import Deal, DealStage
from proofline.stages.reach.lists import products

if TYPE_CHECKING:
    from proofline.kit.components import Filter

STATES = [("open", _("Open")), ("won", _("Won")), ("lost", _("Lost"))]


def visible(user: Any) -> Any:
    """Return the deals that the user may see."""
    return Deal.objects.visible_to(user)


def stages(_context: Context) -> list[tuple[str, str]]:
    """Offer the stages of the board, in their order."""
    return [(str(stage.pk), str(stage)) for stage in DealStage.objects.ladder()]


def state_expression(_context: Context) -> Any:
    """Return what the store calls a deal's state."""
    return Case(
        When(won__isnull=False, then=Value("won")),
        When(lost__isnull=False, then=Value("lost")),
        default=Value("open"),
        output_field=CharField(),
    )


def amount(deal: Deal) -> object:
    """Return what the deal was won for, else what it is estimated at."""
    return deal.won.amount if deal.state == "won" else deal.amount


def currency(deal: Deal) -> str:
    """Return the currency of `amount`."""
    found: str = deal.won.currency if deal.state == "won" else deal.currency
    return found


def days_in_stage(deal: Deal) -> int | None:
    """Return how many days an open deal has stood in its stage."""
    return None if deal.is_closed else deal.days_in_stage(now=timezone.now())


def filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of deals name."""
    return deal_filters(context.asked, user=context.user, now=context.now)


DEALS = Kind(
    name="deals",
    label=_("Deals"),
    one=_("deal"),
    model=Deal,
    address="closing:deals",
    order=("-opened_at", "-pk"),
    search=("name", "account__name", "external_id"),
    related=("stage", "won", "lost"),
    columns=("name", "account", "state", "amount", "product", "owner", "next_step", "days_in_stage", "opened_at", "closed_at"),
    own=frozenset({"name"}),
    more=[custom.giver("deal"), segments.giver("deals")],
    form=DealForm,
    filters=filters,
    fields=(
        Field("name", _("Deal"), edits="name"),
        Field("account", _("Account"), RelationType(), to="accounts", edits="account", order="account__name", related=("account",)),
        Field("account_sector", _("Account: industry"), Choice(), path="account__sector", choices=offers.values("sector", visible), related=("account",)),
        Field("state", _("State"), Choice(), expression=state_expression, value="state", choices=choices(STATES), template="closing/cells/state.html"),
        Field("stage", _("Stage"), Option(), choices=stages, order="stage__position"),
        Field("amount", _("Amount"), Money(), expression=lambda _context: Coalesce("won__amount", "amount"), value=amount, currency=currency, edits="amount"),
        Field("product", _("Product"), Option(), choices=products, edits="product", order="product__name", related=("product",)),
        OWNER,
        Field("team", _("Team"), path="owner__team__name", value="owner.team.name", related=("owner__team",)),
        Field("next_step", _("Next step"), edits="next_step"),
        Field("next_step_on", _("Next step on"), Day(), edits="next_step_on"),
        Field("expected_close", _("Expected close"), Day(), edits="expected_close"),
        Field("days_in_stage", _("Days in stage"), Number(), value=days_in_stage, is_sortable=False, is_filterable=False, is_summed=False),
        Field("stage_since", _("In this stage since"), Moment()),
        Field("source", _("Source"), Choice(), choices=offers.values("source", visible), edits="source"),
        Field("sector", _("Industry"), Choice(), choices=offers.values("sector", visible)),
        Field("contact", _("Contact"), RelationType(), to="contacts", url="contact.get_absolute_url", order="contact__name", related=("contact",)),
        EXTERNAL,
        Field("opened_at", _("Opened"), Moment(), cell="date"),
        Field("closed_at", _("Closed"), Moment(), cell="date", expression=lambda _context: Coalesce("won__at", "lost__at")),
        CHANGED,
    ),
)  # fmt: skip


def register_all() -> None:
    """Make deals known to lists."""
    register(DEALS)
    relate("accounts", Relation("deals", _("Deals"), "deals", "account"))
    relate("contacts", Relation("deals", _("Deals"), "deals", "contact"))
    relate("leads", Relation("deals", _("Deals"), "deals", "lead"))
