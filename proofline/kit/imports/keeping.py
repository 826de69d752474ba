"""Rows become records: found again or made, compared, written in bulk with the facts that they imply."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext as _

from proofline.kit.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from proofline.kit.imports.known import Known

ModelT = TypeVar("ModelT", bound=models.Model)
Key = tuple[str, Any]


class Outcome(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass
class Entry:
    """A row that was read: its values by field, the cells of columns that fill no field, and what is to become of it."""

    number: int
    values: dict[str, Any]
    extra: dict[str, str]
    outcome: Outcome = Outcome.UNCHANGED
    problem: str = ""
    problem_field: str = ""
    record: Any = None
    changed: list[str] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)

    def reject(self, problem: str, *, field_name: str = "") -> None:
        """Note that the row can't be taken, and why."""
        self.outcome, self.problem, self.problem_field = Outcome.REJECTED, problem, field_name

    @property
    def is_pending(self) -> bool:
        """Whether there is something to write."""
        return self.outcome in {Outcome.CREATED, Outcome.UPDATED}


class Keeper(Generic[ModelT]):
    """Keeps the rows of one run as records of a model. A room's kind of import is a subclass.

    `keys` are the fields by which a record is found again, the surest first; a key of several fields is joined by "+".
    `plan` only reads; `write` writes what was planned. So a check of a file changes nothing.
    """

    model: type[ModelT]
    keys: tuple[str, ...] = ()
    folded: frozenset[str] = frozenset({"name"})
    """Keys that compare whatever their case and spacing."""

    def __init__(self, by: Any, now: datetime) -> None:
        self.by = by
        self.now = now
        self.known: dict[str, Known] = {}
        self.seen: dict[Key, tuple[int, object]] = {}
        self.foreign = {item.name for item in self.model._meta.concrete_fields if item.is_relation}  # noqa: SLF001
        self.own = {item.name for item in self.model._meta.concrete_fields}  # noqa: SLF001

    # What a room's kind fills in

    def find(self, keys: dict[str, set[Any]]) -> Iterable[ModelT]:
        """Return the records that have one of these keys (values by key); more than those does no harm."""
        wanted = models.Q(pk__in=[])
        for name, found in keys.items():
            wanted |= models.Q(**{f"{name}__in": found})
        return self.model._default_manager.filter(wanted)  # noqa: SLF001

    def may_change(self, records: Sequence[ModelT]) -> set[int]:
        """Return the ids of those records that the person who imports may change."""
        return {record.pk for record in records}

    def make(self, entry: Entry) -> ModelT:
        """Return a new record for a row that was not found, not saved yet."""
        record = self.model()
        self.apply(record, entry)
        return record

    def apply(self, record: ModelT, entry: Entry) -> None:
        """Put the row's values on a record; what the row leaves blank stays."""
        for name, value in entry.values.items():
            if name in self.own:
                put(record, entry, f"{name}_id" if name in self.foreign else name, value)
        if entry.extra and "extra" in self.own:
            put(record, entry, "extra", {**record.extra, **entry.extra})  # type: ignore[attr-defined]

    def after_create(self, entries: list[Entry]) -> None:
        """Do what follows from new records, in the same transaction: their facts."""

    def after_update(self, entries: list[Entry]) -> None:
        """Do what follows from changed records, in the same transaction: their facts."""

    def keep_history(self, entries: list[Entry]) -> None:
        """Keep what changed on records, in the same transaction; `entry.before` has the values before."""

    def learn(self, entries: list[Entry]) -> None:
        """Take note of rows that came in (or would, in a check), to which later rows may refer."""

    # What is the same for all

    def keys_of(self, values: dict[str, Any]) -> list[Key]:
        """Return the keys that a row gives, the surest first."""
        return [key for name in self.keys if (key := self._key(name, values.get)) is not None]

    def record_keys(self, record: ModelT) -> list[Key]:
        """Return the keys that a record has."""
        found = []
        for name in self.keys:
            key = self._key(name, lambda part: getattr(record, f"{part}_id" if part in self.foreign else part))
            if key is not None:
                found.append(key)
        return found

    def _key(self, name: str, value_of: Any) -> Key | None:
        parts = name.split("+")
        found = [value_of(part) for part in parts]
        if found[0] in {None, ""}:
            return None
        found = [fold(value or "") if part in self.folded else value for part, value in zip(parts, found, strict=True)]
        return name, found[0] if len(found) == 1 else tuple(found)

    def plan(self, entries: list[Entry]) -> None:
        """Decide what becomes of each row."""
        keys = {entry.number: self.keys_of(entry.values) for entry in entries}
        wanted = dict[str, set[Any]]()
        for name, value in (key for found in keys.values() for key in found):
            wanted.setdefault(name, set()).add(value)
        records = list(self.find(wanted))
        index = {key: record for record in records for key in self.record_keys(record)}
        allowed = self.may_change(records)
        for entry in entries:
            key = next(iter(keys[entry.number]), ("row", entry.number))
            content = hash((repr(sorted(entry.values.items(), key=str)), repr(sorted(entry.extra.items()))))
            if key in self.seen:
                self._repeat(entry, content, *self.seen[key])
                continue
            self._plan_one(entry, self._match(keys[entry.number], index), allowed)
            if entry.outcome != Outcome.REJECTED:
                self.seen[key] = entry.number, content

    def _repeat(self, entry: Entry, content: object, first: int, other: object) -> None:
        """Take a row whose record an earlier row of the file was: the same again changes nothing, another is refused."""
        if other != content:
            entry.reject(_("is the same record as row %(row)d, with other values") % {"row": first})

    def _match(self, keys: list[Key], index: dict[Key, ModelT]) -> ModelT | None:
        """Return the record with the surest key; a lesser key counts where the record has no other value of a surer one."""
        for place, key in enumerate(keys):
            record = index.get(key)
            if record is None:
                continue
            has = dict(self.record_keys(record))
            if all(has.get(name, value) == value for name, value in keys[:place]):
                return record
        return None

    def _plan_one(self, entry: Entry, record: ModelT | None, allowed: set[int]) -> None:
        if record is not None and record.pk not in allowed:
            entry.reject(_("is a record that you may not change"))
            return
        try:
            if record is None:
                entry.outcome = Outcome.CREATED
                record = self.make(entry)
            else:
                self.apply(record, entry)
                if entry.outcome != Outcome.REJECTED:
                    entry.outcome = Outcome.UPDATED if entry.changed else Outcome.UNCHANGED
            entry.record = record
            if entry.is_pending:
                record.clean_fields(exclude=self.foreign)
                record.clean()
        except ValidationError as error:
            self._refuse(entry, error)

    def _refuse(self, entry: Entry, error: ValidationError) -> None:
        if hasattr(error, "error_dict"):
            name, texts = next(iter(error.message_dict.items()))
            entry.reject(" ".join(texts), field_name=name)
        else:
            entry.reject(" ".join(error.messages))

    def write(self, entries: list[Entry]) -> None:
        """Write the rows together; where the store refuses one, write them singly, so that it alone is rejected."""
        pending = [entry for entry in entries if entry.is_pending]
        if not pending:
            return
        try:
            self._write(pending)
        except (DatabaseError, ValidationError):
            for entry in pending:
                self._write_alone(entry)

    def _write_alone(self, entry: Entry) -> None:
        if entry.outcome == Outcome.CREATED:
            entry.record.pk, entry.record._state.adding = None, True  # noqa: SLF001 - its first writing was rolled back
        try:
            self._write([entry])
        except ValidationError as error:
            self._refuse(entry, error)
        except DatabaseError as error:
            entry.reject(_("is refused by the store: %(reason)s") % {"reason": str(error).strip().splitlines()[0]})

    def _write(self, entries: list[Entry]) -> None:
        created = [entry for entry in entries if entry.outcome == Outcome.CREATED]
        updated = [entry for entry in entries if entry.outcome == Outcome.UPDATED]
        manager = self.model._default_manager  # noqa: SLF001
        with transaction.atomic():
            if created:
                manager.bulk_create([entry.record for entry in created])
                self.after_create(created)
            if updated:
                if names := self._columns(updated):
                    manager.bulk_update([entry.record for entry in updated], names, batch_size=100)
                self.keep_history(updated)
                self.after_update(updated)

    def _columns(self, entries: list[Entry]) -> list[str]:
        changed = {name for entry in entries for name in entry.changed}
        return [item.name for item in self.model._meta.concrete_fields if changed & {item.name, item.attname}]  # noqa: SLF001


def put(record: Any, entry: Entry, name: str, value: Any) -> None:
    """Set an attribute of the record, and note in the entry if it differed."""
    before = getattr(record, name)
    if before != value:
        entry.before[name] = before
        setattr(record, name, value)
        entry.changed.append(name)
