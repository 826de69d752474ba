"""A run taken back: what it made goes, what it changed becomes what it was; what has a life of its own by now stays, and why is told."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, transaction
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from proofline.kit import search
from proofline.kit.bulk import update_many
from proofline.kit.imports.journals import Touch
from proofline.kit.lists import kinds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

    from proofline.kit.imports.keeping import Entry, Keeper


SORTED = json.JSONEncoder(sort_keys=True, ensure_ascii=False)
Changes = dict[str, list[Any]]
"""{field: [before, after]}."""


@dataclass
class Undone:
    """What became of records that a run had touched: removed, restored, gone, kept. `kept` says why, as {row, id, name, why}."""

    counts: Counter[str] = field(default_factory=Counter)
    kept: list[dict[str, Any]] = field(default_factory=list)

    def keep(self, touch: Touch, record: Model, why: str) -> None:
        """Note that a record stays as it is, or a part of it, and why."""
        self.counts["kept"] += 1
        self.kept.append({"row": touch.row, "id": touch.record, "name": str(record), "why": why})


def touch_of(entry: Entry, keeper: Keeper[Any]) -> Touch:
    """Return what taking a row back will need."""
    record = entry.record
    if entry.outcome == "created":
        return Touch(entry.number, record.pk, mark_of(record, keeper.state_of(entry)))
    model: type[Model] = type(record)
    columns = {name: item for item in _columns(model) for name in (item.name, item.attname)}
    changes = {
        columns[name].attname: [
            _plain(columns[name], before),
            _plain(columns[name], getattr(record, columns[name].attname)),
        ]
        for name, before in entry.before.items()
        if name in columns
    }
    if state := keeper.state_of(entry):
        changes["state"] = ["", state]
    return Touch(entry.number, record.pk, changes=changes)


def mark_of(record: Model, state: str = "") -> str:
    """Return a mark that stays the same as long as nobody edits the record; `state` is what other records say of it."""
    told = {}
    for item, name in _marked(type(record)):
        value = getattr(record, name)
        if value not in (None, "", {}) and value != item.get_default():
            told[name] = value if type(value) is str else _plain(item, value)
    return blake2b(SORTED.encode([told, state]).encode(), digest_size=8).hexdigest()


@cache
def _columns(model: type[Model]) -> list[Any]:
    """Return the fields that people fill; not the key, nor what notes when the record was written."""
    every: list[Any] = list(model._meta.concrete_fields)  # noqa: SLF001 - Django's documented model API
    return [item for item in every if not item.primary_key and not getattr(item, "auto_now", False)]


@cache
def _marked(model: type[Model]) -> list[tuple[Any, str]]:
    """Return those whose change is one of the record's own, with their attributes."""
    return [(item, item.attname) for item in _columns(model) if item.editable or item.name in {"extra", "custom"}]


def _plain(item: Any, value: Any) -> Any:
    """Return a value as JSON keeps it, the same before it is written and after it is read."""
    if isinstance(value, Decimal):
        return str(value.quantize(Decimal(1).scaleb(-item.decimal_places)))
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def undo_touches(keeper: Keeper[Any], touches: list[Touch]) -> Undone:
    """Take back what was done to these records, the last first, in the caller's transaction."""
    done = Undone()
    found = keeper.records().in_bulk([touch.record for touch in touches])
    allowed = keeper.may_change(list(found.values()))
    made, changed = list[Touch](), list[Touch]()
    for touch in sorted(touches, key=lambda touch: -touch.row):
        record = found.get(touch.record)
        if record is None:
            done.counts["gone"] += 1
        elif record.pk not in allowed:
            done.keep(touch, record, _("is a record that you may not change"))
        else:
            (made if touch.changes is None else changed).append(touch)
    _restore(keeper, [(touch, found[touch.record]) for touch in changed], done)
    _remove(keeper, [(touch, found[touch.record]) for touch in made], done)
    return done


