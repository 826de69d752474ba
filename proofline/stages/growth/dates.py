"""What the calendar shows of this room: the days on which contracts end, unless they are renewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.kit.dates import DatedItem
from proofline.stages.growth.models import Subscription

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.db.models import QuerySet

    from proofline.records.models import User

MOST = 500


def between(first: date, last: date, *, viewer: User, owners: QuerySet[User]) -> Iterator[DatedItem]:
    """Yield the subscriptions of the owners' customers that end from the first day to the last."""
    found = Subscription.objects.visible_to(viewer).running().filter(ends_on__gte=first, ends_on__lte=last)
    found = found.filter(account__owner__in=owners).select_related("account__owner", "tier", "product")
    for subscription in found.order_by("ends_on", "pk")[:MOST]:
        yield DatedItem(
            uid=f"subscription-{subscription.pk}",
            kind=_("Contract ends"),
            title=str(subscription.account),
            day=subscription.ends_on,
            url=subscription.get_absolute_url(),
            icon="refresh",
            note=subscription.plan,
            person=subscription.account.owner,
        )
