"""The sidebar: one plain table of what leads where, who sees it and what waits there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from proofline.config import waiting
from proofline.kit.remembering import Remembered

if TYPE_CHECKING:
    from collections.abc import Callable

    from proofline.records.models import User

SET_ELSEWHERE = (
    "/imports/",
    "/profile/",
    "/notifications/settings/",
    "/score-rules/",
    "/signal-rules/",
    "/forms/",
    "/message-rules/",
    "/message-templates/",
    "/me/",
)
EVERYBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Item:
    """An entry of the sidebar. `key` is the letter after G that goes there; no `roles` means everybody."""

    label: Any
    icon: str
    view: str
    key: str = ""
    roles: frozenset[str] = EVERYBODY
    waits: Callable[[User], int] | None = None
    within: tuple[str, ...] = ()
    """Other addresses under which this entry is the active one."""


NAVIGATION: tuple[tuple[Any, tuple[Item, ...]], ...] = (
    (
        "",
        (
            Item(_("Today"), "sun-high", "config:today", "t", within=("/tasks/",)),
            Item(_("Calendar"), "calendar", "config:calendar", "q"),
        ),
    ),
    (
        _("Reach"),
        (
            Item(_("Leads"), "user-plus", "reach:leads", "l", waits=waiting.leads),
            Item(_("Signals"), "bulb", "reach:signals", "y", waits=waiting.signals),
            Item(_("Messages"), "send", "outreach:messages", "m"),
        ),
    ),
    (
        _("Discovery"),
        (
            Item(_("Value cases"), "calculator", "discovery:studies", "v"),
            Item(_("Questionnaires"), "forms", "discovery:questionnaires", within=("/replies/",)),
            Item(_("Interviews"), "messages", "discovery:interviews"),
            Item(
                _("Calculators"),
                "math-function",
                "discovery:calculators",
                within=("/calculator-lines/", "/calculations/"),
            ),
            Item(_("Proposals"), "presentation", "discovery:proposals", "o"),
        ),
    ),
    (
        _("Closing"),
        (
            Item(
                _("Deals"), "layout-kanban", "closing:deals", "d", waits=waiting.deals, within=("/quotes/", "/stages/")
            ),
            Item(_("Contracts"), "signature", "closing:contracts", "k"),
        ),
    ),
    (
        _("Delivery"),
        (
            Item(_("Projects"), "flag-3", "delivery:projects", "p", waits=waiting.gates),
            Item(_("Tickets"), "lifebuoy", "delivery:tickets", "i", waits=waiting.tickets),
            Item(_("Value reports"), "report-analytics", "delivery:reports", "r"),
        ),
    ),
    (
        _("Growth"),
        (
            Item(_("Health"), "heartbeat", "growth:health", "h", waits=waiting.health),
            Item(_("Renewals"), "refresh", "growth:renewals", "n", waits=waiting.renewals),
        ),
    ),
    (
        _("Customers"),
        (
            Item(_("Accounts"), "building", "records:accounts", "a", within=("/duplicates/",)),
            Item(_("Contacts"), "users", "records:contacts", "c", within=("/people/",)),
            Item(_("Segments"), "chart-pie", "records:segments"),
        ),
    ),
    (
        _("Insight"),
        (
            Item(_("Dashboard"), "chart-bar", "insight:dashboard", "b"),
            Item(_("Funnel"), "filter", "insight:funnel", "f"),
            Item(_("Explore"), "telescope", "insight:explore", "x"),
        ),
    ),
    (
        _("Library"),
        (
            Item(_("Catalogue"), "packages", "records:catalogue", "g"),
            Item(_("Evidence"), "certificate", "records:evidence", "e"),
            Item(_("Competitors"), "swords", "records:competitors"),
            Item(_("Playbooks"), "book", "enablement:playbooks"),
        ),
    ),
)
FOOT = (Item(_("Settings"), "settings", "config:settings", "s", within=SET_ELSEWHERE),)

USER_MENU = (
    Item(_("Password"), "lock", "account_change_password"),
    Item(_("Two-step sign-in"), "shield-lock", "mfa_index"),
)


def _count(user: User) -> dict[str, int]:
    return {item.view: item.waits(user) for _label, items in NAVIGATION for item in items if item.waits}


waiting_for = Remembered(_count, key=lambda user: user.pk, seconds=15)
"""How much waits for a user in each place, by its view."""
