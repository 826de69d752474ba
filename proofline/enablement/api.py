"""Playbooks through the API: what they say, and what is done of them for a record."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from ninja import Field, Router, Schema, Status

from proofline.enablement.guiding import guides, step_of
from proofline.enablement.models import Playbook, tick, untick
from proofline.kit.rest import Page, PagingQuery, page_of
from proofline.records.access import load
from proofline.records.api import user_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.enablement.guiding import Line
    from proofline.enablement.kinds import Kind

router = Router(tags=["playbooks"])


class StepOut(Schema):
    id: int
    text: str
    text_zh: str
    state: str = Field(
        description='The kind of record and its state in which the step applies ("deal.won"); "": at any time.'
    )


class PlaybookOut(Schema):
    id: int
    stage: str
    kind: str = Field(description="The kind of record that it is for; empty for all of the stage.")
    title: str
    title_zh: str
    position: int
    steps: list[StepOut] = Field(alias="steps_in_order")


class RecordStepOut(Schema):
    id: int
    playbook_id: int
    playbook: str = Field(description="The title, in the user's language.")
    text: str = Field(description="What to do, in the user's language.")
    state: str = Field(description='The state of the record in which the step applies ("deal.won"); "": at any time.')
    applies: bool = Field(description="Whether the record is in that state.")
    done: bool
    done_at: datetime | None
    done_by_id: int | None


class RecordPlaybookOut(Schema):
    done: int = Field(description="How many steps are done.")
    total: int
    next: int | None = Field(description="The id of the step that is not done and applies now.")
    items: list[RecordStepOut]


@router.get("/playbooks", response=Page[PlaybookOut])
def playbooks(request: HttpRequest, paging: PagingQuery, stage: str = "") -> dict[str, Any]:
    """List the playbooks with their steps; `stage` keeps those of one stage of the sale."""
    del request
    found = Playbook.objects.present().prefetch_related("steps")
    return page_of(found.filter(stage=stage) if stage else found, paging)


def router_of(kind: Kind) -> Router:
    """Return what the API offers of the playbooks of a kind's records."""
    router = Router(tags=[kind.slug])
    here = f"/{kind.slug}/{{int:pk}}/playbook"

    @router.get(here, response=RecordPlaybookOut, operation_id=f"{kind.name}_playbook")
    def playbook(request: HttpRequest, pk: int) -> dict[str, Any]:
        """Return the steps of the playbooks that stand with a record, with what is done of them."""
        return _told(kind, load(kind.model, user=user_of(request), pk=pk))

    @router.put(f"{here}/{{int:step}}/tick", response=RecordPlaybookOut, operation_id=f"{kind.name}_step_done")
    def done(request: HttpRequest, pk: int, step: int) -> dict[str, Any]:
        """Note that a step is done; who did so first stands."""
        user = user_of(request)
        record = load(kind.model, user=user, write=True, pk=pk)
        tick(step_of(kind, step), record, by=user, now=timezone.now())
        return _told(kind, record)

    @router.delete(f"{here}/{{int:step}}/tick", response={204: None}, operation_id=f"{kind.name}_step_undone")
    def undone(request: HttpRequest, pk: int, step: int) -> Status[None]:
        """Take back that a step is done."""
        user = user_of(request)
        record = load(kind.model, user=user, write=True, pk=pk)
        untick(step_of(kind, step), record, by=user, now=timezone.now())
        return Status(204, None)

    return router


def _told(kind: Kind, record: Any) -> dict[str, Any]:
    found = guides(kind, record, now=timezone.now())
    lines = [line for guide in found for line in guide.lines]
    following = next((guide.next for guide in found if guide.next), None)
    return {
        "done": sum(line.tick is not None for line in lines),
        "total": len(lines),
        "next": following and following.step.pk,
        "items": [_line(line) for line in lines],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.step.pk,
        "playbook_id": line.step.playbook_id,
        "playbook": str(line.step.playbook),
        "text": str(line.step),
        "state": line.step.state,
        "applies": line.applies,
        "done": line.tick is not None,
        "done_at": line.tick and line.tick.at,
        "done_by_id": line.tick and line.tick.by_id,
    }
