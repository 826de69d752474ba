"""Making two records one, and taking that back.

Everything that any room ties to the one goes to the other (`following`), its people and its history too (`timeline.absorbing`). The
row of the one that is gone is kept with the merger, whose address leads to the other. Both ways are one transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core import serializers
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from proofline.kit import search
from proofline.records import following, kinds
from proofline.records.likeness import kind_of
from proofline.records.models.customers import note_keys
from proofline.records.models.customized import Customized
from proofline.records.models.duplicates import MODELS, Apart, MatchKey, Pair
from proofline.records.models.merging import Merger, Unmerger, plain
from proofline.timeline import absorbing, facts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from proofline.records.models import CustomField, User

FACTS = {"accounts": "account", "contacts": "contact", "leads": "lead"}
REFUSALS: dict[str, Callable[[Any, Any], str]] = {}
"""By kind: says why two (winner, loser) can't become one, "" when they can."""
DECIDED: dict[str, Callable[[Any, Any], dict[str, Any]]] = {}
"""By kind: the values of fields of which no choice is offered (the model's `DECIDED`), for they follow from what the two are."""
NOTHING = object()
NOT_OFFERED = frozenset({"id", "created_at", "unmatched"})


class MergedError(ValueError):
    """Two can't become one, or a merger can't be taken back; the text says why."""


