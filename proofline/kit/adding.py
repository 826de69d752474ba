"""Adding a record: its fields are checked here, what must be unique and what must hold by the store, which does it anyway."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model


@contextmanager
def adding(record: Model) -> Iterator[None]:
    """Check a new record, then save it and what goes with it in the block, which is one transaction.

    Nothing is asked of the store that it says by itself when the record is saved: whether there is another one, whether the records that
    were loaded for it are there, whether its constraints hold. Only when something is wrong all is asked, to say what.

    Raises:
        ValidationError: a field is not valid, a value is another record's, or a constraint does not hold; nothing was saved.
    """
    try:
        record.full_clean(exclude=_loaded(record), validate_unique=False, validate_constraints=False)
    except ValidationError:
        record.full_clean()
        raise
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        record.full_clean()
        raise


def _loaded(record: Model) -> set[str]:
    """Return the names of foreign keys to records that were read from the store, of which any will do."""
    fields: list[Any] = [field for field in record._meta.concrete_fields if field.is_relation]  # noqa: SLF001 - Django's documented model API
    return {
        field.name
        for field in fields
        if field.is_cached(record)
        and (other := field.get_cached_value(record)) is not None
        and not other._state.adding  # noqa: SLF001 - as above
        and not field.get_limit_choices_to()
    }