def _remove(keeper: Keeper[Any], made: list[tuple[Touch, Any]], done: Undone) -> None:
    states = keeper.states([record.pk for _touch, record in made])
    going = list[tuple[Touch, Any]]()
    for touch, record in made:
        if mark_of(record, states.get(record.pk, "")) == touch.mark:
            going.append((touch, record))
        else:
            done.keep(touch, record, _("was changed since"))
    needed = _needed(keeper, [record.pk for _touch, record in going])
    while True:  # a record that stays may need another of them
        staying = [pair for pair in going if needed(pair[1].pk, {record.pk for _touch, record in going})]
        if not staying:
            break
        for touch, record in staying:
            why = needed(record.pk, {other.pk for _touch, other in going})
            done.keep(touch, record, _("is needed by others: %(others)s") % {"others": why})
        going = [pair for pair in going if pair not in staying]
    records = [record for _touch, record in going]
    if records:
        keeper.before_remove(records)
        ids = [record.pk for record in records]
        with search.dropping(keeper.model, ids):
            keeper.model._base_manager.filter(pk__in=ids).delete()  # noqa: SLF001
        done.counts["removed"] += len(records)


def _needed(keeper: Keeper[Any], ids: list[int]) -> Any:
    """Return what says of a record by which others it is needed, "" for none, where some of its own kind go too."""
    others, own = defaultdict[int, Counter[str]](Counter), defaultdict[int, set[int]](set)
    for relation in _relations(keeper):
        model, name = relation.related_model, relation.field.name
        rows = model._base_manager.filter(**{f"{name}__in": ids}).order_by()  # noqa: SLF001
        if model is keeper.model:
            for pk, other in rows.values_list(f"{name}_id", "pk"):
                own[pk].add(other)
        else:
            label = _called(model)
            for pk, count in rows.values_list(f"{name}_id").annotate(count=Count("pk")):
                others[pk][label] += count

    for pk, what in keeper.attached(ids):
        others[pk][what] += 1

    def needed(pk: int, going: set[int]) -> str:
        count = len(own[pk] - going)
        found = others[pk] + Counter({_called(keeper.model): count} if count else {})
        return ", ".join(f"{number} × {label}" for label, number in found.items())

    return needed


def _called(model: type[Model]) -> str:
    """Return what people call a record of a model: as its list does, else as the model says in the reader's language."""
    kind = next((kind for kind in kinds() if kind.model is model), None)
    named = model._meta.verbose_name  # noqa: SLF001 - Django's documented model API
    return str(kind.one if kind else named if isinstance(named, Promise) else _("other record"))


def _relations(keeper: Keeper[Any]) -> Iterable[Any]:
    """Return the relations by which other records point at this kind's, but for the parts that come and go with one."""
    own_links = {item.remote_field.through for item in keeper.model._meta.many_to_many}  # noqa: SLF001
    for relation in keeper.model._meta.get_fields(include_hidden=True):  # noqa: SLF001
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            model: Any = relation.related_model
            if model._meta.label not in keeper.own_parts and model not in own_links:  # noqa: SLF001
                yield relation


def _restore(keeper: Keeper[Any], changed: list[tuple[Touch, Any]], done: Undone) -> None:
    restored = list[tuple[Any, Changes]]()
    states = keeper.states([touch.record for touch, _record in changed if "state" in (touch.changes or {})])
    for touch, record in changed:
        changes = dict(touch.changes or {})
        state = changes.pop("state", None)
        if state and not (states.get(record.pk) == state[1] and keeper.undo_state(record)):
            done.keep(touch, record, _("moved on since"))
        going, left = _set_back(record, changes)
        if left:
            done.keep(touch, record, _("was changed since: %(fields)s") % {"fields": ", ".join(left)})
        keeper.stamp([record])
        if going and _written(record, [*going, *keeper.stamped]):
            restored.append((record, going))
        elif going:
            done.keep(touch, record, _("what it was before is another record's now"))
        elif state and not left:
            done.counts["restored"] += 1
    if restored:
        done.counts["restored"] += len(restored)
        search.keep(keeper.model, [record.pk for record, _changes in restored])
        keeper.after_restore(restored)


def _set_back(record: Model, changes: Changes) -> tuple[Changes, list[str]]:
    """Set the fields that still have the run's value to what they were; return those, and the others by their labels."""
    going, left = Changes(), list[str]()
    for item in _columns(type(record)):
        if item.attname not in changes:
            continue
        before, after = changes[item.attname]
        if _plain(item, getattr(record, item.attname)) == after:
            setattr(record, item.attname, item.to_python(before))
            going[item.attname] = [before, after]
        else:
            left.append(str(item.verbose_name))
    return going, left


def _written(record: Model, names: list[str]) -> bool:
    try:
        with transaction.atomic():
            update_many([(record, names)])
    except DatabaseError:
        return False
    return True
