"""Records that may be one and the same, what people said of them, and looking through all there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse

from proofline.kit.bulk import insert_rows
from proofline.kit.jobs import status
from proofline.records.models.customers import Account, Contact
from proofline.records.models.notifications import Notification
from proofline.records.models.people import User

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from proofline.kit.jobs import JobStatus

MODELS: dict[str, type[Any]] = {"accounts": Account, "contacts": Contact}
"""By kind; a later room adds its own, with its rules (see `likeness.learn`)."""


class Kind(models.TextChoices):
    ACCOUNTS = "accounts"
    CONTACTS = "contacts"
    LEADS = "leads"


class MatchKeyQuerySet(models.QuerySet["MatchKey"]):
    """Keys."""

    def note(self, kind: str, wanted: dict[int, set[int]]) -> None:
        """Keep exactly these keys of these records."""
        kept: dict[int, set[int]] = {record: set() for record in wanted}
        for record, key in self.filter(kind=kind, record__in=wanted).values_list("record", "key"):
            kept[record].add(key)
        for record, keys in wanted.items():
            if gone := kept[record] - keys:
                self.filter(kind=kind, record=record, key__in=gone).delete()
        self.add(kind, {record: keys - kept[record] for record, keys in wanted.items()})

    def add(self, kind: str, wanted: dict[int, set[int]]) -> None:
        """Add keys of records that have none of them yet."""
        rows = [(kind, record, key) for record, keys in wanted.items() for key in keys]
        insert_rows(MatchKey, ("kind", "record", "key"), rows)


class MatchKey(models.Model):
    """A key under which a record meets others that may be the same (see `records.likeness`)."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.BigIntegerField()
    record = models.BigIntegerField()

    objects = MatchKeyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "key", "record"], name="match_key"),
            models.Index(fields=["kind", "record"], name="match_record"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}"


class TwoQuerySet(models.QuerySet[Any]):
    """Pairs of records."""

    def of(self, kind: str, *records: int) -> Self:
        """Keep those that one of these records is in."""
        return self.filter(Q(first__in=records) | Q(second__in=records), kind=kind)

    def between(self, kind: str, one: int, other: int) -> Self:
        """Keep the one of these two."""
        return self.filter(kind=kind, first=min(one, other), second=max(one, other))

    def visible_to(self, user: User, kind: str) -> Self:
        """Keep those of which the user may see both records, which are still there."""
        seen = MODELS[kind].objects.visible_to(user).values("pk")
        return self.filter(kind=kind, first__in=seen, second__in=seen)


