"""Whose records count for whom: the same visibility as in lists, by the owner that facts carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.records.models import Account, Contact, User
from proofline.records.roles import Scope
from proofline.timeline.query.audience import Audience

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


def audience_of(user: User) -> Audience | None:
    """Return whose events the user sees in answers: of their accounts and contacts, and facts of their records; None for all."""
    owners = owners_seen_by(user)
    if owners is None:
        return None
    return Audience(
        accounts=frozenset(Account.objects.visible_to(user).values_list("pk", flat=True)),
        contacts=frozenset(Contact.objects.visible_to(user).values_list("pk", flat=True)),
        owners=frozenset(owners),
    )
