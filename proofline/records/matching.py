"""Finding records that may be one and the same: at once when one is added, in the background, and among all there is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from proofline.kit.batching import batched
from proofline.kit.jobs import report
from proofline.kit.matching import MOST
from proofline.kit.prepared import Prepared
from proofline.records.likeness import RULES, exact_keys_of, keys_of, kind_of, values_of
from proofline.records.models.duplicates import MODELS, MatchKey, Pair, Scan, keep_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from django.db.models import QuerySet

    from proofline.kit.matching import Verdict
    from proofline.records.models import User

AT_ONCE = 1000
"""So many records are looked at in one transaction."""
TOLD = 5
"""So many are named when a record is added."""
SHARED = 3
"""A phone that more records have is a switchboard's."""


ALSO: list[Callable[[str, dict[int, set[int]]], None]] = []
"""Told of the records of a kind that were looked at, with their keys: a later room compares them with its own of another kind."""
ALSO_AT_ONCE: dict[str, Callable[[Any, User], Found]] = {}
"""By kind: finds records of another kind that are the same as one that is about to be added."""


@dataclass(frozen=True)
class Candidate:
    """A record that may be the same, and why."""

    record: Any
    verdict: Verdict

    @property
    def reasons(self) -> list[list[Any]]:
        """[field, likeness] of each field that both have."""
        return reasons_of(self.verdict)


@dataclass(frozen=True)
class Found:
    """What may be the same as a record: those that the viewer may see, and whether there is any that they may not."""

    seen: list[Candidate] = field(default_factory=list)
    hidden: bool = False

    def __bool__(self) -> bool:
        return bool(self.seen) or self.hidden

    def __add__(self, other: Found) -> Found:
        return Found([*self.seen, *other.seen], hidden=self.hidden or other.hidden)

    @property
    def token(self) -> str:
        """What says that somebody was shown exactly these."""
        return ",".join([*(str(one.record.pk) for one in self.seen), *(["…"] if self.hidden else [])])


def reasons_of(verdict: Verdict) -> list[list[Any]]:
    """Return what a verdict rests on, as it is kept."""
    return [[reason.field, round(reason.likeness, 3)] for reason in verdict.reasons]


def at_once(record: Any, *, user: User) -> Found:
    """Return what is the same by its e-mail, phone, domain or name as a record that is about to be added (or was just)."""
    found, kind = _at_once(record, user=user), kind_of(record)
    return found + ALSO_AT_ONCE[kind](record, user) if kind in ALSO_AT_ONCE else found


def _at_once(record: Any, *, user: User) -> Found:
    kind, values = kind_of(record), values_of(record)
    by_key: defaultdict[int, list[int]] = defaultdict(list)
    for key, pk in _sharing(kind, sorted(exact_keys_of(kind, values)), record.pk or 0):
        by_key[key].append(pk)
    if not by_key:
        return Found()
    crowded = {pk for pks in by_key.values() if len(pks) > SHARED for pk in pks}
    candidates = [
        Candidate(other, RULES[kind].compare(values, values_of(other)))
        for other in _loaded(kind, {pk for pks in by_key.values() for pk in pks})
    ]
    kept = [one for one in candidates if _counts(one, kind, crowded=one.record.pk in crowded)]
    return told(kind, sorted(kept, key=lambda one: (-one.verdict.bits, one.record.pk)), user=user)


_sharing = Prepared[tuple[int, int]](
    lambda kind, keys, record: (
        MatchKey.objects.filter(kind=kind, key__in=keys)
        .exclude(record=record)
        .values_list("key", "record")[: MOST * len(keys)]
    )
)


def _counts(one: Candidate, kind: str, *, crowded: bool) -> bool:
    """Tell whether a candidate is worth telling of at once."""
    if one.verdict.bits >= RULES[kind].least:
        return True
    same = {reason.field for reason in one.verdict.reasons if reason.likeness == 1.0}
    if kind == "accounts":
        return bool(same & {"domain", "name"})
    other_company = any(reason.field == "company" and not reason.likeness for reason in one.verdict.reasons)
    return bool(same & {"email", "phone"} and not crowded) or ("name" in same and not other_company and not crowded)


def told(kind: str, candidates: list[Candidate], *, user: User) -> Found:
    """Return those of the candidates that the user may see, and whether there are others."""
    seen = set(
        MODELS[kind]
        .objects.visible_to(user)
        .filter(pk__in=[one.record.pk for one in candidates])
        .values_list("pk", flat=True)
    )
    shown = [one for one in candidates if one.record.pk in seen]
    return Found(shown[:TOLD], hidden=len(seen) < len(candidates))


