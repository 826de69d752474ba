"""The columnar store's table of who is who: each person with the contact and account of the one whom they merged into."""

from __future__ import annotations

import time

import msgspec
from django.db import transaction
from django.db.models import Q

from proofline.timeline import store
from proofline.timeline.models import Person

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
    """Tell some; who changes meanwhile waits for the transaction and is stale again. Return who was told, and who is erased."""
    with transaction.atomic():
        stale = (
            Person.objects.filter(stale=True).order_by("pk").values_list("pk", "canonical_id", "erased_at")[:AT_A_TIME]
        )
        changed = list(stale)
        if not changed:
            return {}
        told = {pk: erased_at is not None for pk, _canonical, erased_at in changed}
        Person.objects.filter(pk__in=list(told)).update(stale=False)
        rows = _rows({canonical or pk for pk, canonical, _erased_at in changed} | told.keys())
        store.insert("people", msgspec.json.Encoder().encode_lines(rows))
    return {row["person"]: told.get(row["person"], False) for row in rows}


def _rows(meant: set[int]) -> list[dict[str, int]]:
    """Return the rows of these people and of all who merged into them."""
    version = time.time_ns()
    family = Person.objects.filter(Q(pk__in=meant) | Q(canonical__in=meant)).select_related("canonical")
    return [
        {
            "person": person.pk,
            "canonical": person.canonical_id or person.pk,
            "contact": (person.canonical or person).contact_id or 0,
            "account": (person.canonical or person).account_id or 0,
            "version": version,
        }
        for person in family
    ]