class Two(models.Model):
    """Two records of a kind, the one with the lower id first, and how alike they are."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    first = models.BigIntegerField()
    second = models.BigIntegerField()
    bits = models.FloatField(default=0)
    """How much speaks for one and the same, in bits (see `kit.matching`)."""
    reasons = models.JSONField(default=list)
    """[field, likeness] of each field that both have."""

    objects = TwoQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.first} = {self.second}?"


class Pair(Two):
    """Two records that may be one and the same, for somebody to look at."""

    found_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "-bits", "-id"], name="pair_best"),
            models.Index(fields=["kind", "second"], name="pair_second"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "second"], name="pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_in_order"),
        ]


class Apart(Two):
    """That two records are not the same, as somebody said; nobody is asked again."""

    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "second"], name="apart_second")]
        constraints = [models.UniqueConstraint(fields=["kind", "first", "second"], name="apart_once")]

    @classmethod
    def say(cls, kind: str, one: int, other: int, *, by: User, now: datetime) -> Apart:
        """Say that two are not the same; the question goes from the queue."""
        first, second = sorted((one, other))
        with transaction.atomic():
            pair = Pair.objects.between(kind, one, other).first()
            known = {"bits": pair.bits, "reasons": pair.reasons} if pair else {}
            said, _first_time = cls.objects.get_or_create(
                kind=kind, first=first, second=second, defaults={"by": by, "at": now, **known}
            )
            Pair.objects.between(kind, one, other).delete()
        return said

    def take_back(self, *, now: datetime) -> None:
        """Ask again."""
        with transaction.atomic():
            Pair.objects.get_or_create(
                kind=self.kind,
                first=self.first,
                second=self.second,
                defaults={"bits": self.bits, "reasons": self.reasons, "found_at": now},
            )
            self.delete()


class ScanQuerySet(models.QuerySet["Scan"]):
    """Scans."""

    def seen(self) -> Self:
        """Keep those of which a page can tell how they stand."""
        return self.exclude(job="", done_at=None)

    def begin(self, *, by: User | None, now: datetime) -> tuple[Scan, bool]:
        """Return the scan that is to look through all there is, and whether it is new: one that goes on counts."""
        going: Scan | None = self.filter(done_at=None).exclude(job="").order_by("-pk").first()
        if going is not None and going.state in {"waiting", "running"}:
            return going, False
        return self.create(by=by, at=now), True


class Scan(models.Model):
    """That all records are looked through. A killed one goes on where it stood."""

    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    job = models.CharField(max_length=64, blank=True)
    through = models.JSONField(default=dict)
    """The last record of each kind that was looked at."""
    looked_at = models.PositiveBigIntegerField(default=0)
    found = models.PositiveBigIntegerField(default=0)
    """Pairs that were not known before."""
    done_at = models.DateTimeField(null=True)

    objects = ScanQuerySet.as_manager()

    def __str__(self) -> str:
        return f"scan {self.pk}"

    @property
    def job_status(self) -> JobStatus | None:
        """How far the job is."""
        return status(self.job) if self.job and self.done_at is None else None

    @property
    def state(self) -> str:
        """Where it stands: waiting, running, done or failed; what the command line does itself is seen when it is done."""
        if self.done_at is not None:
            return "done"
        job = self.job_status
        if job is None:
            return "failed"
        return {"dead": "failed", "waiting": "waiting"}.get(job.state, "running")

    def given_to(self, job: str) -> None:
        """Note which job does it."""
        self.job = job
        self.save(update_fields=["job"])

    def come_to(self, kind: str, record: int, *, looked_at: int, found: int) -> None:
        """Note how far it has come."""
        self.through = {**self.through, kind: record}
        self.looked_at += looked_at
        self.found += found
        self.save(update_fields=["through", "looked_at", "found"])

    def finish(self, *, now: datetime) -> None:
        """Note that all was looked at."""
        self.done_at = now
        with transaction.atomic():
            self.save(update_fields=["done_at"])
            Notification.objects.tell(
                user=self.by,
                kind="duplicates_found",
                key=f"scan:{self.pk}",
                now=now,
                url=reverse("records:duplicates"),
                found=self.found,
            )


def keep_pairs(kind: str, found: Iterable[Pair], *, of: Collection[int], lower_only: bool) -> int:
    """Keep what was found among records that were looked at, but what people said; return how many pairs are new.

    Pairs of theirs that are not found any more go; with `lower_only` those with records of lower ids alone.
    """
    wanted = {(pair.first, pair.second): pair for pair in found}
    known = Pair.objects.filter(kind=kind, second__in=of) if lower_only else Pair.objects.of(kind, *of)
    said = Apart.objects.filter(kind=kind, second__in={second for _first, second in wanted})
    decided = set(said.values_list("first", "second"))
    new, gone, other = [pair for key, pair in wanted.items() if key not in decided], [], []
    there = {(pair.first, pair.second): pair for pair in known}
    for key, pair in there.items():
        if key not in wanted:
            gone.append(pair.pk)
        elif pair.reasons != wanted[key].reasons:
            pair.bits, pair.reasons = wanted[key].bits, wanted[key].reasons
            other.append(pair)
    fresh = [pair for pair in new if (pair.first, pair.second) not in there]
    Pair.objects.filter(pk__in=gone).delete()
    Pair.objects.bulk_update(other, ["bits", "reasons"], batch_size=500)
    Pair.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=1000)
    return len(fresh)
