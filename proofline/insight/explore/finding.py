"""What there is to choose from: events, fields and their values, as far as the viewer may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.insight.explore import wording
from proofline.insight.scope import audience_of
from proofline.records.models import Account
from proofline.timeline import query
from proofline.timeline.models import Source
from proofline.timeline.query import fields as known

if TYPE_CHECKING:
    from collections.abc import Collection

    from proofline.insight.explore.asked import Asked
    from proofline.records.models import User

SHOWN = 50
RECORDS = {"person": "contacts", "account": "accounts"}
"""What of an audience limits whose fields one sees."""


@dataclass(frozen=True)
class Found:
    """Something that can be looked at: as a filter or breakdown names it, and how it is called."""

    of: str
    name: str
    label: str
    is_number: bool = False


def events(*, find: str, user: User) -> list[tuple[str, int]]:
    """Return the events whose names contain a text with how often they came lately, the most frequent first.

    Raises:
        StoreError: the events can't be read.
    """
    found = query.names(audience=audience_of(user))
    return [(name, times) for name, times in found if find.casefold() in name.casefold()][:SHOWN]


def fields(asked: Asked, *, at: int | None, user: User) -> list[Found]:
    """Return what can be looked at: properties of the event at a place (None: of any), then fields of people and accounts.

    Raises:
        StoreError: the events can't be read.
    """
    found = [
        Found(one.of, one.name, one.name, is_number="number" in one.types)
        for one in query.properties(_event(asked, at), audience=audience_of(user))
        if one.name
    ]
    records = [Found(one.of, one.name, str(one.label)) for of in RECORDS for one in known.registered(of)]
    single = [Found(of, "", wording.field(of, "")) for of in ("event", "source", "kind")]
    return [*found, *records, Found("account", "id", _("Account")), *single]


def labels() -> dict[tuple[str, str], str]:
    """Return how the fields of people and accounts are called."""
    found = {(one.of, one.name): str(one.label) for of in RECORDS for one in known.registered(of)}
    return found | {("account", "id"): _("Account"), ("person", "id"): _("Person")}


def values(asked: Asked, *, of: str, name: str, at: int | None, find: str, user: User) -> list[tuple[str, str]]:
    """Return values that occur, as (what a filter compares with, how it is called).

    Raises:
        QuestionError: there is no such field.
        StoreError: the events can't be read.
    """
    if of in {"property", "context"}:
        found = query.values(_event(asked, at), name, of=of, starts_with=find, limit=SHOWN, audience=audience_of(user))
        return [(value, value) for value, _times in found]
    if of == "event":
        return [(event, event) for event, _times in events(find=find, user=user)]
    if of == "kind":
        return [(key, str(label)) for key, label in wording.KINDS_OF_EVENT.items() if _fits(find, str(label))]
    if of == "source":
        return [
            (source, source)
            for source in Source.objects.order_by("name").values_list("name", flat=True)
            if _fits(find, source)
        ]
    if (of, name) == ("account", "id"):
        accounts = Account.objects.visible_to(user).filter(name__icontains=find).order_by("name")[:SHOWN]
        return [(str(pk), label) for pk, label in accounts.values_list("pk", "name")]
    return _of_records(of, name, find=find, user=user)


def account_names(ids: Collection[str], *, user: User) -> dict[str, str]:
    """Return how accounts are called that the user may see, by their ids as text."""
    wanted = [int(pk) for pk in ids if pk.isascii() and pk.isdigit() and len(pk) < len(str(2**63))]
    found = Account.objects.visible_to(user).filter(pk__in=wanted).values_list("pk", "name")
    return {str(pk): name for pk, name in found}


def _of_records(of: str, name: str, *, find: str, user: User) -> list[tuple[str, str]]:
    """Return the values of a field of people or accounts, of those alone that the user may see."""
    audience, whole = audience_of(user), known.field(of, name, at="").values()
    seen = whole.keys() if audience is None else whole.keys() & getattr(audience, RECORDS[of])
    found = sorted({whole[pk] for pk in seen if _fits(find, whole[pk])})[:SHOWN]
    return [(value, value) for value in found]


def _event(asked: Asked, at: int | None) -> str | None:
    name = asked.events[at].get("event") if at is not None and at < len(asked.events) else None
    return name if isinstance(name, str) else None


def _fits(find: str, text: str) -> bool:
    return find.casefold() in text.casefold()
