"""Need signals, and the rules that raise them, through the API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import load, require_write
from proofline.records.api import linked, user_of
from proofline.records.models import Module, Pain
from proofline.stages.reach.models import Signal, SignalRule
from proofline.timeline.watches import Operator, Per

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["signals"])
STATES = ("open", "confirmed", "dismissed")


class ConditionSchema(Given):
    property: str = Field(max_length=120)
    operator: Operator = Operator.IS
    value: str = Field("", max_length=200)


class SignalRuleIn(Given):
    name: Words = None
    need: Words = None
    pain_id: int | None = None
    module_id: int | None = None
    event: Words = None
    conditions: list[ConditionSchema] | None = None
    times: int | None = None
    window_days: int | None = None
    per: Per | None = None
    period_days: int | None = None
    active: bool | None = None


class SignalRuleOut(Schema):
    id: int
    name: str
    need: str
    pain_id: int | None
    module_id: int | None
    event: str
    conditions: list[dict[str, Any]]
    times: int
    window_days: int
    per: str
    period_days: int
    active: bool


class SignalOut(Schema):
    id: int
    statement: str
    state: str
    rule_id: int | None
    pain_id: int | None
    module_id: int | None
    account_id: int | None
    contact_id: int | None
    lead_id: int | None
    count: int
    first_at: datetime
    last_at: datetime
    at: datetime


class DecisionIn(Given):
    note: str = Field("", max_length=250)


class DecisionOut(Schema):
    signal_id: int
    by_id: int
    at: datetime
    note: str


def rule_values(request: HttpRequest, body: SignalRuleIn) -> dict[str, Any]:
    """Return what the body sets."""
    given = body.dict(exclude_unset=True)
    for name in ("conditions", "times", "window_days", "per", "period_days", "active"):
        if name in given and given[name] is None:
            del given[name]
    if "conditions" in given:
        given["conditions"] = [one | {"operator": str(one.get("operator", "is"))} for one in given["conditions"]]
    return linked(request, given, pain=Pain, module=Module)


@router.get("/signals", response=Page[SignalOut])
def signals(
    request: HttpRequest,
    paging: PagingQuery,
    state: str = "",
    account_id: int | None = None,
    rule_id: int | None = None,
) -> dict[str, Any]:
    """List the need signals that you may see; `state` is open, confirmed or dismissed."""
    found = Signal.objects.visible_to(user_of(request)).select_related("confirmation", "dismissal")
    if state in STATES:
        found = getattr(found, state)()
    if account_id is not None:
        found = found.filter(account_id=account_id)
    if rule_id is not None:
        found = found.filter(rule_id=rule_id)
    return page_of(found, paging)


@router.get("/signals/{int:pk}", response=SignalOut)
def signal(request: HttpRequest, pk: int) -> Signal:
    """Return a need signal."""
    return load(Signal, user=user_of(request), pk=pk)


@router.post("/signals/{int:pk}/confirmation", response={201: DecisionOut})
def confirm_signal(request: HttpRequest, pk: int, body: DecisionIn) -> Status[Any]:
    """Note that the need is there."""
    found = load(Signal, user=user_of(request), pk=pk, write=True)
    return Status(201, found.confirm(by=user_of(request), now=timezone.now(), note=body.note))


@router.post("/signals/{int:pk}/dismissal", response={201: DecisionOut})
def dismiss_signal(request: HttpRequest, pk: int, body: DecisionIn) -> Status[Any]:
    """Note that the need is not there."""
    found = load(Signal, user=user_of(request), pk=pk, write=True)
    return Status(201, found.dismiss(by=user_of(request), now=timezone.now(), note=body.note))


@router.get("/signal-rules", response=Page[SignalRuleOut])
def signal_rules(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the rules that read needs out of behaviour."""
    return page_of(SignalRule.objects.visible_to(user_of(request)), paging)


@router.post("/signal-rules", response={201: SignalRuleOut})
def add_signal_rule(request: HttpRequest, body: SignalRuleIn) -> Status[SignalRule]:
    """Add a rule; it counts within a second, what happened before included."""
    user = user_of(request)
    require_write(user, area="reach")
    return Status(201, SignalRule.objects.add(by=user, now=timezone.now(), **rule_values(request, body)))


@router.get("/signal-rules/{int:pk}", response=SignalRuleOut)
def signal_rule(request: HttpRequest, pk: int) -> SignalRule:
    """Return a rule."""
    return load(SignalRule, user=user_of(request), pk=pk)


@router.patch("/signal-rules/{int:pk}", response=SignalRuleOut)
def change_signal_rule(request: HttpRequest, pk: int, body: SignalRuleIn) -> SignalRule:
    """Change the fields that are given."""
    found = load(SignalRule, user=user_of(request), pk=pk, write=True)
    found.change(by=user_of(request), now=timezone.now(), **rule_values(request, body))
    return found


@router.delete("/signal-rules/{int:pk}", response={204: None})
def remove_signal_rule(request: HttpRequest, pk: int) -> Status[None]:
    """Remove a rule; the signals that it raised stay."""
    load(SignalRule, user=user_of(request), pk=pk, write=True).remove()
    return Status(204, None)
