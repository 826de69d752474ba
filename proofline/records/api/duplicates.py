"""Duplicates through the API: what may be the same, deciding, merging, taking back, looking through all there is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records import jobs, matching, merging, saying
from proofline.records.access import load, require_write
from proofline.records.api.tokens import user_of
from proofline.records.likeness import kind_of
from proofline.records.models import Apart, Merger, Pair, Scan
from proofline.records.models.duplicates import MODELS

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router()
KindName = Literal["accounts", "contacts", "leads"]
SCANS = "import"


class CandidateOut(Schema):
    kind: str = Field(description="Of which kind it is: a lead may be a contact too.")
    id: int
    name: str
    bits: float = Field(
        description="How much speaks for one and the same, in bits; from 8 (accounts) or 10.5 (contacts, leads) on they are asked about."
    )
    why: str = Field(description="What speaks for it, in words.")


class DuplicatesOut(Schema):
    items: list[CandidateOut] = Field(description="Those that you may see, best first.")
    hidden: bool = Field(description="A record that you can't see matches; ask an administrator or your manager.")


class RecordOut(Schema):
    id: int
    name: str


class PairOut(Schema):
    id: int
    kind: KindName
    records: list[RecordOut]
    bits: float
    why: str
    found_at: datetime


class MergeIn(Given):
    with_: int = Field(alias="with", ge=1, lt=2**63, description="The record that becomes part of this one.")
    take: list[str] | None = Field(
        None,
        description="Fields whose values are taken from it, custom ones as custom_<key>; null: those that this one does not know.",
    )


class SeparationIn(Given):
    from_: int = Field(alias="from", ge=1, lt=2**63, description="The record that is not the same.")


class MergerOut(Schema):
    id: int
    kind: KindName
    winner_id: int = Field(validation_alias="winner", description="The record that stayed.")
    loser_id: int = Field(
        validation_alias="loser", description="The one that became part of it; its addresses lead there."
    )
    name: str = Field(description="What the loser was called.")
    by_id: int | None
    at: datetime
    undone: bool = Field(validation_alias="is_undone")


class ScanOut(Schema):
    id: int
    state: str = Field(description="waiting, running, done or failed.")
    percent: int | None
    at: datetime
    done_at: datetime | None
    found: int | None = Field(description="New pairs; null when you don't see all records.")


def hint(found: matching.Found) -> dict[str, Any]:
    """Return what may be the same, as the API says it."""
    items = [
        {
            "kind": kind_of(one.record),
            "id": one.record.pk,
            "name": one.record.name,
            "bits": round(one.verdict.bits, 2),
            "why": saying.sentence(one.reasons),
        }
        for one in found.seen
    ]
    return {"items": items, "hidden": found.hidden}


@router.get("/duplicates", response=Page[PairOut], tags=["duplicates"])
def duplicates(request: HttpRequest, paging: PagingQuery, kind: KindName = "accounts") -> dict[str, Any]:
    """List the pairs that wait for a decision, of which you may see both records, newest first."""
    page = page_of(Pair.objects.visible_to(user_of(request), kind), paging)
    names = dict(
        MODELS[kind]
        .objects.filter(pk__in={pk for pair in page["items"] for pk in (pair.first, pair.second)})
        .values_list("pk", "name")
    )
    return page | {"items": [_pair(pair, names) for pair in page["items"]]}


def _pair(pair: Pair, names: dict[int, str]) -> dict[str, Any]:
    records = [{"id": pk, "name": names[pk]} for pk in (pair.first, pair.second)]
    why = saying.sentence(pair.reasons)
    return {
        "id": pair.pk,
        "kind": pair.kind,
        "records": records,
        "bits": pair.bits,
        "why": why,
        "found_at": pair.found_at,
    }


def duplicates_of(request: HttpRequest, kind: str, pk: int) -> dict[str, Any]:
    """Return what the background found that may be the same as a record."""
    record = load(MODELS[kind], user=user_of(request), pk=pk)
    return hint(matching.known_of(record, user=user_of(request)))


@router.get("/accounts/{int:pk}/duplicates", response=DuplicatesOut, tags=["duplicates"])
def account_duplicates(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return what the background found that may be the same as an account."""
    return duplicates_of(request, "accounts", pk)


