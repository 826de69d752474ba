"""Taking a person out of what the record store keeps beside the inbox: of the timeline, of its jobs, and of the rooms above.

All of it happens in the transaction that ends an erasure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from django.db.models import Q

from proofline.kit import jobs
from proofline.timeline import exports
from proofline.timeline.bodies import message_without
from proofline.timeline.models import Effect, Firing, Group, Merge, Person, PersonKey, Quarantined, Separation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from proofline.timeline.models import Erasure
    from proofline.timeline.traces import Traces

    Forget = Callable[[Traces], int]

CHUNK = 1_000
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_rooms: dict[str, Forget] = {}


def on_erasure(name: str, function: Forget) -> None:
    """Let a room take a person out of its own records.

    Args:
        name: the room's own.
        function: gets the person's traces, and returns how many records it changed. It may be called again without harm, within
            the transaction that ends the erasure; when it raises, the erasure is done again later.
    """
    _rooms[name] = function


def in_records(erasure: Erasure, traces: Traces, *, now: datetime) -> None:
    """Delete their keys and what else is kept of them, in an open transaction; what is left of them are ids."""
    people = sorted(traces.people)
    erasure.count("quarantined", _empty_quarantine(traces, by=erasure.by, now=now))
    erasure.count("effects", _empty_effects(traces, now=now))
    erasure.count("firings", _forget_firings(people))
    erasure.count("exports", exports.remove_all(now=now))
    Merge.objects.filter(Q(person__in=people) | Q(into__in=people)).delete()
    Separation.objects.filter(Q(person__in=people) | Q(other__in=people)).delete()
    mentions = _leave_groups(traces) + jobs.redact(traces.redacted)
    erasure.count("mentions", mentions + sum(forget(traces) for forget in _rooms.values()))
    keys, _by_model = PersonKey.objects.filter(person__in=people).delete()
    erasure.count("keys", keys)
    Person.objects.filter(pk__in=people).update(
        canonical=None, contact_id=None, account_id=None, group=None, erased_at=now, stale=True
    )


def _empty_quarantine(traces: Traces, *, by: int | None, now: datetime) -> int:
    """Leave of refused events that speak of the person only that there was one; of others that left, nothing but that."""
    theirs = [
        row.pk
        for row in Quarantined.objects.exclude(payload=b"").iterator(chunk_size=500)
        if _speaks(traces, bytes(row.payload), whole=row.is_whole)
        or traces.name_in(row.error)
        or _is_named(traces, bytes(row.envelope))
    ]
    for start in range(0, len(theirs), CHUNK):
        rows = Quarantined.objects.filter(pk__in=theirs[start : start + CHUNK])
        rows.update(payload=b"", envelope=b"{}", error="", reason="")
        left = {"left_at": now, "left_by": by, "outcome": Quarantined.Outcome.DISCARDED}
        rows.filter(left_at=None).update(**left)
    Quarantined.objects.emptied().exclude(error="", reason="").update(error="", reason="")
    return len(theirs)


def _speaks(traces: Traces, payload: bytes, *, whole: bool) -> bool:
    return traces.is_spelt_in(payload) if whole else message_without(traces, payload)[0] != payload


def _is_named(traces: Traces, raw: bytes) -> bool:
    if not traces.may_be_in(raw):
        return False
    fields = _decode(raw)
    return fields.get("person") in traces.people or traces.redacted(fields) != fields


def _empty_effects(traces: Traces, *, now: datetime) -> int:
    """Try no reaction any more to what is erased; return how many there were."""
    theirs = [
        effect.pk
        for effect in Effect.objects.failed().exclude(event=b"").iterator(chunk_size=500)
        if _is_named(traces, bytes(effect.event)) or traces.name_in(effect.error)
    ]
    for start in range(0, len(theirs), CHUNK):
        rows = Effect.objects.filter(pk__in=theirs[start : start + CHUNK])
        rows.update(done_at=now, next_at=None, event=b"", error="")
    return len(theirs)


def _forget_firings(people: Collection[int]) -> int:
    """Forget which rules fired for them, and for the contacts that nobody else is; return how many firings that were."""
    living = Person.objects.canonical().filter(erased_at=None).exclude(pk__in=people)
    contacts = set(Person.objects.filter(pk__in=people, contact_id__isnull=False).values_list("contact_id", flat=True))
    contacts -= set(living.filter(contact_id__in=contacts).values_list("contact_id", flat=True))
    theirs = Q(subject_kind="person", subject_id__in=people) | Q(subject_kind="contact", subject_id__in=contacts)
    gone, _by_model = Firing.objects.filter(theirs).delete()
    return gone


def _leave_groups(traces: Traces) -> int:
    """Let groups say nothing of them: one that is called as they are goes, one where they were alone has said nothing."""
    changed = 0
    own = set(Person.objects.filter(pk__in=traces.people, group__isnull=False).values_list("group", flat=True))
    others = Person.objects.filter(group__in=own).exclude(pk__in=traces.people)
    alone = own - set(others.values_list("group", flat=True))
    for group in Group.objects.iterator(chunk_size=500):
        said = {} if group.pk in alone else traces.redacted(group.traits)
        if traces.redacted(group.key) != group.key or (group.pk in alone and not group.account_id):
            group.delete()
        elif said != group.traits:
            group.traits = said
            group.save(update_fields=["traits"])
        else:
            continue
        changed += 1
    return changed
