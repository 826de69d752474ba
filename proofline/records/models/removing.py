"""Records that are removed, as they were with all that belonged to them, so that they can be put back."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, router, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from proofline.kit import search
from proofline.records import kinds
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models.people import User

Snapshot = dict[str, Any]
"""`{"rows": [[model, {field: value}], …], "links": [[model, id, field, id before], …]}`"""


def remove(record: models.Model, *, by: User, now: datetime) -> Snapshot:
    """Remove a record and what belongs to it, and record the fact; return what puts it back.

    Raises:
        ValidationError: something stands on it that must not go with it, such as a signed contract.
    """
    collector = Collector(using=router.db_for_write(type(record)), origin=record)
    try:
        collector.collect([record])
    except (ProtectedError, RestrictedError) as error:
        objects = getattr(error, "protected_objects", None) or getattr(error, "restricted_objects", ())
        raise ValidationError(
            _("“%(record)s” can't be removed: %(others)s stand on it.")
            % {"record": record, "others": _counted(objects)}
        ) from None
    with transaction.atomic():
        found = _snapshot(collector)
        tell("record.removed", record, by=by, now=now)
        with search.dropping(type(record), [record.pk]):
            collector.delete()
    return found


def restore(snapshot: Snapshot, *, by: User, now: datetime) -> None:
    """Put back what was removed.

    Raises:
        ValidationError: something else has taken its place: an e-mail is another contact's now.
    """
    rows = [_row(name, values) for name, values in snapshot["rows"]]
    try:
        with transaction.atomic():
            for row in rows:
                row.validate_unique()
                row.save_base(raw=True, force_insert=True)
            for name, pk, field, before in snapshot["links"]:
                model = apps.get_model(name)
                model._base_manager.filter(pk=pk, **{field: None}).update(**{field: before})  # noqa: SLF001 - Django's documented model API
                search.keep(model, [pk])
            for row in rows:
                search.keep(type(row), [row.pk])
            tell("record.restored", rows[0], by=by, now=now)
    except ValidationError as error:
        raise ValidationError(
            _("“%(record)s” can't be put back: %(why)s") % {"record": rows[0], "why": " ".join(error.messages)}
        ) from None


def tell(fact: str, record: models.Model, *, by: User | None, now: datetime) -> None:
    """Record that a record went or came back."""
    kind = record._meta.model_name or ""  # noqa: SLF001 - as above
    account, contact = kinds.customer_of(record)
    facts.record(
        fact,
        at=now,
        by=by.pk if by else None,
        account=account,
        contact=contact,
        subject=(kind, record.pk),
        properties={"name": str(record), "kind": kind},
    )


def _most_first(pair: tuple[Any, int]) -> tuple[int, str]:
    return -pair[1], str(pair[0].verbose_name)


def _counted(objects: Any) -> str:
    numbers: dict[Any, int] = {}
    for one in objects:
        meta = one._meta  # noqa: SLF001 - as above
        numbers[meta] = numbers.get(meta, 0) + 1
    return ", ".join(f"{number} × {meta.verbose_name}" for meta, number in sorted(numbers.items(), key=_most_first))


def _snapshot(collector: Collector) -> Snapshot:
    rows: list[models.Model] = []
    for found in collector.data.values():
        rows += found
    for queryset in collector.fast_deletes:
        rows += list(queryset)
    origin: Any = collector.origin
    rows.sort(key=lambda row: type(row) is not type(origin) or row.pk != origin.pk)  # it stands first
    links = []
    updates: dict[Any, list[Any]] = dict(collector.field_updates)
    for (field, value), sets in updates.items():
        if value is None:
            for some in sets:
                links += [
                    [one._meta.label_lower, one.pk, field.attname, getattr(one, field.attname)]  # noqa: SLF001
                    for one in some
                ]
    return {"rows": [[row._meta.label_lower, _values(row)] for row in rows], "links": links}  # noqa: SLF001 - as above


def _values(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: _plain(field.value_from_object(row))
        for field in row._meta.concrete_fields  # noqa: SLF001 - as above
        if not getattr(field, "generated", False)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _row(name: str, values: dict[str, Any]) -> models.Model:
    model = apps.get_model(name)
    read = {}
    for field in model._meta.concrete_fields:  # noqa: SLF001 - as above
        if field.attname in values:
            value = values[field.attname]
            target = field.target_field if field.is_relation else field
            read[field.attname] = None if value is None else target.to_python(value)
    row: models.Model = model(**read)
    return row
