"""Which accounts are like one: of its industry, else of about its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proofline.records.models import Account
    from proofline.records.models.customers import AccountQuerySet

NEAR_IN_SIZE = 3
"""Companies are of a size when the larger has at most so many times the people."""
MOST = 200


def alike(account: Account, among: AccountQuerySet, *, fewest: int = 1) -> list[int]:
    """Return the ids of the accounts among these that are like one: of its industry where they are enough, else of its size; 200 at most."""
    others = among.exclude(pk=account.pk).order_by("-changed_at", "-pk").values_list("pk", flat=True)
    if sector := account.sector:
        written = {sector, sector.lower(), sector.upper(), sector.title(), sector.capitalize()}
        same = list(others.filter(sector__in=written)[:MOST])
        if len(same) >= fewest:
            return same
    if account.employees:
        least, most = account.employees / NEAR_IN_SIZE, account.employees * NEAR_IN_SIZE
        return list(others.filter(employees__gte=least, employees__lte=most)[:MOST])
    return []
