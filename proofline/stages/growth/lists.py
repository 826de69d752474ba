"""Renewals and health, as lists know them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proofline.kit import formats
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
    Percent,
    Relation,
    RelationType,
    register,
    relate,
)
from proofline.records.lists.customers import account_fields, choices, counted, owner_filter
from proofline.stages.growth.models import Band, CustomerTier, HealthReading, Renewal, Subscription
from proofline.stages.reach.lists import products

if TYPE_CHECKING:
    from django.db.models import QuerySet

SPANS = (30, 60, 90)
STATES = [
    ("running", _("running")),
    ("undecided", _("ended, undecided")),
    ("cancelled", _("will end")),
    ("ended", _("ended")),
]
NAMED = [("running", _("running")), ("cancelled", _("will end"))]
"""What addresses ask for: whether it was cancelled or not."""


def visible_subscriptions(user: Any) -> Any:
    """Return the subscriptions that the user may see."""
    return Subscription.objects.visible_to(user)


def latest(user: Any) -> QuerySet[Any]:
    """Return the last reading of each account that the user may see."""
    newest = HealthReading.objects.filter(account=OuterRef("account")).order_by("-week").values("pk")[:1]
    found: QuerySet[Any] = HealthReading.objects.visible_to(user).filter(pk=Subquery(newest))
    return found


def state_expression(context: Context) -> Any:
    """Return what the store calls a subscription's state today."""
    over = Q(ends_on__lt=timezone.localdate(context.now))
    cancelled = Q(cancellation__isnull=False)
    return Case(
        When(cancelled & over, then=Value("ended")),
        When(cancelled, then=Value("cancelled")),
        When(over, then=Value("undecided")),
        default=Value("running"),
        output_field=CharField(),
    )


def renewal_filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of renewals name."""
    today = timezone.localdate(context.now)

    def within(rows: Any, days: str) -> Any:
        return rows.filter(ends_on__lte=today + timedelta(days=int(days)))

    def by_state(rows: Any, value: str) -> Any:
        return rows.running() if value == "running" else rows.filter(cancellation__isnull=False)

    spans = [(str(days), _("within %(days)d days") % {"days": days}) for days in SPANS]
    return [
        Filter("within", _("Ends"), spans, within),
        Filter("state", _("State"), NAMED, by_state),
        owner_filter(context, path="account__owner"),
    ]


def tier_expression(_context: Context) -> Any:
    """Return the account's tier of now."""
    rows = CustomerTier.objects.filter(account=OuterRef("account")).order_by("-at", "-pk")
    return Subquery(rows.values("tier")[:1])


def drivers(reading: HealthReading) -> str:
    """Return in words what a score is made of."""
    return " · ".join(f"{one.label} {formats.number(one.score)}" for one in reading.measures if one.score is not None)


def health_filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of health name."""

    def by_tier(rows: Any, value: str) -> Any:
        return rows.annotate(now_tier=tier_expression(context)).filter(now_tier=value)

    return [
        Filter("band", _("State"), Band.choices, lambda rows, band: rows.filter(band=band)),
        Filter("tier", _("Customer tier"), CustomerTier.Tier.choices, by_tier),
        owner_filter(context, path="account__owner"),
    ]


def account_parts(visible: Any) -> tuple[Field, ...]:
    """Return the account's fields; its owner stands for the owner."""
    *parts, owner = account_fields(visible)
    return (*parts, Field("owner", _("Owner"), owner.type, path=owner.path, choices=owner.choices, order=owner.order))


RENEWALS = Kind(
    name="renewals",
    label=_("Subscriptions"),
    one=_("subscription"),
    model=Subscription,
    address="growth:renewals",
    order=("ends_on", "pk"),
    search=("account__name",),
    related=("account__owner", "tier", "product", "cancellation"),
    columns=("account", "plan", "seats", "monthly", "ends_on", "state", "owner"),
    filters=renewal_filters,
    usual=({"field": "state", "op": "is", "value": ["running", "undecided"]},),
    usual_label=_("Running subscriptions"),
    can_remove=False,
    fields=(
        Field("account", _("Customer"), RelationType(), value="account.name", to="accounts", order="account__name"),
        Field("plan", _("Subscription plan"), is_sortable=False, is_filterable=False),
        Field("product", _("Product"), Option(), choices=products, order="product__name"),
        Field("seats", _("Seats"), Number()),
        Field("monthly", _("A month"), Money()),
        Field("starts_on", _("Runs from"), Day()),
        Field("ends_on", _("Ends"), Day()),
        Field("state", _("State"), Choice(), expression=state_expression, choices=choices(STATES), template="growth/cells/renewal_state.html"),
        Field("renewals", _("Times renewed"), Number(), expression=lambda _context: counted(Renewal.objects.all(), "subscription"), is_summed=False),
        *account_parts(visible_subscriptions),
        Field("cancelled_at", _("Cancelled"), Moment(), path="cancellation__at"),
        Field("created_at", _("Since"), Moment()),
    ),
)  # fmt: skip

HEALTH = Kind(
    name="health",
    label=_("Health"),
    one=_("reading of health"),
    model=HealthReading,
    address="growth:health",
    order=("score", "pk"),
    search=("account__name",),
    related=("account__owner",),
    rows=latest,
    columns=("account", "score", "login_rate", "drivers", "tier", "owner"),
    filters=health_filters,
    can_remove=False,
    fields=(
        Field("account", _("Customer"), RelationType(), value="account.name", to="accounts", order="account__name"),
        Field("score", _("Health"), Number(), template="growth/cells/score.html", is_summed=False),
        Field("band", _("State"), Choice(), value="get_band_display", choices=choices(Band.choices)),
        Field("login_rate", _("Login rate"), Percent(), value="login_share"),
        Field("drivers", _("What drives it"), value=drivers, template="growth/cells/drivers.html", is_sortable=False, is_filterable=False),
        Field("tier", _("Customer tier"), Choice(), expression=tier_expression, choices=choices(CustomerTier.Tier.choices), template="growth/cells/tier.html"),
        *account_parts(latest),
        Field("week", _("Week from"), Day()),
    ),
)  # fmt: skip


def register_all() -> None:
    """Make the room's kinds known to lists."""
    register(RENEWALS)
    register(HEALTH)
    relate("accounts", Relation("renewals", _("Subscriptions"), "renewals", "account"))
    relate("accounts", Relation("health", _("Health"), "health", "account"))
    for name in ("contacts", "deals", "projects", "tickets"):
        relate(name, Relation("account_health", _("Health of the account"), "health", "account", of="account"))
