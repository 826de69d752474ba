"""Values of custom fields as pages and programs show them; what is computed is asked of the record store, as lists do."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.kit.lists import Context
from proofline.kit.templatetags.kit import avatar, date_tag, moment, money
from proofline.records import kinds
from proofline.records.custom import values
from proofline.records.models import User
from proofline.records.models.custom import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from proofline.records.models import CustomField

    Names = dict[tuple[str, int], str]


def custom_of(model: type[Any], name: str) -> CustomField | None:
    """Return the custom field that a form, a fact or a history names: "custom_region", "custom.region"."""
    if not name.startswith(("custom_", "custom.")):
        return None
    kind = kinds.of_model(model)
    return next((one for one in fields_of(kind.name) if one.key == name[7:]), None) if kind else None


def with_computed(queryset: QuerySet[Any], *, user: User) -> QuerySet[Any]:
    """Return the queryset with what its records' custom fields compute."""
    context = Context(user, timezone.now())
    for one in queryset.model.custom_fields():
        if one.is_computed:
            queryset = queryset.annotate(**{_computed(one): one.expression_for(context)})
    return queryset


def computed(record: Any, *, user: User) -> dict[str, Any]:
    """Return what a record's custom fields compute, {key: value}; in one question where it was not loaded with it."""
    fields = [one for one in type(record).custom_fields() if one.is_computed]
    if not fields:
        return {}
    source = record
    if not hasattr(record, _computed(fields[0])):
        source = with_computed(type(record)._default_manager.all(), user=user).get(pk=record.pk)  # noqa: SLF001 - Django's documented model API
    return {one.key: getattr(source, _computed(one), None) for one in fields}


def _computed(field: CustomField) -> str:
    return f"computed_{field.key}"


def plain(record: Any, *, user: User) -> dict[str, Any]:
    """Return the values of a record's custom fields as JSON has them: numbers as texts, days as 2026-11-30, records as ids."""
    fields = type(record).custom_fields()
    if not fields:  # so it is in most lists, whose every row asks
        return {}
    made = computed(record, user=user)
    return {one.key: _json(made.get(one.key)) if one.is_computed else record.custom.get(one.key) for one in fields}


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(_rounded(value), "f")
    return value.isoformat() if isinstance(value, date) else value


def _rounded(value: Decimal) -> Decimal:
    found = round(value, 6).normalize()
    return found or Decimal(0)


def words(field: CustomField, kept: Any, names: Names | None = None) -> str:
    """Return a kept value as people read it; a record that `names` does not have is one that the reader can't see."""
    if isinstance(kept, list):
        return formats.listed(words(field, one, names) for one in kept)
    if field.type in {"choice", "choices"}:
        return dict(field.choices).get(str(kept), str(kept))
    if field.type in {"person", "relation"}:
        return (names or {}).get((field.key, kept)) or _("a record that you can’t see")
    value = values.known(field, kept)
    if isinstance(value, Decimal):
        return formats.money(value, field.currency) if field.type == "money" else formats.number(value)
    return formats.day(value) if isinstance(value, date) else str(kept)


def names_of(pairs: Iterable[tuple[CustomField, int]], *, user: User) -> Names:
    """Return how the people and records are called that fields name, {(key, id): name}, as far as the user may see them."""
    wanted: dict[str, tuple[CustomField, set[int]]] = {}
    for field, pk in pairs:
        wanted.setdefault(field.key, (field, set()))[1].add(pk)
    found: Names = {}
    for key, (field, ids) in wanted.items():
        rows = User.objects.all() if field.type == "person" else field.candidates(user)
        found |= {(key, pk): name for pk, name in rows.filter(pk__in=ids).values_list("pk", "name")}
    return found


def html(field: CustomField, record: Any, *, user: User, made: dict[str, Any] | None = None) -> SafeString:
    """Return a value as a record's page shows it."""
    value = (made or {}).get(field.key) if field.is_computed else record.custom.get(field.key)
    if value is None or value == "":
        return format_html('<span class="muted">{}</span>', formats.NOTHING)
    if field.is_computed:
        return _computed_html(field, value)
    if field.type in {"person", "relation"}:
        return _named_html(field, value, user=user)
    if field.type == "text" and value.startswith(("https://", "http://")):
        return format_html('<a href="{}" rel="noopener noreferrer" hx-boost="false">{}</a>', value, value)
    return format_html("{}", words(field, value))


def _named_html(field: CustomField, pk: int, *, user: User) -> SafeString:
    rows = User.objects.all() if field.type == "person" else field.candidates(user)
    other = rows.filter(pk=pk).first()
    if other is None:
        return format_html('<span class="muted">{}</span>', _("a record that you can’t see"))
    if isinstance(other, User):
        return avatar(other, name=True)
    return format_html('<a href="{}">{}</a>', other.get_absolute_url(), other)


def _computed_html(field: CustomField, value: Any) -> SafeString:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return date_tag(value)
    if field.shown_type == "money":
        return money(value, field.currency)
    if isinstance(value, int | float | Decimal):
        return format_html('<span class="num">{}</span>', formats.number(_rounded(Decimal(str(value)))))
    return format_html("{}", value)
