"""What stands on the page of every main record: facts to edit in place, its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from proofline.records import kinds, more
from proofline.records.belonging import AREA
from proofline.records.due import due_words, snoozes
from proofline.records.lists.rows import rows_html
from proofline.records.models import Note, RecordFile
from proofline.records.showing import is_empty, label_of, value_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from proofline.records.kinds import Kind
    from proofline.records.lists import RecordList
    from proofline.records.models import Task, User

register = template.Library()
MOST_NOTES, MOST_FILES = 10, 20
"""So many stand on a record's page; its own page of notes or files has them all."""
ALL = 500


def shown(user: User, kind: Kind, record: Any, fact: str) -> dict[str, Any]:
    """Return a fact's value as the user sees it, and the address of its editor where they may edit it."""
    parts = [value_html(record, name, user=user) for name in kind.fields_of(fact) if name != "currency"]
    empty = is_empty(record, fact)
    edits = kind.has(fact) and user.may_write(record.write_area) and kind.may_edit(record)
    return {
        "value": parts[0],
        "others": [] if empty else [part for part in parts[1:] if part],
        "empty": empty,
        "edit": reverse(f"records:{kind.name}_fact", args=[record.pk, fact]) if edits else "",
        "label": label_of(kind.model, fact),
    }


@register.inclusion_tag("records/parts/fact.html", takes_context=True)
def record_fact(
    context: template.Context, record: Any, fact: str, label: str = "", *, always: bool = False
) -> dict[str, Any]:
    """Show a fact of a main record, to be edited where it stands by who may; an empty one that a reader can't fill stays away."""
    found = shown(context["request"].user, _kind(record), record, fact)
    return found | {"label": label or found["label"], "hidden": found["empty"] and not found["edit"] and not always}


@register.inclusion_tag("records/parts/fact_here.html", takes_context=True)
def fact_here(context: template.Context, record: Any, fact: str) -> dict[str, Any]:
    """Show a fact's value without its label, to be edited where it stands: the record's name in its head."""
    return shown(context["request"].user, _kind(record), record, fact)


@register.inclusion_tag("records/parts/more_facts.html", takes_context=True)
def more_facts(context: template.Context, record: Any) -> dict[str, Any]:
    """Show the record's custom fields, to be edited where they stand; nothing where its kind has none."""
    user = context["request"].user
    fields = type(record).custom_fields()
    made = more.computed(record, user=user)
    kind = _kind(record)
    rows = []
    for one in fields:
        if one.is_computed:
            found = {
                "value": more.html(one, record, user=user, made=made),
                "others": [],
                "edit": "",
                "label": one.label,
            }
            rows.append(found | {"empty": made.get(one.key) is None})
        else:
            rows.append(shown(user, kind, record, one.attribute))
    return {"rows": [row for row in rows if row["edit"] or not row["empty"]]}


@register.inclusion_tag("records/parts/history.html")
def history_of(record: Any) -> dict[str, Any]:
    """Show what changed on a record; it is loaded when it comes into view."""
    return {"url": reverse(f"records:{_kind(record).name}_history", args=[record.pk])}


@register.inclusion_tag("records/parts/segments.html")
def segments_of(record: Any) -> dict[str, Any]:
    """Show in which segments a record was put; it is loaded when it comes into view."""
    return {"url": reverse(f"records:{_kind(record).name}_segments", args=[record.pk])}


def notes_context(
    request: HttpRequest, record: Any, *, editing: Note | None = None, typed: str = "", error: str = "", most: int = ALL
) -> dict[str, Any]:
    """Return what the card of a record's notes shows; `editing` is the note whose editor is open."""
    kind = _kind(record)
    found = Note.objects.of(kind.name, record.pk)[: most + 1].with_names()
    for note in found:
        note.mine = note.may_change(request.user)  # type: ignore[attr-defined]
        note.removable = note.may_remove(request.user)  # type: ignore[attr-defined]
    return {
        "record": record,
        "notes": found[:most],
        "more": len(found) > most,
        "editing": editing,
        "typed": typed,
        "error": error,
        "may_note": request.user.may_write(AREA),
        "notes_url": reverse(f"records:{kind.name}_notes", args=[record.pk]),
        "colleagues_url": reverse(f"records:{kind.name}_colleagues", args=[record.pk]),
    }


@register.inclusion_tag("records/parts/notes.html", takes_context=True)
def notes_of(context: template.Context, record: Any) -> dict[str, Any]:
    """Show a record's notes, with a place to write one."""
    request = context["request"]
    return notes_context(request, record, most=MOST_NOTES) | {"csrf_token": context.get("csrf_token")}


def files_context(
    request: HttpRequest, record: Any, *, errors: list[str] | None = None, most: int = ALL
) -> dict[str, Any]:
    """Return what the card of a record's files shows."""
    kind = _kind(record)
    found = list(RecordFile.objects.of(kind.name, record.pk)[: most + 1])
    return {
        "record": record,
        "files": found[:most],
        "more": len(found) > most,
        "errors": errors,
        "may_attach": request.user.may_write(AREA),
        "files_url": reverse(f"records:{kind.name}_files", args=[record.pk]),
        "megabytes": settings.FILE_MB,
        "types": ",".join(f".{ending}" for ending in settings.FILE_TYPES),
    }


@register.inclusion_tag("records/parts/files.html", takes_context=True)
def files_of(context: template.Context, record: Any) -> dict[str, Any]:
    """Show a record's files, with a place to drop some."""
    request = context["request"]
    return files_context(request, record, most=MOST_FILES) | {"csrf_token": context.get("csrf_token")}


@register.simple_tag(takes_context=True)
def record_rows(context: template.Context, listing: RecordList, rows: Sequence[Any]) -> SafeString:
    """Show rows of a list: to be marked, and their cells to be edited where they stand by who may."""
    return rows_html(listing, rows, context)


def _kind(record: Any) -> Kind:
    kind = kinds.of(record)
    if kind is None:
        raise TypeError(f"{record!r} is no main record; see config/kinds.py")
    return kind


@register.inclusion_tag("records/parts/due.html")
def due(task: Task) -> dict[str, Any]:
    """Say when a task is due, late ones in red."""
    now = timezone.now()
    late = task.due_at is not None and task.due_at < now and not hasattr(task, "completion")
    return {"words": due_words(task, now=now), "late": late, "task": task}


@register.simple_tag
def put_off() -> list[tuple[str, str]]:
    """Return the days to which a task can be put off."""
    return snoozes(now=timezone.now())
