"""What a proposal consists of: blocks in an order. Content in, content out; what can't be kept is refused in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from proofline.stages.discovery.texts import fault_of

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_BLOCKS = 120
LONGEST_TEXT = 20_000
LONGEST_HEADING = 200
MOST_MILESTONES = 40
MOST_DAYS = 2_000
MOST_REMOVED = 20
"""How many removed blocks can be brought back."""

GENERATED = (
    "summary", "needs", "value", "change", "work", "comparison", "evidence", "configuration", "plan", "price", "terms",
)  # fmt: skip
"""What is made of records, in the order in which a proposal begins."""
OWN = {
    "text": pgettext_lazy("block", "Text"),
    "image": pgettext_lazy("block", "Picture"),
    "quote": pgettext_lazy("block", "Quote"),
}
"""What an author adds."""


class Milestone(msgspec.Struct, frozen=True, omit_defaults=True):
    """A step of the plan: on a day, or so many working days after the start, and who does it."""

    name: str
    on: str = ""
    days: int | None = None
    who: str = ""


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """A block. `text` is what an author writes there, in Markdown: of a generated block, its own introduction."""

    key: str
    kind: str
    version: int = 0
    hidden: bool = False
    removed: bool = False
    heading: str = ""
    text: str = ""
    source: str = ""
    image: int | None = None
    alt: str = ""
    milestones: tuple[Milestone, ...] = ()
    evidence: tuple[int, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether an author added it."""
        return self.kind in OWN


Content = tuple[Block, ...]


class StaleBlockError(ValidationError):
    """A colleague changed the block meanwhile; `block` is what it says now."""

    def __init__(self, block: Block) -> None:
        super().__init__(_("A colleague changed this block meanwhile. Look at both, then save again."))
        self.block = block


def read(kept: Any) -> Content:
    """Read the blocks that a proposal keeps; generated blocks that it does not know yet stand where they begin.

    Raises:
        ValidationError: they can't be read; says which block and why.
    """
    try:
        blocks = msgspec.convert(kept, type=list[Block])
    except msgspec.ValidationError as error:
        raise ValidationError(_("The blocks can't be read: %(why)s") % {"why": error}) from error
    seen: set[str] = set()
    for block in blocks:
        check(block)
        if block.key in seen:
            raise ValidationError(_("Two blocks have the name “%(key)s”.") % {"key": block.key})
        seen.add(block.key)
    if sum(not block.removed for block in blocks) > MOST_BLOCKS:
        raise ValidationError(_("A proposal has at most %(most)s blocks.") % {"most": MOST_BLOCKS})
    return _with_generated(blocks)


def _with_generated(blocks: list[Block]) -> Content:
    keys = [block.key for block in blocks]
    for number, kind in enumerate(GENERATED):
        if kind not in keys:
            before = next((keys.index(one) + 1 for one in reversed(GENERATED[:number]) if one in keys), 0)
            keys.insert(before, kind)
            blocks.insert(before, Block(kind, kind))
    return tuple(blocks)


def written(content: Content) -> list[dict[str, Any]]:
    """Return the blocks as a proposal keeps them."""
    kept: list[dict[str, Any]] = msgspec.to_builtins(content)
    return kept


def check(block: Block) -> None:
    """Refuse a block that can't be shown.

    Raises:
        ValidationError: by field.
    """
    errors: dict[str, str] = {}
    if block.kind in GENERATED:
        if block.key != block.kind or block.removed:
            errors["key"] = _("The block “%(key)s” is no block of the author's own.") % {"key": block.key}
    elif block.kind not in OWN or not block.key.startswith("block-") or len(block.key) > 20:  # noqa: PLR2004 - what a reading keeps
        errors["kind"] = _("There is no block of the kind “%(kind)s”.") % {"kind": block.kind}
    for field, most in {
        "heading": LONGEST_HEADING,
        "source": LONGEST_HEADING,
        "alt": 300,
        "text": LONGEST_TEXT,
    }.items():
        if fault := fault_of(getattr(block, field), most=most):
            errors[field] = fault
    if wrong := _wrong_plan(block.milestones):
        errors["milestones"] = wrong
    if errors:
        raise ValidationError(errors)


