"""Many records at once, through the API: changed, removed, and that undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from proofline.kit.lists import kind_named
from proofline.kit.lists.reading import group_of
from proofline.kit.rest import Given
from proofline.records.access import require_write
from proofline.records.api.listing import context_of
from proofline.records.api.tokens import user_of
from proofline.records.lists.acting import run, undo
from proofline.records.lists.changing import values_of
from proofline.records.lists.jobs import act, take_back
from proofline.records.models import ListAction

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from proofline.kit.lists import Context, Kind

router = Router(tags=["lists"])
MOST_IDS = 10_000


class Chosen(Given):
    """Which records: these, or those for which a filter holds."""

    ids: list[int] | None = Field(None, max_length=MOST_IDS)
    filter: Any = None


class ChangeIn(Chosen):
    set: dict[str, Any]


class ActionOut(Schema):
    id: int
    kind: str
    verb: str
    state: str
    total: int
    counts: dict[str, int]


def chosen(kind: Kind, body: Chosen, context: Context) -> QuerySet[Any]:
    """Return the records that a body names.

    Raises:
        ValidationError: it names none, or both ways at once.
    """
    if (body.ids is None) == (body.filter is None):
        raise ValidationError({"ids": _("Give either ids or a filter.")})
    found = kind.visible(context.user)
    if body.ids is not None:
        return found.filter(pk__in=[pk for pk in body.ids if 0 < pk < 2**63])
    return group_of(body.filter, kind=kind, context=context).narrow(found, context)


@router.post("/kinds/{slug:name}/changes", response={200: ActionOut, 202: ActionOut})
def change(request: HttpRequest, name: str, body: ChangeIn) -> Status[ListAction]:
    """Set fields of many records; over 500 in the background (202). Related records and people by id."""
    kind, context = kind_named(name), context_of(request)
    require_write(context.user, area=kind.area)
    values = values_of(kind, body.set, user=context.user)
    return done(
        ListAction.objects.begin(
            by=context.user,
            now=context.now,
            kind=name,
            verb="change",
            records=chosen(kind, body, context),
            values=values,
        )
    )


@router.post("/kinds/{slug:name}/removals", response={200: ActionOut, 202: ActionOut})
def remove(request: HttpRequest, name: str, body: Chosen) -> Status[ListAction]:
    """Remove many records with what belongs to them; it can be undone."""
    kind, context = kind_named(name), context_of(request)
    require_write(context.user, area=kind.area)
    if not kind.can_remove:
        raise ValidationError({"kind": _("Records of this kind are not removed.")})
    return done(
        ListAction.objects.begin(
            by=context.user, now=context.now, kind=name, verb="remove", records=chosen(kind, body, context)
        )
    )


def done(action: ListAction) -> Status[ListAction]:
    """Do it, or have it done."""
    if action.is_small:
        run(action, now=timezone.now())
        return Status(200, action)
    act.enqueue(action_id=action.pk)
    return Status(202, action)


def own(request: HttpRequest, pk: int) -> ListAction:
    """Return the user's own action."""
    found = ListAction.objects.of(user_of(request)).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


@router.get("/list-actions/{int:pk}", response=ActionOut)
def action(request: HttpRequest, pk: int) -> ListAction:
    """Tell how far a change of many records is."""
    return own(request, pk)


@router.post("/list-actions/{int:pk}/undo", response={200: ActionOut, 202: ActionOut})
def undo_action(request: HttpRequest, pk: int) -> Status[ListAction]:
    """Undo a change of many records, as far as nobody has changed them since."""
    found = own(request, pk)
    require_write(user_of(request), area=found.area)
    if found.ask_undo(now=timezone.now()):
        if not found.is_small:
            take_back.enqueue(action_id=found.pk)
            return Status(202, found)
        undo(found, now=timezone.now())
    return Status(200, found)
