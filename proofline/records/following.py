"""What is tied to a record, whichever room keeps it: found by walking all models' foreign keys, moved to another record, moved back.

Rows that would stand twice there, because a constraint allows one alone, become one themselves: what is tied to the second goes to the
first, and the second is kept as data until it is needed again.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from proofline.records import kinds
from proofline.records.access import VisibleQuerySet
from proofline.records.models.merging import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NUMBERS = (("kind", "record"), ("subject_kind", "subject_id"))
"""Fields that name a main record without a foreign key, by its kind and its number."""
DERIVED = frozenset({"kit.SearchEntry", "records.Gone", "records.MatchKey"})
"""Models whose rows are made of records, and are made anew by those who keep them."""
SOME = 500
"""So many rows are asked for by their keys at once."""
MOST_COUNTED = 1000
"""Of each model; a preview says "1,000+"."""


class CantFollowError(ValueError):
    """Something that is tied to a record can't be tied to the other; the text says what."""


def _rows_of(model: type[models.Model]) -> models.QuerySet[Any]:
    """Return all rows of a model, past the filters of its managers."""
    return models.QuerySet(model)


class Reference(NamedTuple):
    """A field that ties rows of a model to a record: a foreign key, or a number beside a field that says of which kind."""

    model: type[models.Model]
    name: str
    content_type: str = ""
    """Of a generic foreign key, the field of its type."""
    kind: str = ""
    """Of a number of a main record, the field that holds the name of its kind (see `records.kinds`)."""

    @property
    def label(self) -> str:
        """What a kept reference goes by: closing.Deal.account."""
        return f"{self.model._meta.label}.{self.name}"  # noqa: SLF001 - Django's documented model API

    def rows(self, record: models.Model) -> models.QuerySet[Any]:
        """Return the rows that are tied to the record, past the filters of managers."""
        found = _rows_of(self.model).filter(**{self.name: record.pk})
        if self.content_type:
            found = found.filter(**{self.content_type: ContentType.objects.get_for_model(type(record))})
        if self.kind:
            kind = kinds.of(record)
            found = found.filter(**{self.kind: kind.name}) if kind else found.none()
        return found


@cache
def references(model: type[models.Model]) -> tuple[Reference, ...]:
    """Return every field of every room that may tie a row to a record of the model; tables of many-to-many fields included."""
    found: list[Reference] = []
    for other in apps.get_models(include_auto_created=True):
        meta = other._meta  # noqa: SLF001 - as above
        if meta.proxy or not meta.managed or meta.label in DERIVED:
            continue
        found += [Reference(other, one.name) for one in meta.local_concrete_fields if _leads_to(one, model)]
        generic = (one for one in meta.private_fields if isinstance(one, GenericForeignKey))
        found += [Reference(other, one.fk_field, content_type=one.ct_field) for one in generic]
        own = {one.name for one in meta.local_concrete_fields if not one.is_relation}
        found += [Reference(other, name, kind=kind) for kind, name in NUMBERS if {kind, name} <= own]
    return tuple(found)


def _leads_to(field: models.Field[Any, Any], model: type[models.Model]) -> bool:
    return field.is_relation and field.related_model is not None and issubclass(model, field.related_model)


