"""What the calendar shows of this room: the days on which gates are due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from proofline.kit.dates import DatedItem
from proofline.stages.delivery.models import Gate, Project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.db.models import QuerySet

    from proofline.records.models import User

MOST = 500


def between(first: date, last: date, *, viewer: User, owners: QuerySet[User]) -> Iterator[DatedItem]:
    """Yield the gates of the owners' projects that are due from the first day to the last."""
    projects = Project.objects.visible_to(viewer).filter(owner__in=owners)
    found = Gate.objects.filter(due_on__gte=first, due_on__lte=last, project__in=projects)
    found = found.select_related("project__account", "project__owner", "acceptance")
    today = timezone.localdate()
    for gate in found.order_by("due_on", "pk")[:MOST]:
        yield DatedItem(
            uid=f"gate-{gate.pk}",
            kind=_("Gate due"),
            title=str(gate),
            day=gate.due_on,
            url=gate.project.get_absolute_url(),
            icon="flag-3",
            note=str(gate.project.account),
            tone="bad" if gate.is_late(today=today) else "",
            person=gate.project.owner,
            done=gate.accepted,
        )
