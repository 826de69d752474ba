"""Companies as sources know them: who belongs to which group, and which groups are accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    """Let people join the groups that they said, the last traits of a group count; else the group that their use mentions."""
    said: dict[tuple[int, str], Message] = {}
    mentioned: dict[int, str] = {}
    for message, person, group in zip(messages, people, groups, strict=True):
        if person and group:
            mentioned[person] = group
            if message.type == GROUP:
                said[person, group] = message
    for (person, group), message in said.items():
        identity.join(person=person, group=group, traits=read(message.traits))
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
