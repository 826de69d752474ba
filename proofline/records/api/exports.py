"""Events as Parquet files through the API: for administrators and those who may export."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, in_files, page_of
from proofline.records.access import require_write
from proofline.records.api.tokens import user_of
from proofline.records.exports import AREA, PARQUET, file_of
from proofline.records.models import Workspace
from proofline.timeline import exports as files
from proofline.timeline.models import Export

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["exports"])
MOST_ID = 2**63


class ExportIn(Given):
    from_: str | None = Field(
        None, alias="from", description="`2026-10-01`, `2026-10-01T08:00` or `-30d`; null: from the first event on."
    )
    to: str | None = Field(None, description="Before then; a day ends with the midnight at which it begins. Null: now.")


class ExportOut(Schema):
    id: int
    from_: datetime | None = Field(alias="from", description="Null: from the first event on.")
    to: datetime
    state: str = Field(description="waiting, running, done, failed or removed")
    done: int | None = Field(description="How many events are written, while it is running.")
    total: int | None
    events: int | None
    size: int | None = Field(description="Bytes of the file.")
    by_id: int | None
    asked_at: datetime
    done_at: datetime | None
    expires_at: datetime | None = Field(description="When the file is removed; null: never, or not made yet.")
    removed_at: datetime | None
    removal: str = Field(description="Why the file is gone: expired, erasure (somebody was erased) or request.")


def shown(one: Export) -> dict[str, Any]:
    """Return an export as the API shows it."""
    progress = one.job_status
    same = ("state", "events", "size", "asked_at", "done_at", "expires_at", "removed_at", "removal")
    how_far = {"done": progress.done, "total": progress.total} if progress else {"done": None, "total": None}
    return {
        "id": one.pk,
        "from": one.start,
        "to": one.end,
        "by_id": one.by,
        **how_far,
        **{name: getattr(one, name) for name in same},
    }


@router.get("/exports", response=Page[ExportOut], by_alias=True)
def exports(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the exports of events, the newest first."""
    require_write(user_of(request), area=AREA)
    page = page_of(Export.objects.all(), paging)
    return page | {"items": [shown(one) for one in page["items"]]}


@router.post("/exports", response={202: ExportOut}, by_alias=True)
def add_export(request: HttpRequest, body: ExportIn) -> Status[dict[str, Any]]:
    """Have the events of a time written into a Parquet file, in the background."""
    user = user_of(request)
    require_write(user, area=AREA)
    zone = Workspace.current().time_zone
    return Status(202, shown(files.ask(from_=body.from_, to=body.to, zone=zone, by=user.pk, now=timezone.now())))


@router.get("/exports/{pk}", response=ExportOut, by_alias=True)
def export(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Tell where an export stands."""
    require_write(user_of(request), area=AREA)
    return shown(_export(pk))


@router.get("/exports/{pk}/file", openapi_extra=in_files(PARQUET))
def export_file(request: HttpRequest, pk: int) -> FileResponse:
    """Give the Parquet file; 404 when it is not made yet, or is gone."""
    require_write(user_of(request), area=AREA)
    return file_of(_export(pk))


@router.delete("/exports/{pk}", response={204: None})
def remove_export(request: HttpRequest, pk: int) -> Status[None]:
    """Remove the file before its time, or stop making it."""
    require_write(user_of(request), area=AREA)
    files.remove(_export(pk), now=timezone.now())
    return Status(204, None)


def _export(pk: int) -> Export:
    """Return an export.

    Raises:
        Http404: there is none with this id.
    """
    found = Export.objects.filter(pk=pk).first() if 0 < pk < MOST_ID else None
    if found is None:
        raise Http404
    return found
