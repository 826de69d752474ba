"""What a record is called on the timeline, in tasks and in notifications ("deal", 12), and whether somebody may see it now.

Main records are called as `records.kinds` calls them; `config/subjects.py` is the table of the others.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from proofline.records import kinds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from proofline.records.access import Visible
    from proofline.records.models import Competitor, User

    Subject = tuple[str, int]

_kinds: dict[str, type[Visible | Competitor]] = {}


def register(kind: str, model: type[Visible | Competitor]) -> None:
    """Let records of the model be meant by `kind` and their key."""
    _kinds[kind] = model


def kind_of(record: Visible) -> str:
    """Return the kind of a record, "" when it has none."""
    if main := kinds.of(record):
        return main.name
    return next((kind for kind, model in _kinds.items() if isinstance(record, model)), "")


def seen(subjects: Iterable[Subject], *, user: User) -> dict[Subject, Any]:
    """Return the records that the user may see now, by subject: one query for each kind among them."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for kind, pk in subjects:
        wanted[kind].add(pk)
    return {
        (kind, record.pk): record
        for kind, pks in wanted.items()
        if (rows := _records(kind)) is not None
        for record in rows.visible_to(user).filter(pk__in=pks)
    }


def find(kind: str, pk: int | str, *, user: User) -> Any:
    """Return one record that the user may see now, None when there is none."""
    text, rows = str(pk), _records(kind)
    if rows is None or not (text.isascii() and text.isdigit() and int(text) < 2**63):
        return None
    return rows.visible_to(user).filter(pk=int(text)).first()


def there(kind: str, pks: Collection[int]) -> set[int]:
    """Return which of these records there are, whoever may see them; of a kind that nobody knows, all."""
    rows = _records(kind)
    return set(pks) if rows is None else set(rows.filter(pk__in=pks).values_list("pk", flat=True))


def _records(kind: str) -> Any:
    main = kinds.named(kind)
    model: Any = main.model if main else _kinds.get(kind)
    return model._default_manager.all() if model else None  # noqa: SLF001 - Django's documented model API
