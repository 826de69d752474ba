"""Duplicates of leads through the API, as those of accounts and contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja import Router, Status

from proofline.records.api.duplicates import (
    DuplicatesOut,
    MergeIn,
    MergerOut,
    SeparationIn,
    duplicates_of,
    merged,
    parted,
)

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.models import Merger

router = Router(tags=["duplicates"])


@router.get("/leads/{int:pk}/duplicates", response=DuplicatesOut)
def lead_duplicates(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return what the background found that may be the same as a lead."""
    return duplicates_of(request, "leads", pk)


@router.post("/leads/{int:pk}/merge", response={201: MergerOut})
def merge_lead(request: HttpRequest, pk: int, body: MergeIn) -> Status[Merger]:
    """Let another lead become part of this one, with everything that is tied to it."""
    return Status(201, merged(request, "leads", pk, body))


@router.post("/leads/{int:pk}/separation", response={204: None})
def part_lead(request: HttpRequest, pk: int, body: SeparationIn) -> Status[None]:
    """Say that another lead is not the same; nobody is asked again."""
    return parted(request, "leads", pk, body)