def fields_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the fields of which a choice is offered when two become one."""
    own = model._meta.concrete_fields  # noqa: SLF001 - Django's documented model API
    left_out = NOT_OFFERED | getattr(model, "DECIDED", frozenset())
    return [one for one in own if one.editable and not one.primary_key and one.name not in left_out]


def custom_of(model: type[models.Model]) -> list[CustomField]:
    """Return the custom fields of which a choice is offered."""
    fields = model.custom_fields() if issubclass(model, Customized) else []
    return [one for one in fields if not one.is_computed]


def names_of(model: type[models.Model]) -> set[str]:
    """Return what can be taken: the names of fields, custom ones as `custom_<key>`."""
    return {one.name for one in fields_of(model)} | {one.attribute for one in custom_of(model)}


def usual(winner: Any, loser: Any) -> set[str]:
    """Return the fields that are taken from the loser when nobody says otherwise: those that the winner does not know."""
    names = [one.name for one in fields_of(type(winner))]
    found = {name for name in names if plain(winner, name) in {None, ""} and plain(loser, name) not in {None, ""}}
    return found | {
        one.attribute for one in custom_of(type(winner)) if one.key not in winner.custom and one.key in loser.custom
    }


def merge(winner: Any, loser: Any, *, take: Collection[str] | None, by: User, now: datetime) -> Merger:
    """Let the loser become the winner, who takes these fields from it (those that it does not know, when None).

    Raises:
        MergedError: they are one already, or something can't follow.
        ValidationError: the winner would not be valid.
    """
    kind = kind_of(winner)
    if winner.pk == loser.pk:
        raise MergedError(_("A record can't be merged with itself."))
    with transaction.atomic():
        winner, loser = _locked(kind, winner.pk), _locked(kind, loser.pk)
        if kind in REFUSALS and (refusal := REFUSALS[kind](winner, loser)):
            raise MergedError(refusal)
        values = _values(winner, loser, usual(winner, loser) if take is None else take)
        values |= DECIDED[kind](winner, loser) if kind in DECIDED else {}
        before = {name: plain(winner, name) for name in (*values, "created_at")}
        merger = Merger(kind=kind, winner=winner.pk, loser=loser.pk, name=loser.name, into=winner.name, by=by, at=now)
        merger.row = serializers.serialize("python", [loser])
        trail = following.Trail()
        _leave_family(winner, loser, before)
        try:
            following.follow(loser, stays=winner, trail=trail)
        except following.CantFollowError as error:
            raise MergedError(str(error)) from error
        account = getattr(values.get("account"), "pk", None) or getattr(winner, "account_id", None)
        merger.histories = absorbing.absorb(FACTS[kind], gone=loser.pk, stays=winner.pk, account=account)
        merger.said = _carry_over(kind, winner.pk, loser.pk)
        with search.dropping(MODELS[kind], [loser.pk]):
            following.remove(loser, following.Trail())
        winner.change(by=by, now=now, **values)
        _begin(winner, min(winner.created_at, loser.created_at))
        search.keep_around(MODELS[kind], [winner.pk])
        merger.changes = {name: [value, plain(winner, name)] for name, value in before.items()}
        merger.followed = trail.as_json()
        merger.save()
        note_keys(winner)
        _tell(f"{FACTS[kind]}.merged", winner, {"name": winner.name, "gone": merger.name}, by=by, now=now)
    return merger


def _locked(kind: str, pk: int) -> Any:
    found = MODELS[kind].objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise MergedError(_("One of the two has been merged meanwhile."))
    return found


def _values(winner: Any, loser: Any, take: Collection[str]) -> dict[str, Any]:
    """Return what the winner gets: what is taken, and what other sources said of either."""
    values = {one.name: getattr(loser, one.name) for one in fields_of(type(winner)) if one.name in take}
    for one in type(winner)._meta.concrete_fields:  # noqa: SLF001 - Django's documented model API
        ours, theirs = getattr(winner, one.attname), getattr(loser, one.attname)
        if not one.editable and isinstance(ours, dict) and isinstance(theirs, dict):
            values[one.name] = {**theirs, **{key: value for key, value in ours.items() if value not in (None, "")}}
    if "custom" in values:
        for field in custom_of(type(winner)):
            source = loser.custom if field.attribute in take else winner.custom
            values["custom"].pop(field.key, None)
            values["custom"] |= {field.key: source[field.key]} if field.key in source else {}
    if getattr(values.get("parent"), "pk", None) in {winner.pk, loser.pk}:
        del values["parent"]
    return values


def _leave_family(winner: Any, loser: Any, before: dict[str, Any]) -> None:
    """Let an account that is part of the one that goes be part of what that is part of."""
    if getattr(winner, "parent_id", None) != loser.pk:
        return
    before.setdefault("parent", loser.pk)
    above = loser.parent_id if loser.parent_id != winner.pk else None
    type(winner).objects.filter(pk=winner.pk).update(parent=above)
    winner.refresh_from_db(fields=["parent"])


def _begin(winner: Any, at: datetime) -> None:
    """Let it be known since a moment; that is no change that somebody made."""
    winner.created_at = at
    type(winner).objects.filter(pk=winner.pk).update(created_at=at)


def _carry_over(kind: str, winner: int, loser: int) -> list[dict[str, Any]]:
    """Let what was said of the loser hold for the winner; return it as it was."""
    said = list(Apart.objects.of(kind, loser))
    rows = serializers.serialize("python", said)
    Apart.objects.of(kind, loser).delete()
    for one in said:
        other = one.first if one.second == loser else one.second
        if other != winner:
            first, second = sorted((winner, other))
            kept = {"by": one.by, "at": one.at, "bits": one.bits, "reasons": one.reasons}
            Apart.objects.get_or_create(kind=kind, first=first, second=second, defaults=kept)
            Pair.objects.between(kind, winner, other).delete()
    Pair.objects.of(kind, loser).delete()
    MatchKey.objects.filter(kind=kind, record=loser).delete()
    return list(rows)


def unmerge(merger: Merger, *, by: User, now: datetime) -> Any:
    """Let the loser be a record of its own again, with what it had brought; return it.

    What the winner got by the merger and has still goes back; what was changed since stays.

    Raises:
        MergedError: it was taken back already, the winner has merged on, or the loser has no place any more.
        ValidationError: the winner would not be valid.
    """
    kind = merger.kind
    with transaction.atomic():
        if Unmerger.objects.filter(merger=merger).exists():
            raise MergedError(_("This merger has been taken back already."))
        winner = MODELS[kind].objects.select_for_update().filter(pk=merger.winner).first()
        if winner is None:
            raise MergedError(_("The record has itself been merged since. Take that back first."))
        back = _given_back(winner, merger)
        parent, began = back.pop("parent", NOTHING), back.pop("created_at", winner.created_at)
        try:
            with transaction.atomic():
                winner.change(by=by, now=now, **back)
                _begin(winner, began)
                following.restore(merger.row)
                following.undo(merger.followed)
        except IntegrityError as error:
            raise MergedError(_("Another record has its e-mail or id by now, so it has no place any more.")) from error
        loser = MODELS[kind].objects.get(pk=merger.loser)
        if parent is not NOTHING:
            winner.change(by=by, now=now, parent=parent and MODELS[kind].objects.filter(pk=parent).first())
        absorbing.release(FACTS[kind], gone=loser.pk, stays=winner.pk, trail=merger.histories)
        _say_again(merger)
        for one in (winner, loser):
            note_keys(one)
            MODELS[kind].objects.filter(pk=one.pk).update(unmatched=True)
        search.keep_around(MODELS[kind], [winner.pk, loser.pk])
        Unmerger.objects.create(merger=merger, by=by, at=now)
        for one in (winner, loser):
            told = {"name": winner.name, "gone": loser.name}
            _tell(f"{FACTS[kind]}.unmerged", one, told, by=by, now=now)
    return loser


def _given_back(winner: Any, merger: Merger) -> dict[str, Any]:
    """Return the fields' values from before the merger, of those that nobody changed since."""
    back: dict[str, Any] = {}
    for name, (before, after) in merger.changes.items():
        one = winner._meta.get_field(name)  # noqa: SLF001 - Django's documented model API
        if one.to_python(after) != plain(winner, name) or before == after:
            continue
        back[name] = one.to_python(before)
        if one.is_relation and name != "parent":
            back[name] = before and one.related_model._default_manager.filter(pk=before).first()  # noqa: SLF001
    return back


def _say_again(merger: Merger) -> None:
    """Put back what had been said of the loser, and take it from the winner where it came with the merger."""
    rows = [row for row in merger.said if not Apart.objects.filter(pk=row["pk"]).exists()]
    for row in merger.said:
        other = row["fields"]["first"] if row["fields"]["second"] == merger.loser else row["fields"]["second"]
        Apart.objects.between(merger.kind, merger.winner, other).filter(at=row["fields"]["at"]).delete()
    following.restore(rows)


def _tell(name: str, record: Any, told: dict[str, Any], *, by: User, now: datetime) -> None:
    account, contact = kinds.customer_of(record)
    facts.record(
        name,
        at=now,
        by=by.pk,
        account=account,
        contact=contact,
        subject=(name.partition(".")[0], record.pk),
        properties=told,
    )
