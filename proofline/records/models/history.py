"""What each change of a main record changed: field by field, with the value before and after, who and when."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

import msgspec
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from proofline.records import kinds
from proofline.records.models.people import User

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from proofline.timeline.traces import Traces

    Values = Mapping[str, tuple[Any, Any]]

LONGEST = 500
"""So many characters are kept of a text; the record itself has the whole of the last one."""
ROWS_AT_ONCE = 500


class ChangeQuerySet(models.QuerySet["Change"]):
    """Changes."""

    def of(self, kind: str, record: int) -> Self:
        """Keep those of one record."""
        return self.filter(kind=kind, record=record)

    def note(self, record: models.Model, values: Values, *, by: User | None, at: datetime) -> None:
        """Keep what changed on a record, {field: (before, after)}, in the caller's transaction; nothing for what is no main record."""
        self.note_many([(record, values)], by=by, at=at)

    def note_many(self, changes: Iterable[tuple[models.Model, Values]], *, by: User | None, at: datetime) -> None:
        """Keep what changed on many records at once."""
        rows = [
            Change(
                kind=kind.name, record=record.pk, field=name, was=written(before), became=written(after), at=at, by=by
            )
            for record, values in changes
            if (kind := kinds.of(record)) is not None
            for name, before, after in _told(record, values)
        ]
        self.bulk_create(rows, batch_size=ROWS_AT_ONCE)

    def forget(self, traces: Traces) -> int:
        """Take somebody who is erased out of what was written before and after; return how many rows changed."""
        forgotten = 0
        for change in self.filter(traces.may_stand_in("was", "became")).iterator(chunk_size=ROWS_AT_ONCE):
            left = {"was": traces.redacted(change.before), "became": traces.redacted(change.after)}
            if left != {"was": change.before, "became": change.after}:
                self.filter(pk=change.pk).update(**{name: written(value) for name, value in left.items()})
                forgotten += 1
        return forgotten


class Change(models.Model):
    """That a field of a main record changed."""

    kind = models.CharField(max_length=20)
    record = models.PositiveBigIntegerField()
    field = models.CharField(max_length=80)
    """The field's name; "extra.Region" for a value that has no field of its own."""
    was = models.TextField()
    became = models.TextField()
    """The values as JSON; text, so that who is erased is found in them on both stores."""
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "record", "-id"], name="change_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}: {self.field}"

    @property
    def before(self) -> Any:
        """The value before, as `plain` gives it."""
        return msgspec.json.decode(self.was)

    @property
    def after(self) -> Any:
        """The value after."""
        return msgspec.json.decode(self.became)


def written(value: Any) -> str:
    """Return a plain value as it is kept."""
    return msgspec.json.encode(value, enc_hook=str).decode()


def plain(record: models.Model, name: str, value: Any) -> Any:
    """Return a field's value as the history keeps it: ids of records, texts cut, money with its currency."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return _amount(record, name, value)
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, list | tuple | set | models.QuerySet):
        return [plain(record, name, one) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _amount(record: models.Model, name: str, value: Decimal) -> Any:
    try:
        places = record._meta.get_field(name).decimal_places  # type: ignore[union-attr]  # noqa: SLF001 - Django's own way
    except (FieldDoesNotExist, AttributeError):
        return str(value)
    text = str(value.quantize(Decimal(1).scaleb(-places)))
    currency = getattr(record, "currency", "")
    return {"amount": text, "currency": currency} if currency else text


def _told(record: models.Model, values: Values) -> Iterable[tuple[str, Any, Any]]:
    """Yield (field, before, after) of what differs; of values without a field of their own one by one."""
    currency = values["currency"][0] if "currency" in values else None
    for name, (before, after) in values.items():
        if isinstance(before, dict) and isinstance(after, dict):
            for key in sorted({*before, *after}):
                if before.get(key) != after.get(key):
                    field = f"{name}.{key}"[:80]
                    yield field, plain(record, field, before.get(key)), plain(record, field, after.get(key))
            continue
        was = plain(record, name, before)
        if currency and isinstance(was, dict):
            was["currency"] = currency
        if was != (now := plain(record, name, after)):
            yield name, was, now
