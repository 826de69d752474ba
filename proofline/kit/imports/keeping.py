"""Rows become records: found again or made, compared, written in bulk with the facts that they imply."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext as _

from proofline.kit import search
from proofline.kit.among import among
from proofline.kit.bulk import insert_many, update_many
from proofline.kit.checking import check_fields
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
    SKIPPED = "skipped"


@dataclass
class Entry:
    """A row that was read: its values by field, the cells of columns that fill no field, and what is to become of it.

    `cleared` are the fields that it empties; it `repeats` an earlier row of the file.
    """

    number: int
    values: dict[str, Any]
    extra: dict[str, str]
    outcome: Outcome = Outcome.UNCHANGED
    problem: str = ""
    problem_field: str = ""
    record: Any = None
    changed: list[str] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    cleared: list[str] = field(default_factory=list)
    repeats: bool = False

    def reject(self, problem: str, *, field_name: str = "") -> None:
        """Note that the row can't be taken, and why."""
        self.outcome, self.problem, self.problem_field = Outcome.REJECTED, problem, field_name

    @property
    def is_rejected(self) -> bool:
        """Whether it can't be taken."""
        return self.outcome == Outcome.REJECTED

    @property
    def is_pending(self) -> bool:
        """Whether there is something to write."""
        return self.outcome in {Outcome.CREATED, Outcome.UPDATED}


