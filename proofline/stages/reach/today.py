"""What waits for a person in this room: leads without an answer, needs to find out about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from proofline.kit.today import TodayItem
from proofline.stages.reach.models import Lead, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from proofline.records.models import User

ANSWER_WITHIN = timedelta(days=1)
FIND_OUT_WITHIN = timedelta(days=3)
RECENT = timedelta(days=30)
MOST = 50


def my_leads(user: User, now: datetime) -> QuerySet[Lead]:
    """Return the user's own waiting leads of the last thirty days."""
    found: QuerySet[Lead] = Lead.objects.visible_to(user).waiting().filter(owner=user, created_at__gte=now - RECENT)
    return found


def my_signals(user: User, now: datetime) -> QuerySet[Signal]:
    """Return the open need signals of the last thirty days about the user's own customers and leads."""
    found: QuerySet[Signal] = Signal.objects.visible_to(user).open().owned_by(user).filter(at__gte=now - RECENT)
    return found


def waiting(user: User, now: datetime) -> Iterator[TodayItem]:
    """Yield what waits."""
    yield from _leads(user, now)
    yield from _signals(user, now)


def _signals(user: User, now: datetime) -> Iterator[TodayItem]:
    """Yield the needs to find out about, the newest first."""
    may_write = user.may_write("reach")
    for signal in my_signals(user, now).select_related("account", "contact", "lead").order_by("-at", "-pk")[:MOST]:
        yield TodayItem(
            kind=_("Need signal"),
            icon="bulb",
            title=f"{signal.about} · {signal.statement}",
            note=_("%(count)s times") % {"count": signal.count},
            url=signal.get_absolute_url(),
            due=signal.at + FIND_OUT_WITHIN,
            action=_("Confirm") if may_write else "",
            action_url=reverse("reach:signal_confirmation", args=[signal.pk]) if may_write else "",
        )


def _leads(user: User, now: datetime) -> Iterator[TodayItem]:
    """Yield the leads to answer, the best first."""
    for lead in my_leads(user, now).order_by("-score", "-pk")[:MOST]:
        yield TodayItem(
            kind=_("Lead to answer"),
            icon="user-plus",
            title=f"{lead.name} · {lead.company}" if lead.company else lead.name,
            note=_("grade %(grade)s, %(source)s") % {"grade": lead.grade, "source": lead.source or _("no source")},
            url=lead.get_absolute_url(),
            due=lead.created_at + ANSWER_WITHIN,
        )
