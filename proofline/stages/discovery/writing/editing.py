"""What an author does with blocks: each verb takes the row, changes one thing and keeps it, so that two authors do not undo each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from proofline.stages.discovery.models import Proposal
from proofline.stages.discovery.writing import content as contents
from proofline.stages.discovery.writing.content import Block

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from proofline.records.models import Evidence, User
    from proofline.stages.discovery.writing.content import Content


def add_block(
    proposal: Proposal, *, by: User | None, now: datetime, kind: str, after: str | None = None, **values: Any
) -> Block:
    """Add a block of an author's own after another one; at the end where `after` is None.

    Raises:
        ValidationError: there is no such kind, or a value can't be kept.
    """
    block = Block(key=contents.new_key(), kind=kind, **values)
    if not block.is_own:
        raise ValidationError({"kind": _("There is no block of the kind “%(kind)s”.") % {"kind": kind}})
    contents.check(block)
    _check_image(proposal, block.image)
    _edit(proposal, lambda all_: contents.added(all_, block, after=all_[-1].key if after is None else after), by, now)
    return block


def change_block(
    proposal: Proposal, key: str, *, by: User | None, now: datetime, was: int | None = None, **values: Any
) -> Block:
    """Change a block; `was` is the version that the author saw.

    Raises:
        LookupError: there is no such block.
        StaleBlockError: somebody else changed it meanwhile.
        ValidationError: a value can't be kept.
    """
    if values.get("image"):
        _check_image(proposal, values["image"])
    return contents.find(_edit(proposal, lambda all_: contents.changed(all_, key, was=was, **values), by, now), key)


def move_block(proposal: Proposal, key: str, *, by: User | None, now: datetime, after: str) -> None:
    """Put a block after another one, "" for the beginning.

    Raises:
        LookupError: one of them is not there.
    """
    _edit(proposal, lambda all_: contents.moved(all_, key, after=after), by, now)


def shift_block(proposal: Proposal, key: str, *, by: User | None, now: datetime, down: bool) -> None:
    """Move a block one place.

    Raises:
        LookupError: it is not there.
    """
    _edit(proposal, lambda all_: contents.shifted(all_, key, down=down), by, now)


def remove_block(proposal: Proposal, key: str, *, by: User | None, now: datetime, back: bool = False) -> None:
    """Remove a block of an author's own, or bring it back where it stood.

    Raises:
        LookupError: it is not there.
        ValidationError: it is a generated one, which can be hidden.
    """
    if key in contents.GENERATED:
        raise ValidationError(_("This block is made of records: hide it instead."))
    _edit(proposal, lambda all_: contents.without_old(contents.changed(all_, key, removed=not back)), by, now)


def choose_evidence(proposal: Proposal, items: Sequence[Evidence], *, by: User | None, now: datetime) -> None:
    """Show these stories, in this order."""
    with transaction.atomic():
        order = tuple(item.pk for item in items)
        _edit(proposal, lambda all_: contents.changed(all_, "evidence", evidence=order), by, now)
        proposal.change(by=by, now=now, evidence=list(items))


def _check_image(proposal: Proposal, image: int | None) -> None:
    if image is not None and not proposal.images.filter(pk=image).exists():
        raise ValidationError({"image": _("This picture is not in this proposal.")})


def _edit(proposal: Proposal, verb: Callable[[Content], Content], by: User | None, now: datetime) -> Content:
    with transaction.atomic():
        row = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        row.write(verb(row.content), by=by, now=now)
    for name in ("blocks", "intro", "terms", "with_comparison"):
        setattr(proposal, name, getattr(row, name))
    content: Content = row.content
    return content