@router.get("/contacts/{int:pk}/duplicates", response=DuplicatesOut, tags=["duplicates"])
def contact_duplicates(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return what the background found that may be the same as a contact."""
    return duplicates_of(request, "contacts", pk)


def _two(request: HttpRequest, kind: str, pk: int, other: int, *, field: str) -> tuple[Any, Any]:
    one = load(MODELS[kind], user=user_of(request), pk=pk, write=True)
    try:
        return one, load(MODELS[kind], user=user_of(request), pk=other, write=True)
    except Http404:
        raise ValidationError({field: _("There is no such record that you may see.")}) from None


def merged(request: HttpRequest, kind: str, pk: int, body: MergeIn) -> Merger:
    """Let another record become part of one."""
    winner, loser = _two(request, kind, pk, body.with_, field="with")
    if body.take and (unknown := set(body.take) - merging.names_of(MODELS[kind])):
        raise ValidationError({"take": _("There is no field %(name)s to take.") % {"name": min(unknown)}})
    return merging.merge(winner, loser, take=body.take, by=user_of(request), now=timezone.now())


@router.post("/accounts/{int:pk}/merge", response={201: MergerOut}, tags=["duplicates"])
def merge_account(request: HttpRequest, pk: int, body: MergeIn) -> Status[Merger]:
    """Let another account become part of this one, with everything that is tied to it."""
    return Status(201, merged(request, "accounts", pk, body))


@router.post("/contacts/{int:pk}/merge", response={201: MergerOut}, tags=["duplicates"])
def merge_contact(request: HttpRequest, pk: int, body: MergeIn) -> Status[Merger]:
    """Let another contact become part of this one, with everything that is tied to it."""
    return Status(201, merged(request, "contacts", pk, body))


def parted(request: HttpRequest, kind: str, pk: int, body: SeparationIn) -> Status[None]:
    """Say that another record is not the same."""
    one, other = _two(request, kind, pk, body.from_, field="from")
    if one.pk == other.pk:
        raise ValidationError({"from": _("A record can't be kept apart from itself.")})
    Apart.say(kind, one.pk, other.pk, by=user_of(request), now=timezone.now())
    return Status(204, None)


@router.post("/accounts/{int:pk}/separation", response={204: None}, tags=["duplicates"])
def part_account(request: HttpRequest, pk: int, body: SeparationIn) -> Status[None]:
    """Say that another account is not the same; nobody is asked again."""
    return parted(request, "accounts", pk, body)


@router.post("/contacts/{int:pk}/separation", response={204: None}, tags=["duplicates"])
def part_contact(request: HttpRequest, pk: int, body: SeparationIn) -> Status[None]:
    """Say that another contact is not the same; nobody is asked again."""
    return parted(request, "contacts", pk, body)


@router.get("/mergers", response=Page[MergerOut], tags=["duplicates"])
def mergers(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List what was merged into records that you may see."""
    return page_of(Merger.objects.visible_to(user_of(request)).select_related("unmerger"), paging)


@router.post("/mergers/{int:pk}/reversal", response=MergerOut, tags=["duplicates"])
def reverse_merger(request: HttpRequest, pk: int) -> Merger:
    """Take a merger back: both records are there again, with what was tied to each."""
    merger = load(Merger, user=user_of(request), pk=pk)
    require_write(user_of(request), area=MODELS[merger.kind].write_area)
    merging.unmerge(merger, by=user_of(request), now=timezone.now())
    return Merger.objects.select_related("unmerger").get(pk=pk)


def _scan(scan: Scan, request: HttpRequest) -> dict[str, Any]:
    status = scan.job_status
    return {
        "id": scan.pk,
        "state": scan.state,
        "percent": 100 if scan.done_at else status and status.percent,
        "at": scan.at,
        "done_at": scan.done_at,
        "found": scan.found if user_of(request).scope == "all" else None,
    }


@router.get("/duplicates/scans", response=Page[ScanOut], tags=["duplicates"])
def scans(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the searches through all accounts, contacts and leads, newest first."""
    page = page_of(Scan.objects.seen(), paging)
    return page | {"items": [_scan(scan, request) for scan in page["items"]]}


@router.post("/duplicates/scans", response={202: ScanOut}, tags=["duplicates"])
def begin_scan(request: HttpRequest) -> Status[dict[str, Any]]:
    """Have all accounts, contacts and leads looked through in the background; one that goes on counts. Decisions are kept."""
    user = user_of(request)
    require_write(user, area=SCANS)
    with transaction.atomic():
        scan, new = Scan.objects.begin(by=user, now=timezone.now())
        if new:
            scan.given_to(str(jobs.scan.enqueue(scan=scan.pk).id))
    return Status(202, _scan(scan, request))