class Keeper(Generic[ModelT]):
    """Keeps the rows of one run as records of a model. A room's kind of import is a subclass.

    `keys` are the fields by which a record is found again, the surest first; a key of several fields is joined by "+".
    `choosable` are others by which people may want records found. What is planned only reads (`planning`); `write` writes it.
    """

    model: type[ModelT]
    keys: tuple[str, ...] = ()
    choosable: tuple[str, ...] = ()
    stamped: tuple[str, ...] = ()
    """Fields that say when a record was written."""
    introduces: str = ""
    """The list of known names to which a run may add, such as "account"."""
    own_parts: frozenset[str] = frozenset()
    """Models whose records come with this kind's ("closing.Win"), so that they do not keep it from being taken back."""
    folded: frozenset[str] = frozenset({"name"})
    """Keys that compare whatever their case and spacing."""

    def __init__(self, by: Any, now: datetime) -> None:
        self.by = by
        self.now = now
        self.foreign = {item.name for item in self.model._meta.concrete_fields if item.is_relation}  # noqa: SLF001
        self.own = {item.name for item in self.model._meta.concrete_fields}  # noqa: SLF001

    @property
    def home(self) -> str:
        """The company's own currency, "" where it has none: what a sign means that several share."""
        return ""

    @cached_property
    def known(self) -> dict[str, Known]:
        """The lists of known names that rows refer to."""
        return {}

    # What a room's kind fills in

    def records(self, *, without: Iterable[str] = ()) -> Any:
        """Return the records that there are, with what comparing them needs; those `without` a value in these fields."""
        empty = {name: None if self.model._meta.get_field(name).null else "" for name in without}  # noqa: SLF001
        return self.model._default_manager.filter(**empty)  # noqa: SLF001

    def find(self, name: str, values: set[Any], *, without: tuple[str, ...]) -> Iterable[ModelT]:
        """Return the records that have one of these values of a key; more than those does no harm.

        `without` are surer keys, of which the rows have values that no record has: so only a record with none is meant.
        """
        return self.records(without=without).filter(**{f"{name}__in": among(values)})  # type: ignore[no-any-return]

    def may_change(self, records: Sequence[ModelT]) -> set[int]:
        """Return the ids of those records that the person who imports may change."""
        return {record.pk for record in records}

    def make(self, entry: Entry) -> ModelT:
        """Return a new record for a row that was not found, not saved yet."""
        record = self.model()
        self.apply(record, entry)
        return record

    def apply(self, record: ModelT, entry: Entry) -> None:
        """Put the row's values on a record; what the row leaves blank stays, unless the run empties it."""
        for name in entry.cleared:
            item = next((item for item in self.model._meta.concrete_fields if item.name == name), None)  # noqa: SLF001
            if item is not None and item.blank:
                put(record, entry, item.attname, None if item.null else item.get_default())
        for name, value in entry.values.items():
            if name in self.own:
                put(record, entry, f"{name}_id" if name in self.foreign else name, value)
        if entry.extra and "extra" in self.own:
            put(record, entry, "extra", {**record.extra, **entry.extra})  # type: ignore[attr-defined]

    def after_create(self, entries: list[Entry]) -> None:
        """Do what follows from new records, in the same transaction: their facts."""

    def after_update(self, entries: list[Entry]) -> None:
        """Do what follows from changed records, in the same transaction: their history and facts; `entry.before` has the values before."""

    def learn(self, entries: list[Entry]) -> None:
        """Take note of rows that came in (or would, in a check), to which later rows may refer."""

    def introduce(self, named: list[tuple[str, int]], *, dry_run: bool) -> list[Entry]:
        """Add to what is known the (name, row) that rows refer to; return what was added. Names that can't be are left out."""
        del named, dry_run
        return []

    def stamp(self, records: Iterable[ModelT]) -> None:
        """Note on records that are about to be written when that is."""
        for record in records:
            for name in self.stamped:
                setattr(record, name, self.now)

    def state_of(self, entry: Entry) -> str:
        """Return what a row made of the record beyond its own fields, such as "won"; "" for nothing."""
        del entry
        return ""

    def states(self, ids: list[int]) -> dict[int, str]:
        """Return in which such a state records are now."""
        del ids
        return {}

    def undo_state(self, record: ModelT) -> bool:
        """Take such a state back; False where that can't be."""
        del record
        return False

    def attached(self, ids: list[int]) -> Iterable[tuple[int, str]]:
        """Yield (id of the record, what) of what people attached to records without a foreign key, such as notes."""
        del ids
        return []

    def before_remove(self, records: list[ModelT]) -> None:
        """Do what has to be done before records that a run made go again, in the same transaction: their facts."""

    def after_restore(self, restored: list[tuple[ModelT, dict[str, list[Any]]]]) -> None:
        """Do what follows from records whose fields became what they were, in the same transaction: their facts.

        With each record, {field: [what it is again, what the run had made of it]}.
        """

    # What is the same for all

    def settle(self, values: dict[str, Any]) -> None:
        """Make of what a row gives what its keys need, such as a name of its parts."""

    def keys_of(self, values: dict[str, Any], *, chosen: str = "") -> list[Key]:
        """Return the keys that a row gives, the surest first; a `chosen` one goes before."""
        return [key for name in self.key_names(chosen) if (key := self._key(name, values.get)) is not None]

    def record_keys(self, record: ModelT, *, chosen: str = "") -> list[Key]:
        """Return the keys that a record has."""

        def value_of(part: str) -> Any:
            return getattr(record, f"{part}_id" if part in self.foreign else part)

        return [key for name in self.key_names(chosen) if (key := self._key(name, value_of)) is not None]

    def key_names(self, chosen: str) -> list[str]:
        """Return the keys by which records are found, the surest first."""
        others = [name for name in self.keys if name != chosen]
        return [chosen, *others] if chosen else others

    def _key(self, name: str, value_of: Any) -> Key | None:
        first, *others = name.split("+")
        value = value_of(first)
        if value in {None, ""}:
            return None
        value = fold(value) if first in self.folded else value
        if not others:
            return name, value
        more = [fold(value_of(part) or "") if part in self.folded else value_of(part) for part in others]
        return name, (value, *more)

    def check(self, record: ModelT) -> None:
        """Check a record that is to be written.

        Raises:
            ValidationError: it can't be kept.
        """
        check_fields(record, exclude=self.foreign)
        record.clean()

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
            refuse(entry, error)
        except DatabaseError as error:
            entry.reject(_("is refused by the store: %(reason)s") % {"reason": str(error).strip().splitlines()[0]})

    def _write(self, entries: list[Entry]) -> None:
        created = [entry for entry in entries if entry.outcome == Outcome.CREATED]
        updated = [entry for entry in entries if entry.outcome == Outcome.UPDATED]
        with transaction.atomic():
            self.stamp(entry.record for entry in entries)
            if created:
                insert_many([entry.record for entry in created])
                search.keep(self.model, [entry.record.pk for entry in created])
                self.after_create(created)
            if updated:
                update_many([(entry.record, (*entry.changed, *self.stamped)) for entry in updated])
                search.keep(self.model, [entry.record.pk for entry in updated])
                self.after_update(updated)


def refuse(entry: Entry, error: ValidationError) -> None:
    """Reject a row for what the record's own check says."""
    if hasattr(error, "error_dict"):
        name, texts = next(iter(error.message_dict.items()))
        entry.reject(" ".join(texts), field_name=name)
    else:
        entry.reject(" ".join(error.messages))


def put(record: Any, entry: Entry, name: str, value: Any) -> None:
    """Set an attribute of the record, and note in the entry if it differed."""
    before = getattr(record, name)
    if before != value:
        entry.before[name] = before
        setattr(record, name, value)
        entry.changed.append(name)
