"""Facts of the sale: recorded in the transaction of the action that they tell of."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, TypedDict

import msgspec
from django.db import transaction

from proofline.timeline import catalogue, reactions, waking
from proofline.timeline.events import FACT, Fact, event_id, new_id
from proofline.timeline.models import Batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import NotRequired

ROWS_A_BATCH = 1000


class NotInTransactionError(RuntimeError):
    """A fact was recorded outside of the transaction of its action, so one could be kept without the other."""


class Told(TypedDict):
    """A fact as `record_many` takes it; the same fields as `record`."""

    name: str
    at: datetime
    by: NotRequired[int | None]
    account: NotRequired[int | None]
    contact: NotRequired[int | None]
    subject: NotRequired[tuple[str, int] | None]
    properties: NotRequired[Mapping[str, Any]]
    key: NotRequired[str | None]


def record(
    name: str,
    *,
    at: datetime,
    by: int | None = None,
    account: int | None = None,
    contact: int | None = None,
    subject: tuple[str, int] | None = None,
    properties: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Fact:
    """Record that something happened, in the caller's transaction, and run what follows from it at once.

    Args:
        name: a declared fact, `noun.past_verb`.
        at: when, aware.
        by: id of the staff user who did it.
        account: id of the account that it is about.
        contact: id of the contact that it is about, or who did it.
        subject: kind and id of the record that it is about: ("deal", 7).
        properties: plain values; a Decimal becomes its text, a date ISO's.
        key: two facts of one name and key are the same fact: counted once, reacted to once.

    Raises:
        UndeclaredFactError: no room has declared the name.
        NotInTransactionError: there is no open transaction.
    """
    told: Told = {
        "name": name,
        "at": at,
        "by": by,
        "account": account,
        "contact": contact,
        "subject": subject,
        "properties": properties or {},
        "key": key,
    }
    _require_transaction()
    fact = _fact(told)
    _keep([fact], kind=Batch.Kind.FACTS)
    reactions.at_once(fact, keyed=key is not None)
    return fact


def record_many(told: Iterable[Told]) -> int:
    """Record facts of the past, as an import brings them, a thousand to a batch; nothing reacts. Return how many.

    Raises:
        UndeclaredFactError: no room has declared a name.
        NotInTransactionError: there is no open transaction.
    """
    _require_transaction()
    facts = map(_fact, told)
    count = 0
    while some := list(islice(facts, ROWS_A_BATCH)):
        _keep(some, kind=Batch.Kind.HISTORY)
        count += len(some)
    return count


def _fact(told: Told) -> Fact:
    name, key, at = told["name"], told.get("key"), told["at"]
    catalogue.get(name)
    if at.tzinfo is None:
        raise ValueError(f"The time of {name} has no time zone: {at}")
    subject_kind, subject_id = told.get("subject") or ("", None)
    return Fact(
        id=new_id() if key is None else event_id(FACT, name, key),
        name=name,
        kind=FACT,
        at=at.astimezone(UTC),
        received_at=datetime.now(UTC),
        contact_id=told.get("contact"),
        account_id=told.get("account"),
        user_id=told.get("by"),
        subject_kind=subject_kind,
        subject_id=subject_id,
        properties=msgspec.to_builtins(dict(told.get("properties") or {}), str_keys=True, enc_hook=str),
    )


def _keep(facts: list[Fact], *, kind: str) -> None:
    Batch.add(kind=kind, body=msgspec.json.encode(facts), count=len(facts), received_at=facts[0].received_at)
    transaction.on_commit(waking.wake)


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransactionError("Record facts inside transaction.atomic(), together with their records")
