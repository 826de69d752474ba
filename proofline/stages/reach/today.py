"""What waits for a person in this room: leads without an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.kit.today import TodayItem
from proofline.stages.reach.models import Lead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from proofline.records.models import User

ANSWER_WITHIN = timedelta(days=1)
RECENT = timedelta(days=30)
MOST = 50


def my_leads(user: User, now: datetime) -> QuerySet[Lead]:
    """Return the user's own waiting leads of the last thirty days."""
    found: QuerySet[Lead] = Lead.objects.visible_to(user).waiting().filter(owner=user, created_at__gte=now - RECENT)
    return found


def waiting(user: User, now: datetime) -> Iterator[TodayItem]:
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