def known_of(record: Any, *, user: User) -> Found:
    """Return what the background found for a record, best first."""
    kind = kind_of(record)
    pairs = _known_pairs(kind, record.pk)
    if not pairs:
        return Found()
    others = {pair.first if pair.second == record.pk else pair.second: pair for pair in pairs}
    there = {other.pk: other for other in _loaded(kind, others)}
    values = values_of(record)
    candidates = [
        Candidate(there[pk], RULES[kind].compare(values, values_of(there[pk]))) for pk in others if pk in there
    ]
    return told(kind, candidates, user=user)


_known_pairs = Prepared[Pair](lambda kind, record: Pair.objects.of(kind, record).order_by("-bits", "pk")[:MOST])


def _loaded(kind: str, pks: Collection[int]) -> Iterable[Any]:
    found: QuerySet[Any] = MODELS[kind].objects.filter(pk__in=pks)
    return found.select_related("account") if kind == "contacts" else found


def match_new() -> int:
    """Look at all records that were added or changed since; return how many pairs are new."""
    new = 0
    for kind, model in MODELS.items():
        while some := list(model.objects.filter(unmatched=True).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
            with transaction.atomic():
                new += _match(kind, some)
    return new


def scan(scan: Scan) -> None:
    """Look through all there is, from where the scan stood; what people said of pairs is kept."""
    total = sum(model.objects.count() for model in MODELS.values())
    for kind, model in MODELS.items():
        rest = model.objects.filter(pk__gt=scan.through.get(kind, 0)).order_by("pk")
        while some := list(rest.filter(pk__gt=scan.through.get(kind, 0)).values_list("pk", flat=True)[:AT_ONCE]):
            with transaction.atomic():
                found = _match(kind, some, lower_only=True)
                scan.come_to(kind, some[-1], looked_at=len(some), found=found)
            report(scan.looked_at, total)
    scan.finish(now=timezone.now())


def _match(kind: str, pks: list[int], *, lower_only: bool = False) -> int:
    """Compare records with those that share a key with them, and keep what was found; return how many pairs are new."""
    locked = MODELS[kind].objects.select_for_update(of=("self",)).filter(pk__in=pks)
    records = {one.pk: one for one in (locked.select_related("account") if kind == "contacts" else locked)}
    values = {pk: values_of(one) for pk, one in records.items()}
    keys = {pk: keys_of(kind, values[pk]) for pk in records}
    MatchKey.objects.note(kind, keys)
    meet = _meeting(kind, keys, lower_only=lower_only)
    strangers = {pk for others in meet.values() for pk in others} - records.keys()
    for some in batched(strangers, AT_ONCE):
        values |= {one.pk: values_of(one) for one in _loaded(kind, some)}
    found = _pairs(kind, meet, values)
    new = keep_pairs(kind, found, of=pks, lower_only=lower_only)
    for also in ALSO:
        also(kind, keys)
    MODELS[kind].objects.filter(pk__in=pks, unmatched=True).update(unmatched=False)
    return new


def _meeting(kind: str, keys: dict[int, set[int]], *, lower_only: bool) -> dict[int, set[int]]:
    """Return, by record, the others that share a key with it that not too many share."""
    wanted = sorted({key for mine in keys.values() for key in mine})
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for some in batched(wanted, AT_ONCE):
        shared = MatchKey.objects.filter(kind=kind, key__in=some).values("key").annotate(n=Count("pk"))
        small = shared.filter(n__gt=1, n__lte=MOST).order_by().values_list("key", flat=True)
        for key, record in MatchKey.objects.filter(kind=kind, key__in=list(small)).values_list("key", "record"):
            holders[key].append(record)
    return {
        pk: {other for key in mine for other in holders.get(key, ()) if (other < pk if lower_only else other != pk)}
        for pk, mine in keys.items()
    }


def _pairs(kind: str, meet: dict[int, set[int]], values: dict[int, dict[str, Any]]) -> list[Pair]:
    now, rules = timezone.now(), RULES[kind]
    found = []
    for first, second in sorted({(min(pk, other), max(pk, other)) for pk, others in meet.items() for other in others}):
        if first not in values or second not in values or _family(values[first], values[second]):
            continue
        verdict = rules.compare(values[first], values[second])
        if verdict.bits >= rules.least:
            reasons = reasons_of(verdict)
            found.append(Pair(kind=kind, first=first, second=second, bits=verdict.bits, reasons=reasons, found_at=now))
    return found


def _family(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether one account is part of the other, which is why they are alike."""
    ours, theirs = one.get("parent"), other.get("parent")
    return bool(ours and theirs and (ours[0] == theirs[1] or theirs[0] == ours[1]))
