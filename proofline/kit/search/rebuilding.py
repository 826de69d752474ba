"""Taking in what there was before: all records of a kind, a few at a time, while the verbs go on writing theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Max

from proofline.kit.models import SearchEntry, SearchFill
from proofline.kit.search import entries, kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from proofline.kit.search.kinds import Kind

    Told = Callable[[int, int, str], None]

AT_ONCE = 500
PAGES = 64
"""So many pages of the full-text index are put together in one transaction."""


def missing() -> list[Kind]:
    """Return the kinds that are not in the index whole, as they are declared now."""
    done = dict(SearchFill.objects.values_list("kind", "declared"))
    return [kind for kind in kinds.registered() if done.get(kind.name) != kind.declared]


def rebuild(among: Sequence[Kind], *, now: datetime, tell: Told = lambda _done, _total, _kind: None) -> int:
    """Make the entries of these kinds what they should be; return how many had to be written or removed.

    May be killed at any time and done again. `tell` is told how far it is: records, of how many at most, and the kind's name.
    """
    highest = {kind.name: kind.model._default_manager.aggregate(most=Max("pk"))["most"] or 0 for kind in among}  # noqa: SLF001
    before, total, changed = 0, sum(highest.values()), 0
    for kind in among:
        tell(before, total, kind.name)
        after = 0
        while ids := _next(kind, after):
            with transaction.atomic():
                changed += entries.write(kind, ids, locked=True)
            after = ids[-1]
            tell(before + after, total, kind.name)
        changed += _remove_left(kind)
        SearchFill.objects.update_or_create(kind=kind.name, defaults={"declared": kind.declared, "at": now})
        before += highest[kind.name]
    SearchEntry.objects.exclude(kind__in=[kind.name for kind in kinds.registered()]).delete()
    return changed


def _next(kind: Kind, after: int) -> list[int]:
    rows = kind.model._default_manager.filter(pk__gt=after).order_by("pk")  # noqa: SLF001
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _remove_left(kind: Kind) -> int:
    """Remove the entries of records that are no more."""
    removed, after = 0, 0
    while True:
        some = list(
            SearchEntry.objects.filter(kind=kind.name, record__gt=after)
            .order_by("record")
            .values_list("record", flat=True)[:AT_ONCE]
        )
        if not some:
            return removed
        there = set(kind.model._default_manager.filter(pk__in=some).values_list("pk", flat=True))  # noqa: SLF001
        if gone := set(some) - there:
            with transaction.atomic():
                removed += entries.remove(kind, gone)
        after = some[-1]


def tidy() -> None:
    """Put the full-text index together, so that it is read fast and keeps nothing of what was removed; PostgreSQL does so by itself."""
    if connection.vendor != "sqlite":
        return
    pages = -PAGES
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            before = _changes(cursor)
            cursor.execute("INSERT INTO kit_searchwords(kit_searchwords, rank) VALUES ('merge', %s)", [pages])
            if _changes(cursor) - before < 2:  # noqa: PLR2004 - SQLite's own sign that there is nothing left to merge
                return
        pages = PAGES


def _changes(cursor: object) -> int:
    cursor.execute("SELECT total_changes()")  # type: ignore[attr-defined]  # a cursor
    return int(cursor.fetchone()[0])  # type: ignore[attr-defined]
