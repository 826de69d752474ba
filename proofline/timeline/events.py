"""The one shape of everything that happens: what a customer's user does and what the sales process does."""

from __future__ import annotations

import uuid
from datetime import datetime  # noqa: TC003 - msgspec reads it
from hashlib import blake2b
from typing import Any

import msgspec

TRACK, PAGE, SCREEN, IDENTIFY, GROUP, ALIAS, FACT = "track", "page", "screen", "identify", "group", "alias", "fact"
BEHAVIOUR = (TRACK, PAGE, SCREEN)
"""The kinds that say that a customer's user did something."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened, as reactions see it.

    `person` is the canonical person's id. The ids of contacts, accounts, staff users and subjects belong to the rooms above.
    """

    id: str
    name: str
    kind: str
    at: datetime
    received_at: datetime
    person: int | None = None
    contact_id: int | None = None
    account_id: int | None = None
    user_id: int | None = None
    subject_kind: str = ""
    subject_id: int | None = None
    source: str = ""
    properties: dict[str, Any] = {}
    context: dict[str, Any] = {}
    history: bool = False
    """Imported: it happened before anybody watched, so nothing reacts to it."""

    @property
    def by(self) -> int | None:
        """The staff user who did it, None when a customer or the system did."""
        return self.user_id


Fact = Event
"""An event of kind "fact": `noun.past_verb`, recorded by a room together with its records."""


def event_id(*parts: object) -> str:
    """Return the id that these parts always give, as 32 hexadecimal digits."""
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(str(part).encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


def new_id() -> str:
    """Return an id that no other event has."""
    return uuid.uuid4().hex
