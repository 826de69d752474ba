"""What happened around a customer or a record, newest first, told in sentences of the reader's language.

Product use is folded: what was done with one part of the product on one day is one line, of each person on a contact's page and of
all people together on an account's. Facts that were just committed are
there at once, before the projector took them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import msgspec
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proofline.timeline import speaking, store, troubles
from proofline.timeline.events import BEHAVIOUR, FACT, GROUP, IDENTIFY, PAGE, SCREEN, TRACK, Event
from proofline.timeline.folding import Told, place, stored
from proofline.timeline.models import Batch
from proofline.timeline.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

JUST_COMMITTED = 200
"""So many batches that wait for the projector are looked through."""
SALT = "timeline.feed"
SECONDS_A_PAGE_LASTS = 24 * 3600
FILTERS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "": (_("All"), (FACT, *BEHAVIOUR, IDENTIFY, GROUP)),
    "sale": (_("What we did"), (FACT,)),
    "use": (_("Product use"), (TRACK,)),
    "visits": (_("Visits"), (PAGE, SCREEN)),
}
"""What a reader may choose: its word and the events' kinds."""
END = datetime(2299, 1, 1, tzinfo=UTC)
LAST_ID = "f" * 32


@dataclass(frozen=True)
class Item:
    """One line of the feed."""

    at: datetime
    id: str
    kind: str
    name: str
    who: str
    """Who did it; "" when nobody in particular did."""
    sentence: str
    count: int = 1

    @property
    def is_fact(self) -> bool:
        """Whether it is a fact of the sale."""
        return self.kind == FACT

    @property
    def icon(self) -> str:
        """The icon of its kind."""
        return {FACT: "point", "track": "activity", IDENTIFY: "user-check", GROUP: "users"}.get(self.kind, "eye")


@dataclass(frozen=True)
class Feed:
    """One page of a feed."""

    scope: Scope
    items: list[Item]
    more: str = ""
    """The cursor of the next page, "" when this is the last."""
    before: str = ""
    filter: str = ""
    down: bool = False
    """The columnar store did not answer: only what waits in the inbox is here."""
    user: int | None = field(default=None, repr=False)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def days(self) -> list[tuple[date | None, list[Item]]]:
        """Return the items by day; no day stands above the first ones when the page before ended in the same day."""
        days = groupby(self.items, key=lambda item: timezone.localtime(item.at).date())
        shown = timezone.localtime(_cursor(self.before)[0]).date() if self.before else None
        return [(None if day == shown else day, list(items)) for day, items in days]

    @property
    def filters(self) -> list[tuple[str, Any]]:
        """What the reader may choose to see: (name, word)."""
        return [(name, word) for name, (word, _kinds) in FILTERS.items()]

    @property
    def token(self) -> str:
        """What lets the same user ask for further pages of this feed."""
        scope = self.scope
        whose = [scope.account, scope.contact, scope.subject, scope.email, scope.person, self.user]
        return signing.dumps(whose, salt=SALT)


def feed(
    *,
    account: int | None = None,
    contact: int | None = None,
    person: int | None = None,
    subject: tuple[str, int] | None = None,
    kinds: Sequence[str] | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Feed:
    """Return a page of what happened around an account, a contact, a person or a record, newest first.

    Args:
        account: id; its people's doings are included.
        contact: id.
        person: id; what they and all who became them did, beside the facts of `contact`.
        subject: kind and id of a record: ("deal", 7).
        kinds: events' kinds ("fact", "track", …); all when None.
        before: the `more` of the page before.
        limit: lines a page.
    """
    return page(Scope(account, contact, subject, person=person), kinds=kinds, before=before or "", limit=limit)


def page(
    scope: Scope,
    *,
    chosen: str = "",
    kinds: Sequence[str] | None = None,
    before: str = "",
    limit: int = 50,
    user: int | None = None,
) -> Feed:
    """Return a page of the feed of a scope, with what the reader chose of `FILTERS`, for this user to page on."""
    chosen = chosen if chosen in FILTERS else ""
    wanted = list(kinds or FILTERS[chosen][1])
    start = _cursor(before)
    committed = _just_committed(scope) if FACT in wanted else []
    down = False
    try:
        found = stored(scope, kinds=wanted, start=start, limit=limit + 1)
    except store.StoreError as error:
        troubles.EVENTS.failed(troubles.READING, error)
        found, down = [], True
    else:
        troubles.EVENTS.passed(troubles.READING)
    there = {told.event.id for told in found}
    found += [Told(event) for event in committed if event.id not in there and place(event.at, event.id) < place(*start)]
    found.sort(key=lambda told: place(told.event.at, told.event.id), reverse=True)
    more = found[limit - 1].event if len(found) > limit else None
    return Feed(
        scope=scope,
        items=_items(found[:limit]),
        more=f"{more.at.isoformat()}_{more.id}" if more else "",
        before=before if start != (END, LAST_ID) else "",
        filter=chosen,
        down=down,
        user=user,
    )


def opened(token: str, *, user: int | None) -> Scope | None:
    """Return the scope of a token that this user was given, None when it is another's, too old or forged."""
    try:
        account, contact, subject, email, person, whose = signing.loads(token, salt=SALT, max_age=SECONDS_A_PAGE_LASTS)
    except (signing.BadSignature, ValueError):
        return None
    scope = Scope(account, contact, subject and (subject[0], subject[1]), email, person)
    return scope if whose == user else None


def _just_committed(scope: Scope) -> list[Event]:
    """Return the scope's facts that wait for the projector: readers see their own actions at once."""
    waiting = Batch.objects.pending().filter(kind=Batch.Kind.FACTS).reverse()[:JUST_COMMITTED]
    decode = msgspec.json.Decoder(list[Event]).decode
    return [event for batch in waiting for event in decode(batch.content) if scope.covers(event)]


def _items(found: Sequence[Told]) -> list[Item]:
    names = speaking.names([told.event for told in found])
    return [
        Item(
            at=told.event.at,
            id=told.event.id,
            kind=told.event.kind,
            name=told.event.name,
            who=names.of(told.event) if told.people <= 1 else speaking.people(told.people),
            sentence=speaking.sentence(told.event, count=told.times, label=told.label),
            count=told.times,
        )
        for told in found
    ]


def _cursor(text: str) -> tuple[datetime, str]:
    """Return where to go on; a cursor that can't be read means the beginning."""
    at, _sign, one = text.partition("_")
    try:
        return datetime.fromisoformat(at).astimezone(UTC), uuid.UUID(one).hex
    except ValueError:
        return END, LAST_ID
