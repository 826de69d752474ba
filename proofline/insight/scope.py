"""Whose records count for whom: the same visibility as in lists, by the owner that facts carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.records.models import User
from proofline.records.roles import Scope

if TYPE_CHECKING:
    from collections.abc import Collection


def owners_seen_by(user: User) -> Collection[str] | None:
    """Return the ids, as text, of the owners whose records the user sees; None for everybody's."""
    if user.scope == Scope.ALL:
        return None
    seen = {user.pk}
    if user.scope == Scope.TEAM:
        seen |= set(User.objects.filter(team__in=user.team_and_below()).values_list("pk", flat=True))
    return [str(pk) for pk in sorted(seen)]
