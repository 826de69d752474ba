"""The columnar store's table of who is who: each person with the contact and account of the one whom they merged into."""

from __future__ import annotations

import time

import msgspec
from django.db import transaction
from django.db.models import Q

from proofline.timeline import store
from proofline.timeline.models import Person

AT_A_TIME = 5_000


def tell() -> None:
    """Bring the store's table up to date.

    Raises:
        StoreError: the rest stays stale and is told next time.
    """
    while _tell_some():
        pass


def _tell_some() -> bool:
    """Tell some; who changes meanwhile waits for the transaction and is stale again. False when nobody is left."""
    with transaction.atomic():
        stale = Person.objects.filter(stale=True).order_by("pk").values_list("pk", "canonical_id")[:AT_A_TIME]
        changed = dict(stale)
        if not changed:
            return False
        Person.objects.filter(pk__in=list(changed)).update(stale=False)
        meant = {canonical or pk for pk, canonical in changed.items()}
        store.insert("people", msgspec.json.Encoder().encode_lines(_rows(meant)))
    return True


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
