"""How lists and boards of deals are narrowed. Names are as people see them, so that a chart can lead to its records."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.kit.clock import add_months, start_of_day
from proofline.kit.components import Filter
from proofline.records.models import Product, User, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest

    Deals = QuerySet[Any]


ME, NONE = "me", "-"
MONTHS = 24
MOST_NAMES = 200


def deal_filters(asked: Mapping[str, str], *, user: User, now: datetime) -> list[Filter]:
    """Return the filters of the list of deals: state, owner, team, product, industry, source, month."""
    owners = [(ME, _("Me")), *_named(User.objects.values_list("name", flat=True).order_by("name")[:MOST_NAMES])]
    return [
        Filter("state", _("State"), states(), _by_state(now)),
        Filter("owner", _("Owner"), owners, lambda found, value: by_owner(found, value, user=user)),
        Filter("team", _("Team"), (), by_team, is_offered=False),
        Filter("product", _("Product"), products(), by_product),
        Filter("sector", _("Industry"), (), _by_text("sector"), is_offered=False),
        Filter("source", _("Source"), (), _by_text("source"), is_offered=False),
        Filter("month", _("Month"), _with(months(now), asked.get("month")), _by_month(asked.get("state", ""))),
    ]


def board_filters(request: HttpRequest) -> list[Filter]:
    """Return the filters of the board: mine or my team's, and the product."""
    user: Any = request.user
    return [
        Filter(
            "of",
            _("Whose"),
            [("me", _("Mine")), ("team", _("My team's"))],
            lambda found, value: by_owner(found, ME, user=user) if value == "me" else _of_team(found, user),
        ),
        Filter("product", _("Product"), products(), by_product),
    ]


def states() -> list[tuple[str, str]]:
    """Return the states that a deal can be looked for in."""
    return [("open", _("Open")), ("won", _("Won")), ("lost", _("Lost")), ("stalled", _("Stalled"))]


def products() -> list[tuple[str, str]]:
    """Return the names of the products."""
    return _named(Product.objects.values_list("name", flat=True).order_by("name"))


def months(now: datetime) -> list[tuple[str, str]]:
    """Return the last two years of months, newest first."""
    first = now.date().replace(day=1)
    keys = [f"{add_months(first, -back):%Y-%m}" for back in range(MONTHS)]
    return [(key, key) for key in keys]


def by_owner(deals: Deals, value: str, *, user: User) -> Deals:
    """Keep the deals of the user ("me") or of the owner with that name."""
    return deals.filter(owner=user) if value == ME else deals.filter(owner__name=value)


def by_team(deals: Deals, value: str) -> Deals:
    """Keep the deals whose owner is in the team with that name."""
    return deals.filter(owner__team__name=value)


def by_product(deals: Deals, value: str) -> Deals:
    """Keep the deals about the product with that name."""
    return deals.filter(product__name=value)


def _of_team(deals: Deals, user: User) -> Deals:
    return deals.filter(owner__team__in=user.team_and_below())


def _by_state(now: datetime) -> Callable[[Any, str], Any]:
    def narrow(deals: Deals, value: str) -> Deals:
        found: Any = deals
        kept = {"open": found.open, "won": found.won, "lost": found.lost}
        narrowed: Deals = kept[value]() if value in kept else found.stalled(now=now)
        return narrowed

    return narrow


def _by_text(field: str) -> Callable[[Any, str], Any]:
    return lambda deals, value: deals.filter(**{field: "" if value == NONE else value})


def _by_month(state: str) -> Callable[[Any, str], Any]:
    """Keep deals won, lost or else opened in the month, by the workspace's clock."""
    field = {"won": "won__at", "lost": "lost__at"}.get(state, "opened_at")

    def narrow(deals: Deals, value: str) -> Deals:
        zone = Workspace.current().time_zone
        try:
            first = date.fromisoformat(f"{value}-01")
        except ValueError:
            return deals.none()
        after = add_months(first, 1)
        return deals.filter(
            **{
                f"{field}__gte": start_of_day(first, time_zone=zone),
                f"{field}__lt": start_of_day(after, time_zone=zone),
            }
        )

    return narrow


def _named(values: Any) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


def _with(choices: list[tuple[str, str]], chosen: str | None) -> list[tuple[str, str]]:
    """Add what the address asks for, so that a link from a chart is never without effect."""
    if chosen and chosen not in {value for value, _label in choices}:
        return [*choices, (chosen, chosen)]
    return choices
