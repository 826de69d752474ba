"""Values of main records' fields in the reader's language: as text in the history, as HTML among a record's facts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.kit.templatetags.kit import avatar, date_tag, moment, money
from proofline.records import more
from proofline.records.access import VisibleQuerySet
from proofline.records.models import Change, User
from proofline.records.roles import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

    from proofline.records.kinds import Kind

PLAIN_NUMBERS = frozenset({"founded"})
"""Years are no quantities."""


@dataclass(frozen=True)
class Told:
    """A change as a reader sees it."""

    change: Change
    label: str
    before: str
    after: str
    who: str


def field_of(model: type[Model], name: str) -> Any:
    """Return a model's field, None for a name that has none, such as that of an imported column."""
    try:
        return model._meta.get_field(name)  # noqa: SLF001 - Django's own way
    except FieldDoesNotExist:
        return None


def label_of(model: type[Model], name: str) -> str:
    """Return how a field is called."""
    if (custom := more.custom_of(model, name)) is not None:
        return custom.label
    field = field_of(model, name)
    return capfirst(str(field.verbose_name)) if field is not None else name.partition(".")[2] or name


def told(changes: Iterable[Change], kind: Kind, *, user: User) -> list[Told]:
    """Return changes with their values in words; of records that the user may not see only that there is one."""
    changes = list(changes)
    names = _names(changes, kind, user=user)
    customs = {one.field: found for one in changes if (found := more.custom_of(kind.model, one.field)) is not None}
    records = more.names_of(
        (
            (customs[one.field], value)
            for one in changes
            for value in (one.before, one.after)
            if one.field in customs and customs[one.field].type in {"person", "relation"} and isinstance(value, int)
        ),
        user=user,
    )

    def word(change: Change, value: Any) -> str:
        if change.field in customs:
            return "" if value is None else more.words(customs[change.field], value, records)
        return _word(kind.model, change.field, value, names)

    return [
        Told(
            change=change,
            label=label_of(kind.model, change.field),
            before=word(change, change.before),
            after=word(change, change.after),
            who=str(change.by or ""),
        )
        for change in changes
    ]


def _names(changes: list[Change], kind: Kind, *, user: User) -> dict[type[Model], dict[Any, str]]:
    """Look up how the records are called that changes speak of, in one question a model."""
    wanted: defaultdict[type[Model], set[Any]] = defaultdict(set)
    for change in changes:
        field = field_of(kind.model, change.field)
        if field is not None and field.is_relation:
            for value in (change.before, change.after):
                wanted[field.related_model].update(value if isinstance(value, list) else {value} - {None})
    found = {}
    for model, keys in wanted.items():
        rows: Any = model._default_manager.all()  # noqa: SLF001 - Django's documented model API
        rows = rows.visible_to(user) if isinstance(rows, VisibleQuerySet) else rows
        found[model] = {row.pk: str(row) for row in rows.filter(pk__in=keys)}
    return found


def _word(model: type[Model], name: str, value: Any, names: dict[type[Model], dict[Any, str]]) -> str:
    field = field_of(model, name)
    if value is None or value in ("", []):
        return ""
    if isinstance(value, list):
        return formats.listed(_word(model, name, one, names) for one in value)
    if field is not None and field.is_relation:
        return names.get(field.related_model, {}).get(value) or _("a record that you can’t see")
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _scalar(field, name, value)


def _scalar(field: Any, name: str, value: Any) -> str:
    if isinstance(value, dict):
        return formats.money(value.get("amount"), value.get("currency"))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _number_or_day(field, name, value)


def _number_or_day(field: Any, name: str, value: Any) -> str:
    if isinstance(value, int | float):
        return str(value) if name in PLAIN_NUMBERS else formats.number(value)
    if isinstance(field, models.DecimalField):
        try:
            return formats.number(Decimal(value))
        except InvalidOperation:
            return str(value)
    if isinstance(field, models.DateTimeField) and (at := parse_datetime(value)):
        return formats.moment(at)
    if isinstance(field, models.DateField) and (day := parse_date(value)):
        return formats.day(day)
    return str(value)


def is_empty(record: Any, name: str) -> bool:
    """Tell whether a field says nothing."""
    field = field_of(type(record), name)
    value = getattr(record, field.attname if field is not None else name, None)
    return value is None or value == ""


def value_html(record: Any, name: str, *, user: User) -> SafeString:
    """Return a field's value as a page shows it: people with their circle, records and addresses as links."""
    if (custom := more.custom_of(type(record), name)) is not None:
        return more.html(custom, record, user=user)
    field = field_of(type(record), name)
    if is_empty(record, name):
        whom = field.is_relation and field.related_model is User
        return avatar(None, name=True) if whom else format_html('<span class="muted">{}</span>', formats.NOTHING)
    if field.is_relation:
        return _related(record, field, user=user)
    if field.choices:
        return format_html("{}", getattr(record, f"get_{name}_display")())
    return _plain(record, field, getattr(record, name))


def _plain(record: Any, field: Any, value: Any) -> SafeString:
    if isinstance(value, Decimal) and hasattr(record, "currency"):
        return money(value, record.currency)
    if isinstance(value, int | Decimal):
        number = value if field.name in PLAIN_NUMBERS else formats.number(value)
        return format_html('<span class="num">{}</span>', number)
    if isinstance(value, datetime):
        return moment(value)
    return date_tag(value) if isinstance(field, models.DateField) else _text(field, field.name, str(value))


def _text(field: Any, name: str, value: str) -> SafeString:
    if isinstance(field, models.EmailField):
        return format_html('<a href="mailto:{}">{}</a>', value, value)
    if name == "phone":
        return format_html('<a href="tel:{}">{}</a>', value, value)
    if name == "domain":
        return format_html('<a href="https://{}" rel="noopener noreferrer" hx-boost="false">{}</a>', value, value)
    if isinstance(field, models.TextField):
        return mark_safe(linebreaks(value, autoescape=True))  # noqa: S308 - escaped by linebreaks
    return format_html("{}", value)


def _related(record: Any, field: Any, *, user: User) -> SafeString:
    if field.related_model is User:
        return avatar(getattr(record, field.name), name=True)
    manager: Any = field.related_model._default_manager  # noqa: SLF001 - Django's documented model API
    rows = manager.all()
    if isinstance(rows, VisibleQuerySet) and user.scope != Scope.ALL:
        known = rows.visible_to(user).filter(pk=getattr(record, field.attname)).exists()
        if not known:
            return format_html('<span class="muted">{}</span>', _("a record that you can’t see"))
    other = getattr(record, field.name)
    if hasattr(other, "get_absolute_url"):
        return format_html('<a href="{}">{}</a>', other.get_absolute_url(), other)
    return format_html("{}", other)
