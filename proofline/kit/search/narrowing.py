"""Lists narrowed to what was typed: by the index where it knows their records, by looking through them where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from proofline.kit.models import SearchFill
from proofline.kit.search import kinds
from proofline.kit.search.asking import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

MOST = 5_000
"""Of words that more records have, the first ones are soon found by looking through the records."""


def searched(queryset: QuerySet[Any], text: str, fields: Sequence[str]) -> QuerySet[Any]:
    """Keep the records that have every word of a text.

    The index finds words by their beginnings, in all that it knows of a record; without it a word may stand anywhere in one of the fields.
    """
    if not fields or not text.strip():
        return queryset
    model: Any = queryset.model
    kind = kinds.of(model)
    if kind and set(fields) <= set(kind.paths) and _is_whole(kind):
        found = within(kind, text, most=MOST)
        if found is not None:
            return queryset.filter(pk__in=found)
    for word in text.split():
        wanted = Q()
        for name in fields:
            wanted |= Q(**{f"{name}__icontains": word})
        queryset = queryset.filter(wanted)
    return queryset


def _is_whole(kind: kinds.Kind) -> bool:
    return SearchFill.objects.filter(kind=kind.name, declared=kind.declared).exists()