@dataclass
class Trail:
    """What was done, in plain values, so that it can be kept as JSON and undone."""

    moved: dict[str, dict[str, list[Any]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    """By reference, then by "gone>stays": the keys of the rows that went over."""
    removed: list[dict[str, Any]] = field(default_factory=list)
    """Rows that would have stood twice, as Django serialises them."""

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {"moved": {label: dict(rows) for label, rows in self.moved.items()}, "removed": self.removed}


def follow(gone: models.Model, *, stays: models.Model, trail: Trail) -> None:
    """Tie everything to `stays` that is tied to `gone`, in an open transaction.

    Raises:
        CantFollowError: a rule of the store does not allow it.
    """
    for reference in references(type(gone)):
        rows = reference.rows(gone)
        if reference.model is type(stays):
            rows = rows.exclude(pk__in=[stays.pk, gone.pk])  # one can't be part of oneself
        conflicting = _unique_sets(reference)
        keys = list(rows.values_list("pk", flat=True))
        if not keys:
            continue
        moved = _one_by_one(reference, keys, stays, trail) if conflicting else keys
        if not conflicting:
            _tie(reference, keys, stays)
        trail.moved[reference.label][f"{gone.pk}>{stays.pk}"] += moved


def _tie(reference: Reference, keys: list[Any], stays: models.Model) -> None:
    try:
        with transaction.atomic():
            for start in range(0, len(keys), SOME):
                rows = _rows_of(reference.model).filter(pk__in=keys[start : start + SOME])
                rows.update(**{reference.name: stays.pk})
    except IntegrityError as error:
        name = str(reference.model._meta.verbose_name)  # noqa: SLF001
        raise CantFollowError(_("The %(what)s can't follow, for there is one already.") % {"what": name}) from error


def _one_by_one(reference: Reference, keys: list[Any], stays: models.Model, trail: Trail) -> list[Any]:
    """Tie each row, or let the one that stands there already stand for it too; return the keys of those that went over."""
    moved = []
    for key in keys:
        row = _rows_of(reference.model).get(pk=key)
        there = _standing(reference, row, stays)
        if there is None:
            _tie(reference, [key], stays)
            moved.append(key)
        else:
            follow(row, stays=there, trail=trail)
            remove(row, trail)
    return moved


def remove(row: models.Model, trail: Trail) -> None:
    """Take a row out that nothing is tied to any more; the store itself refuses when something is."""
    trail.removed += serializers.serialize("python", [row])
    _rows_of(type(row)).filter(pk=row.pk)._raw_delete(using=row._state.db)  # noqa: SLF001 - delete() would take what is tied to it along


def _unique_sets(reference: Reference) -> list[tuple[tuple[str, ...], models.Q | None]]:
    """Return the sets of fields, with their condition, that only one row may have, as far as the reference is among them."""
    meta = reference.model._meta  # noqa: SLF001 - Django's documented model API
    found: list[tuple[tuple[str, ...], models.Q | None]] = []
    if getattr(meta.get_field(reference.name), "unique", False):
        found.append(((reference.name,), None))
    found += [(tuple(names), None) for names in meta.unique_together]
    found += [
        (tuple(one.fields), one.condition) for one in meta.constraints if isinstance(one, models.UniqueConstraint)
    ]
    return [(names, condition) for names, condition in found if reference.name in names]


def _standing(reference: Reference, row: models.Model, stays: models.Model) -> models.Model | None:
    """Return the row that stands where this one would go, None when the place is free."""
    for names, condition in _unique_sets(reference):
        values = {name: plain(row, name) for name in names}
        values[reference.name] = stays.pk
        if None in values.values():  # unknown is like nothing
            continue
        rows = _rows_of(reference.model)
        if condition is not None:
            if not rows.filter(condition, pk=row.pk).exists():
                continue
            rows = rows.filter(condition)
        found: models.Model | None = rows.filter(**values).exclude(pk=row.pk).first()
        if found is not None:
            return found
    return None


def undo(trail: dict[str, Any]) -> None:
    """Put back what was removed and tie again what went over and is still there; `gone` itself has to be back already.

    Raises:
        IntegrityError: what was removed has no place any more.
    """
    restore(reversed(trail["removed"]))
    by_label = {reference.label: reference for reference in _all_references(trail["moved"])}
    for label, ways in trail["moved"].items():
        reference = by_label.get(label)
        if reference is None:  # the field is no more
            continue
        for way, keys in ways.items():
            gone, _sign, stays = way.partition(">")
            for start in range(0, len(keys), SOME):
                rows = _rows_of(reference.model).filter(pk__in=keys[start : start + SOME])
                rows.filter(**{reference.name: stays}).update(**{reference.name: gone})


def restore(rows: Iterable[dict[str, Any]]) -> None:
    """Put rows back as they were; what they were tied to and is no more they are not tied to, or they are no more either."""
    for one in serializers.deserialize("python", rows, ignorenonexistent=True):
        if _has_a_place(one.object):
            one.object.save_base(raw=True, force_insert=True)


def _has_a_place(row: models.Model) -> bool:
    for one in row._meta.concrete_fields:  # noqa: SLF001 - Django's documented model API
        key, target = getattr(row, one.attname), one.related_model
        if target is not None and key is not None and not _rows_of(target).filter(pk=key).exists():
            if not one.null:
                return False
            setattr(row, one.attname, None)
    return True


def _all_references(labels: Iterable[str]) -> Iterator[Reference]:
    """Yield the references of these labels, as far as the fields are still there."""
    for label in labels:
        model, _dot, name = label.rpartition(".")
        with suppress(LookupError, FieldDoesNotExist):
            found = apps.get_model(model)
            found._meta.get_field(name)  # noqa: SLF001 - Django's documented model API
            yield Reference(found, name)


def counts(record: models.Model, *, user: Any) -> dict[type[models.Model], int]:
    """Return how much would follow, by model, `MOST_COUNTED` at most, as far as the user may see it."""
    found: dict[type[models.Model], set[Any]] = defaultdict(set)
    for reference in references(type(record)):
        rows, seen = reference.rows(record), reference.model._default_manager.all()  # noqa: SLF001 - as above
        if isinstance(seen, VisibleQuerySet):
            rows = rows.filter(pk__in=seen.visible_to(user).values("pk"))
        found[reference.model].update(rows.values_list("pk", flat=True)[:MOST_COUNTED])
    return {model: min(len(keys), MOST_COUNTED) for model, keys in found.items() if keys}
