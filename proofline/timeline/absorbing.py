"""Letting a record stand for another's history too, which was the same, and taking that back.

What happened stays as it was written, with the number of the one who is gone; a feed asks for both. People, who are tied by number,
are tied anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from proofline.timeline.models import Absorbed, Group, Merge, Person

if TYPE_CHECKING:
    from collections.abc import Collection

FIELDS = {"account": "account_id", "contact": "contact_id"}


def absorb(kind: str, *, gone: int, stays: int, account: int | None = None) -> dict[str, Any]:
    """Let `stays` stand for `gone` too; return what was tied anew, as plain values, for `release`.

    Args:
        kind: "account", "contact", or the kind of another record, to which no people are tied.
        gone: the id of the one that is no more.
        stays: the id of the one that it turned out to be.
        account: of a contact that stays, the id of the account.
    """
    name = FIELDS.get(kind, "")
    with transaction.atomic():
        people = list(Person.objects.filter(**{name: gone}).values_list("pk", "account_id")) if name else []
        keys = [pk for pk, _account in people]
        tied = {name: stays} | ({"account_id": account} if kind == "contact" and account else {})
        if keys:
            Person.objects.filter(pk__in=keys).update(**tied, stale=True)
        groups = list(Group.objects.filter(account_id=gone).values_list("pk", flat=True)) if kind == "account" else []
        Group.objects.filter(pk__in=groups).update(account_id=stays)
        _rename(name, old=gone, new=stays, people=keys)
        came_along = list(Absorbed.objects.filter(kind=kind, stays=gone).values_list("gone", flat=True))
        Absorbed.objects.filter(kind=kind, stays=gone).update(stays=stays)
        Absorbed.objects.create(kind=kind, gone=gone, stays=stays)
    return {"people": people, "groups": groups, "came_along": came_along}


def release(kind: str, *, gone: int, stays: int, trail: dict[str, Any]) -> None:
    """Let `gone` stand for itself again, with what it had brought and is still tied to the other."""
    name = FIELDS.get(kind, "")
    with transaction.atomic():
        for pk, account in trail["people"]:
            back = {name: gone} | ({"account_id": account} if kind == "contact" else {})
            Person.objects.filter(pk=pk, **{name: stays}).update(**back, stale=True)
        Group.objects.filter(pk__in=trail["groups"], account_id=stays).update(account_id=gone)
        _rename(name, old=stays, new=gone, people=[pk for pk, _account in trail["people"]])
        Absorbed.objects.filter(kind=kind, gone=gone).delete()
        Absorbed.objects.filter(kind=kind, gone__in=trail["came_along"], stays=stays).update(stays=gone)


def history_of(kind: str, pk: int) -> list[int]:
    """Return the ids under which the history of a record is written: its own, and those that it stands for."""
    return [pk, *Absorbed.objects.filter(kind=kind, stays=pk).order_by("gone").values_list("gone", flat=True)]


def histories_of(kind: str, pks: Collection[int]) -> list[int]:
    """Return the ids under which the history of these is written, in order."""
    return sorted({*pks, *Absorbed.objects.filter(kind=kind, stays__in=pks).values_list("gone", flat=True)})


def renamed(kind: str, column: str) -> str:
    """Return the SQL of a column with ids of accounts or contacts, those that are gone as the ones that stand for them."""
    known = list(Absorbed.objects.filter(kind=kind).order_by("gone").values_list("gone", "stays"))
    if not known:
        return column
    gone, stays = (", ".join(f"toUInt64({pair[side]})" for pair in known) for side in (0, 1))
    return f"transform({column}, [{gone}], [{stays}], {column})"


def _rename(name: str, *, old: int, new: int, people: Collection[int]) -> None:
    """Let merges of people say the new number of what they gave, so that it is taken back with them."""
    for merge in Merge.objects.filter(person__in=people):
        if merge.gave.get(name) == old:
            merge.gave = {**merge.gave, name: new}
            merge.save(update_fields=["gave"])
