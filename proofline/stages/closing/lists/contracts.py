"""Contracts, as lists know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, DecimalField, ExpressionWrapper, F, Value, When
from django.utils.translation import gettext_lazy as _

from proofline.kit.components import Filter
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
from proofline.records.lists.customers import LANGUAGES, account_fields, choices, owner_filter, owner_of
from proofline.stages.closing.models import Contract
from proofline.stages.reach.lists import products

if TYPE_CHECKING:
    from decimal import Decimal

STATES = [
    ("draft", _("Draft")),
    ("sent", _("With the customer")),
    ("accepted", _("Signed by the customer")),
    ("withdrawn", _("Taken back")),
]
KEPT: dict[str, dict[str, Any]] = {
    "draft": {"sending": None, "withdrawal": None, "acceptance": None},
    "sent": {"sending__isnull": False, "acceptance": None, "withdrawal": None},
    "accepted": {"acceptance__isnull": False},
    "withdrawn": {"withdrawal__isnull": False, "acceptance": None},
}


def visible(user: Any) -> Any:
    """Return the contracts that the user may see."""
    return Contract.objects.visible_to(user)


def state_expression(_context: Context) -> Any:
    """Return what the store calls a contract's state."""
    return Case(
        When(acceptance__isnull=False, then=Value("accepted")),
        When(withdrawal__isnull=False, then=Value("withdrawn")),
        When(sending__isnull=False, then=Value("sent")),
        default=Value("draft"),
        output_field=CharField(),
    )


def total_expression(_context: Context) -> Any:
    """Return what the whole term costs."""
    return ExpressionWrapper(
        F("monthly") * F("months") + F("once"), output_field=DecimalField(max_digits=20, decimal_places=2)
    )


def total(contract: Contract) -> Decimal:
    """Return what the whole term costs, in the contract's currency."""
    return contract.total.amount


def filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of contracts name."""
    state = Filter("state", _("State"), STATES, lambda rows, value: rows.filter(**KEPT[value]))
    return [state, owner_filter(context, path="deal__owner")]


CONTRACTS = Kind(
    name="contracts",
    label=_("Contracts"),
    one=_("contract"),
    model=Contract,
    address="closing:contracts",
    search=("account__name", "deal__name"),
    related=("deal", "account", "product", "option", "sending", "acceptance", "withdrawal"),
    columns=("number", "account", "state", "plan", "monthly", "starts_on", "ends_on", "owner"),
    filters=filters,
    can_remove=False,
    fields=(
        Field("number", _("Contract"), path="id", value="number", is_filterable=False),
        Field("account", _("Account"), RelationType(), to="accounts", order="account__name"),
        Field("deal", _("Deal"), RelationType(), to="deals", order="deal__name"),
        Field("state", _("State"), Choice(), expression=state_expression, value="state", choices=choices(STATES), template="closing/cells/contract_state.html"),
        Field("plan", _("What is sold"), is_sortable=False, is_filterable=False),
        Field("product", _("Product"), Option(), choices=products, order="product__name"),
        Field("monthly", _("Price a month"), Money()),
        Field("once", _("Price once"), Money()),
        Field("total", _("Whole term"), Money(), expression=total_expression, value=total),
        Field("seats", _("Seats"), Number()),
        Field("months", _("Months"), Number(), is_summed=False),
        Field("starts_on", _("Starts"), Day()),
        Field("ends_on", _("Ends"), Day(), is_sortable=False, is_filterable=False),
        Field("language", _("Language"), Choice(), value="get_language_display", choices=choices(LANGUAGES)),
        owner_of("deal"),
        *account_fields(visible),
        Field("created_at", _("Drafted"), Moment()),
        Field("sent_at", _("Sent"), Moment(), path="sending__at"),
        Field("signed_at", _("Signed"), Moment(), path="acceptance__at"),
    ),
)  # fmt: skip


def register_all() -> None:
    """Make contracts known to lists."""
    register(CONTRACTS)
    relate("accounts", Relation("contracts", _("Contracts"), "contracts", "account"))
    relate("deals", Relation("contracts", _("Contracts"), "contracts", "deal"))
