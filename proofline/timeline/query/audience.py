"""Whose answer it is: what a viewer may not see counts for nothing in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from proofline.timeline import absorbing

if TYPE_CHECKING:
    from proofline.timeline.query.binding import Binder
    from proofline.timeline.query.identity import Identity

OWNER = "ifNull(toString(properties.owner_id), '')"


@dataclass(frozen=True)
class Audience:
    """What a viewer may see: events of these accounts and contacts (as tied now), and facts whose property `owner_id` is one of `owners`."""

    accounts: frozenset[int] = frozenset()
    contacts: frozenset[int] = frozenset()
    owners: frozenset[str] = frozenset()

    def condition(self, identity: Identity, binder: Binder) -> str:
        """Return the SQL that keeps what the viewer may see; no event of nobody known is among it."""
        kept = []
        if self.accounts:
            kept.append(
                identity.belongs(binder.bind(absorbing.histories_of("account", self.accounts), "Array(UInt64)"))
            )
        if self.contacts:
            kept.append(f"{identity.contact} IN {binder.bind(sorted(self.contacts), 'Array(UInt64)')}")
        if self.owners and identity.table == "events":
            kept.append(f"(kind = 'fact' AND {OWNER} IN {binder.bind(sorted(self.owners), 'Array(String)')})")
        return f"({' OR '.join(kept)})" if kept else "0"
