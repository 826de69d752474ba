"""Of what people are told: the kinds of notifications, in words that are chosen when somebody reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notification. Places of its sentences are `%(by)s`, `%(title)s` and what else it was told with."""

    name: str
    label: Any
    """What a person chooses: "A task for me"."""
    sentence: Any
    by_itself: Any = ""
    """The sentence where nobody did it; empty where somebody always did, or where the sentence names nobody."""
    icon: str = "bell"


class UnknownNoticeError(LookupError):
    """Nobody declared a kind of notification by this name."""


_kinds: dict[str, NoticeKind] = {}


def declare(name: str, *, label: Any, sentence: Any, by_itself: Any = "", icon: str = "bell") -> None:
    """Let people be told of a kind of thing, and choose whether they want to be."""
    _kinds[name] = NoticeKind(name, label, sentence, by_itself, icon)


def kinds() -> list[NoticeKind]:
    """Return all kinds, as they were declared."""
    return list(_kinds.values())


def kind_named(name: str) -> NoticeKind:
    """Return the kind.

    Raises:
        UnknownNoticeError: there is none of this name.
    """
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownNoticeError(name) from None


declare(
    "mention",
    label=_("I am mentioned in a note"),
    sentence=_("%(by)s mentioned you: %(title)s"),
    by_itself=_("You were mentioned: %(title)s"),
    icon="at",
)
declare(
    "record_assigned",
    label=_("A record becomes mine"),
    sentence=_("%(by)s made you the owner of %(title)s"),
    by_itself=_("%(title)s is yours now"),
    icon="user-share",
)
declare(
    "task_assigned",
    label=_("A task becomes mine"),
    sentence=_("%(by)s gave you a task: %(title)s"),
    by_itself=_("A task for you: %(title)s"),
    icon="checklist",
)
declare("task_due", label=_("A reminder of a task"), sentence=_("Reminder: %(title)s"), icon="alarm")
declare("task_overdue", label=_("A task of mine is overdue"), sentence=_("Overdue: %(title)s"), icon="calendar-x")
declare("import_finished", label=_("My import ended"), sentence=_("Import finished: %(title)s"), icon="file-import")
declare(
    "bulk_finished",
    label=_("My change of many records ended"),
    sentence=_("Your change of %(total)s records is done"),
    icon="list-check",
)
declare(
    "duplicates_found",
    label=_("A search for duplicates ended"),
    sentence=_("The search for duplicates is done; found: %(found)s"),
    icon="copy",
)
