"""What becomes of each row: the same as an earlier one, a new record, a change to one that is there, or none of these."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from proofline.kit.imports.keeping import Outcome, refuse
from proofline.kit.imports.seen import Seen, SeenRow, hashed
from proofline.kit.imports.ways import Mode

if TYPE_CHECKING:
    from collections.abc import Sized

    from proofline.kit.imports.keeping import Entry, Keeper, Key
    from proofline.kit.imports.ways import Way


class Planner:
    """Plans the rows of one run; it reads and changes nothing but what it has `seen`."""

    def __init__(self, keeper: Keeper[Any], *, way: Way, seen: Seen) -> None:
        self.keeper = keeper
        self.way = way
        self.seen = seen
        self.unique = {
            item.name
            for item in keeper.model._meta.concrete_fields  # noqa: SLF001 - Django's documented model API
            if item.unique and not item.primary_key
        }

    def plan(self, entries: list[Entry], *, chunk: int) -> None:
        """Decide what becomes of each row."""
        keys = {entry.number: self._keys(entry) for entry in entries}
        hashes = {number: {key[0]: hashed(*key) for key in found} for number, found in keys.items()}
        heard = self.seen.look({key for found in hashes.values() for key in found.values()})
        records = self._find(keys)
        allowed = self.keeper.may_change(records)
        taken = list[SeenRow]()
        for entry in entries:
            if entry.is_rejected:
                continue
            row = SeenRow(entry.number, self._content(entry), hashes[entry.number])
            if not self._is_repeated(entry, row, heard):
                self._plan_one(entry, keys[entry.number], allowed)
            if not entry.repeats and not entry.is_rejected:
                taken.append(row)
                for key in row.keys.values():
                    heard.setdefault(key, row)
        self.seen.add(taken, chunk=chunk)

    def _keys(self, entry: Entry) -> list[Key]:
        """Return the keys that a row gives, the surest first: those by which it is found, then what nobody else may have."""
        found = self.keeper.keys_of(entry.values, chosen=self.way.key)
        if self.way.key and (not found or found[0][0] != self.way.key):
            entry.reject(_("is blank; records are found by it"), field_name=self.way.key.partition("+")[0])
        return found

    def _content(self, entry: Entry) -> int:
        return hashed(sorted(entry.values.items()), sorted(entry.extra.items()))

    def _find(self, keys: dict[int, list[Key]]) -> list[Any]:
        """Return the records that the rows may be: by what is unique for all, by a lesser key for those that are not found yet."""
        self.index: dict[Key, Any] = {}
        self.several: set[Key] = set()
        records = dict[Any, Any]()
        alike = defaultdict[tuple[str, ...], list[Any]](list)
        for found in keys.values():
            alike[tuple(name for name, _value in found)].append(found)
        for name in self.keeper.key_names(self.way.key):
            groups = defaultdict[tuple[str, ...], set[Any]](set)
            for names, rows in alike.items():
                if name not in names:
                    continue
                place = names.index(name)
                if name in self.unique:
                    groups[()].update(found[place][1] for found in rows)
                else:
                    surer = tuple(other for other in names[:place] if "+" not in other)
                    groups[surer].update(found[place][1] for found in rows if self._match(found[:place]) is None)
            for surer, values in groups.items():
                for record in self.keeper.find(name, values, without=surer):
                    if record.pk not in records:
                        records[record.pk] = record
                        self._index(record)
        return list(records.values())

    def _index(self, record: Any) -> None:
        for key in self.keeper.record_keys(record, chosen=self.way.key):
            if key in self.index:
                self.several.add(key)
            self.index[key] = record

    def _identifying(self, keys: Sized) -> int:
        """Return how many of a row's keys, from the first, say which record it is."""
        return 1 if self.way.key and keys else len(keys)

    def _is_repeated(self, entry: Entry, row: SeenRow, heard: dict[int, SeenRow]) -> bool:
        """Settle a row whose record an earlier row of the file was: the same again changes nothing, another is refused.

        A lesser key counts only where the earlier row has no other value of a surer one.
        """
        names = list(row.keys)
        for place, (name, key) in enumerate(row.keys.items()):
            earlier = heard.get(key)
            if earlier is None:
                continue
            same = all(earlier.keys.get(surer, row.keys[surer]) == row.keys[surer] for surer in names[:place])
            if same and place < self._identifying(names):
                entry.repeats = True
                if earlier.content != row.content:
                    entry.reject(_("is the same record as row %(row)d, with other values") % {"row": earlier.number})
                return True
            if name in self.unique:
                entry.reject(_("is that of row %(row)d already") % {"row": earlier.number}, field_name=name)
                return True
        return False

    def _match(self, keys: list[Key]) -> Any:
        """Return the record with the surest key; a lesser key counts where the record has no other value of a surer one."""
        for place, key in enumerate(keys[: self._identifying(keys)]):
            record = self.index.get(key)
            if record is None:
                continue
            has = dict(self.keeper.record_keys(record, chosen=self.way.key))
            if all(has.get(name, value) == value for name, value in keys[:place]):
                return record
        return None

    def _plan_one(self, entry: Entry, keys: list[Key], allowed: set[int]) -> None:
        record = self._match(keys)
        if self.way.key and keys and keys[0] in self.several:
            entry.reject(_("is that of several records"), field_name=keys[0][0].partition("+")[0])
        elif record is not None and record.pk not in allowed:
            entry.reject(_("is a record that you may not change"))
        elif (taken := self._taken(keys, record)) is not None:
            name, other = taken
            if other.pk in allowed:
                entry.reject(_("is that of another record, “%(name)s”") % {"name": other}, field_name=name)
            else:
                entry.reject(_("is a record that you may not change"))
        elif (record is None) == (self.way.mode == Mode.UPDATE) and self.way.mode != Mode.BOTH:
            entry.outcome, entry.record = Outcome.SKIPPED, record
        else:
            self._take(entry, record)

    def _taken(self, keys: list[Key], record: Any) -> tuple[str, Any] | None:
        """Return what of the row no two records may have, but another has."""
        for key in keys:
            other = self.index.get(key)
            if key[0] in self.unique and other is not None and other is not record:
                return key[0], other
        return None

    def _take(self, entry: Entry, record: Any) -> None:
        try:
            if record is None:
                entry.outcome = Outcome.CREATED
                record = self.keeper.make(entry)
            else:
                self.keeper.apply(record, entry)
                if not entry.is_rejected:
                    entry.outcome = Outcome.UPDATED if entry.changed else Outcome.UNCHANGED
            entry.record = record
            if entry.is_pending:
                self.keeper.check(record)
        except ValidationError as error:
            refuse(entry, error)
