"""Editing a record's fields, with the fact that says which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proofline.kit import search
from proofline.records.models.history import Change
from proofline.records.models.notifications import Notification

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from proofline.records.models.people import User


def field_names(model: str) -> Callable[[str], object]:
    """Return what says a field of the model, such as "records.Account", in the reader's language; for `catalogue.declare`."""

    def named(field: str) -> object:
        try:
            return getattr(apps.get_model(model)._meta.get_field(field), "verbose_name", field)  # noqa: SLF001 - Django's own way
        except FieldDoesNotExist:  # it had another name then
            return field

    return named


class Changeable(models.Model):
    """A record whose fields people edit. The subclass says how the change is told to the timeline."""

    changed_at = models.DateTimeField(_("last change"), default=timezone.now, editable=False)

    _as_they_are: Collection[str] = ()

    class Meta:
        abstract = True

    def change(self, *, by: User | None, now: datetime, **values: Any) -> dict[str, tuple[Any, Any]]:
        """Set fields, check the whole record, save what differs, let search know and record it, with the values before and after in its history.

        Returns {field: (before, after)}; empty when nothing differed.

        Raises:
            ValidationError: a value is not valid; nothing was saved.
        """
        links = {name: list(value) for name, value in values.items() if self._meta.get_field(name).many_to_many}
        own = {name: value for name, value in values.items() if name not in links}
        changed = {name: (getattr(self, name), value) for name, value in own.items() if getattr(self, name) != value}
        linked = {name: (list(getattr(self, name).all()), value) for name, value in links.items()}
        linked = {name: pair for name, pair in linked.items() if set(pair[0]) != set(pair[1])}
        if not changed and not linked:
            return {}
        for name, value in own.items():
            setattr(self, name, value)
        self._as_they_are = {
            one.name for one in self._meta.concrete_fields if one.is_relation and one.name not in changed
        }
        self.full_clean()
        self.changed_at = now
        with transaction.atomic():
            self.save(update_fields=[*changed, "changed_at"])
            for name, (_before, value) in linked.items():
                getattr(self, name).set(value)
            saved = {name: (before, getattr(self, name)) for name, (before, _given) in changed.items()}
            Change.objects.note(self, saved | linked, by=by, at=now)
            search.keep(type(self), [self.pk], fields=changed)
            self.tell_change(by=by, now=now, fields=sorted(changed | linked))
            if "owner" in changed:
                Notification.objects.tell_owner(self, by=by, now=now)
        return changed | linked

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Check each field, but do not ask the store once more for related records that stay as they are: it holds them itself."""
        super().clean_fields(exclude={*(exclude or ()), *self._as_they_are})

    def tell_change(self, *, by: User | None, now: datetime, fields: list[str]) -> None:
        """Record on the timeline that these fields changed."""
