"""All kinds of records that can be imported, in the order in which they build on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.records import importing as records
from proofline.records.imports.custom import with_custom
from proofline.records.roles import Role
from proofline.stages.closing import importing as closing
from proofline.stages.delivery import importing as delivery
from proofline.stages.reach import importing as reach

if TYPE_CHECKING:
    from proofline.kit.imports.kinds import Kind
    from proofline.records.models import User

KINDS: dict[str, Kind] = {kind.name: kind for kind in (*records.KINDS, *reach.KINDS, *closing.KINDS, *delivery.KINDS)}

# Who may import what, besides administrators: users decide who may do what, so only those who steer the workspace add them.
IMPORTERS: dict[str, frozenset[str]] = {
    Role.ADMINISTRATOR: frozenset(KINDS),
    Role.MANAGER: frozenset(KINDS) - {"users"},
    Role.MARKETING: frozenset({"leads", "evidence", "competitors"}),
}


class UnknownKindError(ValueError):
    """There is no such kind of record to import."""


def kind_named(name: str) -> Kind:
    """Return the kind of that name.

    Raises:
        UnknownKindError: there is none.
    """
    if name not in KINDS:
        message = _("“%(name)s” can't be imported; expected one of %(kinds)s")
        raise UnknownKindError(message % {"name": name, "kinds": ", ".join(KINDS)})
    return with_custom(KINDS[name])


def kinds_importable(user: User) -> frozenset[str]:
    """Return the names of the kinds that the user may import."""
    return IMPORTERS.get(user.role, frozenset())


def kinds_of(user: User) -> list[Kind]:
    """Return the kinds that the user may import."""
    allowed = kinds_importable(user)
    return [with_custom(kind) for kind in KINDS.values() if kind.name in allowed]