def _wrong_plan(milestones: tuple[Milestone, ...]) -> str:
    if len(milestones) > MOST_MILESTONES:
        return _("A plan has at most %(most)s milestones.") % {"most": MOST_MILESTONES}
    for number, one in enumerate(milestones, 1):
        if not one.name.strip() or len(one.name) > LONGEST_HEADING or len(one.who) > LONGEST_HEADING:
            return _("Milestone %(number)s has no name, or too long a text.") % {"number": number}
        if (one.on and _day(one.on) is None) or (one.days is not None and not 0 <= one.days <= MOST_DAYS):
            return _(
                "Milestone %(number)s, “%(name)s”: write a day such as 2026-12-01, or working days such as 10."
            ) % {
                "number": number,
                "name": one.name,
            }
    return ""


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None


def parse_plan(text: str) -> tuple[Milestone, ...]:
    """Read a plan as people type it, a milestone a line: "First reports | 10 | we", "Go-live | 2026-12-01 | both".

    Raises:
        ValidationError: a line can't be read; says which and why.
    """
    found = []
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), 1):
        name, when, who = ([part.strip() for part in line.split("|", 2)] + ["", ""])[:3]
        if when and not (when.isascii() and when.isdigit()) and _day(when) is None:
            told = {"number": number, "name": name}
            raise ValidationError(
                _("Milestone %(number)s, “%(name)s”: write a day such as 2026-12-01, or working days such as 10.")
                % told
            )
        days = int(when) if when.isdigit() and len(when) < 10 else None  # noqa: PLR2004 - more is no number of days
        found.append(Milestone(name=name, on="" if days is not None else when, days=days, who=who))
    if wrong := _wrong_plan(tuple(found)):
        raise ValidationError(wrong)
    return tuple(found)


def plan_lines(milestones: Iterable[Milestone]) -> str:
    """Write a plan as `parse_plan` reads it."""
    return "\n".join(
        " | ".join((one.name, str(one.days) if one.days is not None else one.on, one.who)).rstrip(" |")
        for one in milestones
    )


def find(content: Content, key: str) -> Block:
    """Return the block, removed ones too.

    Raises:
        LookupError: there is none.
    """
    for block in content:
        if block.key == key:
            return block
    raise LookupError(key)


def added(content: Content, block: Block, *, after: str = "") -> Content:
    """Put a block after another one, before all others where `after` is "", at the end where that one is gone."""
    keys = [one.key for one in content]
    here = 0 if not after else (keys.index(after) + 1 if after in keys else len(keys))
    return (*content[:here], block, *content[here:])


def changed(content: Content, key: str, *, was: int | None = None, **values: Any) -> Content:
    """Change a block. `was` is the version that the author saw; None changes whatever it says now.

    Raises:
        LookupError: there is no such block.
        StaleBlockError: somebody else changed it meanwhile to something else.
        ValidationError: a value can't be kept.
    """
    block = find(content, key)
    new = msgspec.structs.replace(block, **values)
    if new == block:
        return content
    if was is not None and was != block.version:
        raise StaleBlockError(block)
    new = msgspec.structs.replace(new, version=block.version + 1)
    check(new)
    return tuple(new if one.key == key else one for one in content)


def moved(content: Content, key: str, *, after: str) -> Content:
    """Put a block after another one; at the beginning where `after` is "".

    Raises:
        LookupError: there is no such block.
    """
    block = find(content, key)
    if after == key:
        return content
    if after:
        find(content, after)
    return added(tuple(one for one in content if one.key != key), block, after=after)


def shifted(content: Content, key: str, *, down: bool) -> Content:
    """Move a block one place, past what is removed.

    Raises:
        LookupError: there is no such block.
    """
    find(content, key)
    keys = [one.key for one in content if not one.removed or one.key == key]
    here = keys.index(key)
    if not 0 <= here + (1 if down else -1) < len(keys):
        return content
    if down:
        return moved(content, key, after=keys[here + 1])
    return moved(content, key, after=keys[here - 2] if here > 1 else "")


def new_key() -> str:
    """Return the key of a new block of an author's own."""
    return f"block-{uuid4().hex[:10]}"


def without_old(content: Content) -> Content:
    """Forget what was removed long ago."""
    removed = [block.key for block in content if block.removed][:-MOST_REMOVED]
    return tuple(block for block in content if block.key not in removed)
