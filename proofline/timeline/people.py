"""The columnar store's table of who is who: each person with the contact and account of the one whom they merged into."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec
from django.db import transaction
from django.db.models import Q

from proofline.timeline import store
from proofline.timeline.models import Person

if TYPE_CHECKING:
    from datetime import datetime

AT_A_TIME = 5_000


def tell() -> tuple[set[int], bool]:
    """Bring the store's table up to date; return whose rows changed, and whether somebody among them was erased.

    Raises:
        StoreError: the rest stays stale and is told next time.
    """
    changed: set[int] = set()
    erased = False
    while some := _tell_some():
        changed |= some.keys()
        erased = erased or any(some.values())
    return changed, erased


def _tell_some() -> dict[int, bool]:
    """Tell some, without keeping the record store busy while the store takes it in. Return who was told, and who is erased."""
    stale = Person.objects.filter(stale=True).order_by("pk").values_list("pk", "canonical_id", "erased_at")
    changed = list(stale[:AT_A_TIME])
    if not changed:
        return {}
    told = {pk: erased_at for pk, _canonical, erased_at in changed}
    rows = _rows({canonical or pk for pk, canonical, _erased_at in changed} | told.keys())
    version = time.time_ns()
    living = [{**row, "version": version} for row in rows if told.get(row["person"]) is None]
    if living:
        store.insert("people", msgspec.json.Encoder().encode_lines(living))
    _settle(told, {row["person"]: row for row in rows})
    return {row["person"]: told.get(row["person"]) is not None for row in rows}


def _settle(told: dict[int, datetime | None], rows: dict[int, dict[str, int]]) -> None:
    """Say that the store knows these people, but for those who changed in the meantime: they stay stale."""
    with transaction.atomic():
        held = Person.objects.select_for_update().filter(pk__in=list(told)).order_by("pk")
        erased = dict(held.values_list("pk", "erased_at"))
        same = [
            row["person"]
            for row in _rows(set(erased))
            if row == rows.get(row["person"])
            and row["person"] in erased
            and erased[row["person"]] == told[row["person"]]
        ]
        Person.objects.filter(pk__in=same).update(stale=False)


def _rows(meant: set[int]) -> list[dict[str, int]]:
    """Return the rows of these people and of all who merged into them."""
    family = Person.objects.filter(Q(pk__in=meant) | Q(canonical__in=meant)).select_related("canonical")
    return [
        {
            "person": person.pk,
            "canonical": person.canonical_id or person.pk,
            "contact": (person.canonical or person).contact_id or 0,
            "account": (person.canonical or person).account_id or 0,
        }
        for person in family
    ]
