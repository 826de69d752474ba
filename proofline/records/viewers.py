"""Who may see a record: what `VisibleQuerySet.visible_to` says, asked the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from proofline.records.models.people import Team, User
from proofline.records.roles import DEFAULT_SCOPE, Scope

if TYPE_CHECKING:
    from django.db.models import QuerySet


def viewers_of(record: Any) -> QuerySet[User]:
    """Return the colleagues who may sign in and see the record."""
    owners = [owner for path in record.owner_paths if (owner := _at(record, path)) is not None]
    teams = _and_above({owner.team_id for owner in owners if owner.team_id})
    seeing = Q(pk__in=[owner.pk for owner in owners]) | _scope(Scope.ALL)
    if teams:
        seeing |= _scope(Scope.TEAM) & Q(team__in=teams)
    return User.objects.filter(seeing, is_active=True)


def _scope(scope: Scope) -> Q:
    usual = [role for role, given in DEFAULT_SCOPE.items() if given == scope]
    return Q(own_scope=scope) | Q(own_scope="", role__in=usual)


def _at(record: Any, path: str) -> Any:
    for step in path.split("__"):
        record = getattr(record, step, None)
    return record


def _and_above(teams: set[int]) -> set[int]:
    if not teams:
        return set()
    parents = dict(Team.objects.values_list("pk", "parent_id"))
    found: set[int] = set()
    waiting = list(teams)
    while waiting:
        team = waiting.pop()
        if team not in found:
            found.add(team)
            waiting += [parent] if (parent := parents.get(team)) else []
    return found
