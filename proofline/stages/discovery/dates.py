"""What the calendar shows of this room: interviews."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from proofline.kit.clock import start_of_day
from proofline.kit.dates import DatedItem
from proofline.stages.discovery.models import Interview

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.db.models import QuerySet

    from proofline.records.models import User

MOST = 500


def between(first: date, last: date, *, viewer: User, owners: QuerySet[User]) -> Iterator[DatedItem]:
    """Yield the interviews that the owners lead from the first day to the last; those called off are left out."""
    zone = timezone.get_current_timezone_name()
    found = Interview.objects.visible_to(viewer).filter(
        owner__in=owners,
        calling_off=None,
        planned_at__gte=start_of_day(first, time_zone=zone),
        planned_at__lt=start_of_day(last + timedelta(days=1), time_zone=zone),
    )
    found = found.select_related("study__account", "owner", "conclusion")
    for interview in found.order_by("planned_at", "pk")[:MOST]:
        yield DatedItem(
            uid=f"interview-{interview.pk}",
            kind=_("Interview"),
            title=interview.title,
            day=timezone.localdate(interview.planned_at),
            at=interview.planned_at,
            length=interview.length,
            url=interview.get_absolute_url(),
            icon="messages",
            note=" · ".join(filter(None, [str(interview.study.account), interview.place])),
            person=interview.owner,
            done=hasattr(interview, "conclusion"),
            changed_at=interview.changed_at,
        )
