"""The blocks of a proposal through the API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile  # noqa: TC002 - the framework reads it

from proofline.kit.rest import Given
from proofline.records.access import load
from proofline.records.api import user_of
from proofline.stages.discovery.models import Proposal, ProposalImage, name_of
from proofline.stages.discovery.writing import editing
from proofline.stages.discovery.writing.content import Milestone, find
from proofline.stages.discovery.writing.versions import differences, sections_of, versions_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from proofline.stages.discovery.writing.content import Block
    from proofline.stages.discovery.writing.versions import SectionChange

router = Router(tags=["discovery"])


class MilestoneIn(Given):
    name: str
    on: str = ""
    days: int | None = None
    who: str = ""


class BlockChange(Given):
    heading: str = ""
    text: str = ""
    source: str = ""
    alt: str = ""
    image: int | None = None
    hidden: bool = False
    milestones: list[MilestoneIn] = []
    version: int | None = None
    """The version that you read: 422 if somebody else changed the block since."""


class BlockIn(BlockChange):
    kind: str
    after: str | None = None


class BlockPlace(Given):
    after: str = ""


class MilestoneOut(Schema):
    name: str
    on: str
    days: int | None
    who: str


class BlockOut(Schema):
    key: str
    kind: str
    name: str
    version: int
    hidden: bool
    heading: str
    text: str
    source: str
    alt: str
    image: int | None
    milestones: list[MilestoneOut]
    evidence: list[int]


class ImageOut(Schema):
    id: int
    type: str


def _out(block: Block) -> dict[str, Any]:
    told = {name: getattr(block, name) for name in BlockOut.model_fields if name != "name"}
    return told | {"name": name_of(block), "milestones": [msgspec.structs.asdict(one) for one in block.milestones]}


def _values(body: BlockChange) -> dict[str, Any]:
    values = body.dict(exclude_unset=True, exclude={"kind", "after", "version"})
    if "milestones" in values:
        values["milestones"] = tuple(Milestone(**one) for one in values["milestones"])
    return values


def _there(verb: Callable[[], Any]) -> Any:
    try:
        return verb()
    except LookupError as error:
        raise Http404 from error


@router.get("/proposals/{int:pk}/blocks", response=list[BlockOut])
def blocks(request: HttpRequest, pk: int) -> list[dict[str, Any]]:
    """List what a proposal consists of, in order, hidden blocks too."""
    found: Proposal = load(Proposal, user=user_of(request), pk=pk)
    return [_out(block) for block in found.content if not block.removed]


@router.post("/proposals/{int:pk}/blocks", response={201: BlockOut})
def add_block(request: HttpRequest, pk: int, body: BlockIn) -> Status[dict[str, Any]]:
    """Add a text, picture or quote (`text`, `image`, `quote`) after a block: first if `after` is "", last without it."""
    user = user_of(request)
    found: Proposal = load(Proposal, user=user, pk=pk, write=True)
    now = timezone.now()
    if body.after and body.after not in {block.key for block in found.content}:
        raise ValidationError({"after": _("There is no such block.")})
    return Status(
        201, _out(editing.add_block(found, by=user, now=now, kind=body.kind, after=body.after, **_values(body)))
    )


@router.patch("/proposals/{int:pk}/blocks/{key}", response=BlockOut)
def change_block(request: HttpRequest, pk: int, key: str, body: BlockChange) -> dict[str, Any]:
    """Change a block, hide it, or show it again."""
    user = user_of(request)
    found: Proposal = load(Proposal, user=user, pk=pk, write=True)
    whose: dict[str, Any] = {"by": user, "now": timezone.now()}
    return _out(_there(lambda: editing.change_block(found, key, was=body.version, **whose, **_values(body))))


@router.post("/proposals/{int:pk}/blocks/{key}/place", response=list[BlockOut])
def move_block(request: HttpRequest, pk: int, key: str, body: BlockPlace) -> list[dict[str, Any]]:
    """Move a block after another one, to the beginning if `after` is ""; return all in their order."""
    user = user_of(request)
    found: Proposal = load(Proposal, user=user, pk=pk, write=True)
    _there(lambda: editing.move_block(found, key, by=user, now=timezone.now(), after=body.after))
    return [_out(block) for block in found.content if not block.removed]


@router.delete("/proposals/{int:pk}/blocks/{key}", response={204: None})
def remove_block(request: HttpRequest, pk: int, key: str) -> Status[None]:
    """Remove a block that an author added."""
    user = user_of(request)
    found: Proposal = load(Proposal, user=user, pk=pk, write=True)
    if _there(lambda: find(found.content, key)).removed:
        raise Http404
    editing.remove_block(found, key, by=user, now=timezone.now())
    return Status(204, None)


class ProposalVersionOut(Schema):
    number: int
    at: datetime
    by_id: int | None
    to_id: int | None
    sections: dict[str, list[str]]


class RunOut(Schema):
    kind: str
    text: str


class SectionChangeOut(Schema):
    key: str
    name: str
    kind: str
    lines: list[list[RunOut]]
    figures: list[tuple[str, str]]


@router.get("/proposals/{int:pk}/versions", response=list[ProposalVersionOut])
def versions(request: HttpRequest, pk: int) -> list[dict[str, Any]]:
    """List what was sent, the newest first: the lines of each section as the customer saw them."""
    found: Proposal = load(Proposal, user=user_of(request), pk=pk)
    return [
        {
            "number": number,
            "at": one.at,
            "by_id": one.by_id,
            "to_id": one.to_id,
            "sections": sections_of(one.snapshot["html"]),
        }
        for number, one in versions_of(found)
    ]


@router.get("/proposals/{int:pk}/differences", response=list[SectionChangeOut])
def version_differences(
    request: HttpRequest, pk: int, old: int | None = None, new: int | None = None
) -> list[SectionChange]:
    """Tell how two versions differ: sections added, removed, moved, changed, with words and figures; by default the last two."""
    found: Proposal = load(Proposal, user=user_of(request), pk=pk)
    by_number = dict(versions_of(found))
    new = len(by_number) if new is None else new
    old = new - 1 if old is None else old
    if new <= 1 and old == new - 1:
        return []
    if old not in by_number or new not in by_number:
        raise Http404
    return differences(by_number[old].snapshot, by_number[new].snapshot)


@router.post("/proposals/{int:pk}/images", response={201: ImageOut})
def add_image(
    request: HttpRequest, pk: int, file: Annotated[UploadedFile | None, File()] = None
) -> Status[ProposalImage]:
    """Upload a PNG or JPEG picture for a block."""
    user = user_of(request)
    found: Proposal = load(Proposal, user=user, pk=pk, write=True)
    if file is None or not file.size:
        raise ValidationError({"file": _("The file is empty.")})
    return Status(201, ProposalImage.objects.attach(found, file, by=user, now=timezone.now()))
