"""An account at a glance: money, renewal, health and what waits, gathered from the rooms that know them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import timezone

from proofline.kit.clock import local_day
from proofline.records.models import Workspace
from proofline.stages.closing.overview import Sold, sold_to
from proofline.stages.delivery.models import Ticket
from proofline.stages.growth.overview import Health, Paying, health_of, paid_by

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from proofline.records.models import Account, User


@dataclass(frozen=True)
class Glance:
    """What one wants to know before one calls."""

    sold: Sold
    paying: Paying
    health: Health
    tickets: int
    """Tickets that are not solved."""
    late: int
    """Of these, the ones on which a clock has run out."""
    days: int | None
    """Until the next renewal; below 0 when its day has passed."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell yet."""
        sold, paying = self.sold, self.paying
        return not (sold.open_deals or sold.won_deals or paying.renewal or self.health.last or self.tickets)


def glance_at(account: Account, *, user: User, now: datetime) -> Glance:
    """Return what the user may see of an account's money, health and tickets."""
    today = local_day(now, time_zone=Workspace.current().time_zone)
    paying = paid_by(account, user=user, today=today)
    tickets = Ticket.objects.visible_to(user).filter(account=account).open()
    return Glance(
        sold=sold_to(account, user=user, today=today),
        paying=paying,
        health=health_of(account, user=user),
        tickets=tickets.count(),
        late=tickets.breached(now=now).count(),
        days=(paying.renewal.ends_on - today).days if paying.renewal else None,
    )


def of_account(request: HttpRequest, account: Account) -> str:
    """Show the account at a glance; stay away while there is nothing to tell."""
    user: Any = request.user
    found = glance_at(account, user=user, now=timezone.now())
    context = {"glance": found, "account": account}
    return "" if found.is_empty else render_to_string("config/glance.html", context, request)
