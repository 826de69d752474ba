"""Companies as sources know them: who belongs to which group, and which groups are accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proofline.timeline import identity
from proofline.timeline.contents import read
from proofline.timeline.events import GROUP
from proofline.timeline.models import Group
from proofline.timeline.models.people import LONGEST_KEY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.timeline.recognising import Known
    from proofline.timeline.segment import Message

CHUNK = 500


def join(
    messages: Sequence[Message], people: Sequence[int | None], groups: Sequence[str | None], *, known: Known
) -> None:
    """Let groups have the traits that were said, and people join the groups that they came for; else the one that their use mentions.

    Of several values of a trait the last counts. What is said in nobody's name describes the group, and nobody joins.
    """
    traits: dict[str, dict[str, Any]] = {}
    said: dict[tuple[int, str], None] = {}
    mentioned: dict[int, str] = {}
    for message, person, group in zip(messages, people, groups, strict=True):
        if person and group:
            mentioned[person] = group
        if group and message.type == GROUP:
            traits.setdefault(group, {}).update(read(message.traits))
            if person:
                said[person, group] = None
    for group, given in traits.items():
        Group.named(group, traits=given)
    for person, group in said:
        identity.join(person=person, group=group, traits={})
    known.forget(person for person, _group in said)
    who = known.who(mentioned)
    alone = [person for person in mentioned if who[person].group is None]
    for person in alone:
        identity.join(person=person, group=mentioned[person], traits={})
    known.forget(alone)


def accounts_of(keys: set[str]) -> dict[str, int]:
    """Return the account of each group that is tied to one."""
    listed = sorted(key[:LONGEST_KEY] for key in keys)
    found: dict[str, int] = {}
    for start in range(0, len(listed), CHUNK):
        groups = Group.objects.filter(key__in=listed[start : start + CHUNK], account_id__isnull=False)
        found |= {key: account for key, account in groups.values_list("key", "account_id") if account}
    return found
