"""What a customer's use says, through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from django.http import Http404
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given
from proofline.records.access import load
from proofline.records.api import user_of
from proofline.stages.discovery.api.studies import NeedOut
from proofline.stages.discovery.models import Study
from proofline.stages.discovery.telemetry import suggesting

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.stages.discovery.models import Need
    from proofline.stages.discovery.telemetry.suggesting import SuggestedNeed

router = Router(tags=["discovery"])


class FindingOut(Schema):
    key: str
    sort: Literal["repeated", "broken_off", "gone_wrong", "unused"]
    what: str = Field(description="The event, the step or the module.")
    feature: str = Field(description="The key of the module, empty where the events name none.")
    times: int = Field(description="In four weeks.")
    people: int
    share: float | None = Field(
        description="repeated: times a week and person; broken_off: the share that came to an end; unused: the share of accounts alike"
        " that use it."
    )
    peers: float | None = Field(description="The same of accounts like it; null where too few can be compared with.")


class SuggestedOut(Schema):
    finding: FindingOut
    need: str
    evidence: str
    pain_id: int | None
    noted_id: int | None = Field(description="The need that was noted from it.")

    @staticmethod
    def resolve_pain_id(one: SuggestedNeed) -> int | None:
        """Return the pain that goes with it."""
        return one.pain.pk if one.pain else None

    @staticmethod
    def resolve_noted_id(one: SuggestedNeed) -> int | None:
        """Return the need that was noted from it."""
        return one.noted.pk if one.noted else None


class FindingsOut(Schema):
    items: list[SuggestedOut]


class NotedIn(Given):
    key: str


@router.get("/studies/{int:pk}/findings", response=FindingsOut)
def findings(request: HttpRequest, pk: int) -> dict[str, list[SuggestedNeed]]:
    """Return what stands out in the account's use of the product in four weeks, each with the need that it suggests."""
    study = load(Study.objects.select_related("account"), user=user_of(request), pk=pk)
    return {"items": suggesting.suggested(study, now=timezone.now())}


@router.post("/studies/{int:pk}/findings", response={201: NeedOut})
def note_finding(request: HttpRequest, pk: int, body: NotedIn) -> Status[Need]:
    """Note the need that a finding suggests, with its evidence; a second time returns the same need."""
    user = user_of(request)
    study = load(Study.objects.select_related("account"), user=user, pk=pk, write=True)
    noted = suggesting.note(study, body.key, by=user, now=timezone.now())
    if noted is None:
        raise Http404
    return Status(201, noted)
