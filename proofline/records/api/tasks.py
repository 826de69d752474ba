"""Tasks through the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime, WithJsonSchema

from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records import subjects
from proofline.records.access import load, require_write
from proofline.records.api.tokens import linked, user_of
from proofline.records.models import Account, Contact, Task, User
from proofline.records.models.tasks import belongs_to

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

router = Router()
MOST_MINUTES = 60 * 24 * 366
PART = {"anyOf": [{"type": "string"}, {"type": "integer"}]}
About = Annotated[tuple[str, int], WithJsonSchema({"type": "array", "items": PART, "minItems": 2, "maxItems": 2})]
"""A kind and an id; described so that programs can read it which know no `prefixItems`."""


class TaskChangeIn(Given):
    title: str | None = None
    owner_id: int | None = None
    account_id: int | None = None
    contact_id: int | None = None
    due_at: AwareDatetime | None = None
    due_on: date | None = Field(None, description="The day, for what has no time of day.")
    reminder: int | None = Field(None, ge=0, le=MOST_MINUTES, description="Minutes before it is due.")
    remind_at: AwareDatetime | None = Field(None, description="A time of its own, where `reminder` is left out.")
    repeats: Literal["", "daily", "weekly", "monthly"] = ""


class TaskIn(TaskChangeIn):
    title: str
    about: About | None = Field(None, description='The record that it belongs to, such as ["deal", 12].')


class TaskOut(Schema):
    id: int
    title: str
    owner_id: int | None
    account_id: int | None
    contact_id: int | None
    about: About | None
    due_at: datetime | None
    due_on: date | None
    reminder: int | None
    remind_at: datetime | None
    repeats: str
    created_at: datetime
    changed_at: datetime | None
    done: bool

    @staticmethod
    def resolve_done(task: Task) -> bool:
        """Tell whether it is done."""
        return hasattr(task, "completion")

    @staticmethod
    def resolve_about(task: Task) -> tuple[str, int] | None:
        """Return the record that it belongs to, other than an account or a contact."""
        return None if task.about_id is None else (task.about_kind, task.about_id)


def task_values(request: HttpRequest, body: TaskChangeIn) -> dict[str, Any]:
    """Return what the body sets."""
    values = linked(request, body.dict(exclude_unset=True), owner=User, account=Account, contact=Contact)
    if (about := values.pop("about", None)) is not None:
        if subjects.find(*about, user=user_of(request)) is None:
            raise ValidationError({"about": _("There is no such record that you may see.")})
        values |= belongs_to(*about)
    if values.get("due_at"):
        values.setdefault("due_on", None)
    if values.get("remind_at"):
        values.setdefault("reminder", None)
    return values


def loaded(request: HttpRequest, pk: int, *, write: bool = True) -> Task:
    """Return the task that the user may see, and change."""
    found: QuerySet[Task] = Task.objects.select_related("owner", "completion")
    return load(found, user=user_of(request), pk=pk, write=write)


@router.get("/tasks", response=Page[TaskOut], tags=["tasks"])
def tasks(
    request: HttpRequest,
    paging: PagingQuery,
    *,
    open: bool = True,  # noqa: A002 - the address says ?open=
    whose: Literal["all", "mine", "team"] = "all",
    due_before: AwareDatetime | None = None,
    due_from: AwareDatetime | None = None,
    account_id: int | None = None,
) -> dict[str, Any]:
    """List the tasks that you may see, the open ones unless `open=false`; yours, or those of your team and below."""
    user = user_of(request)
    found = Task.objects.visible_to(user).select_related("completion")
    if whose == "mine":
        found = found.filter(owner=user)
    elif whose == "team":
        found = found.filter(owner__team__in=user.team_and_below())
    if due_before:
        found = found.filter(due_at__lt=due_before)
    if due_from:
        found = found.filter(due_at__gte=due_from)
    if account_id is not None:
        found = found.filter(account_id=account_id)
    return page_of(found.open() if open else found, paging)


@router.post("/tasks", response={201: TaskOut}, tags=["tasks"])
def add_task(request: HttpRequest, body: TaskIn) -> Status[Task]:
    """Add a task, yours unless `owner_id` says whose; they are told."""
    user = user_of(request)
    require_write(user, area="records")
    values = {"owner": user} | task_values(request, body)
    return Status(201, Task.objects.add(by=user, now=timezone.now(), **values))


@router.get("/tasks/{int:pk}", response=TaskOut, tags=["tasks"])
def task(request: HttpRequest, pk: int) -> Task:
    """Return a task."""
    return loaded(request, pk, write=False)


@router.patch("/tasks/{int:pk}", response=TaskOut, tags=["tasks"])
def change_task(request: HttpRequest, pk: int, body: TaskChangeIn) -> Task:
    """Change the fields that are given; whoever has to do it from now on is told."""
    found = loaded(request, pk)
    found.change(by=user_of(request), now=timezone.now(), **task_values(request, body))
    return loaded(request, pk)


@router.delete("/tasks/{int:pk}", response={204: None}, tags=["tasks"])
def remove_task(request: HttpRequest, pk: int) -> Status[None]:
    """Remove a task; it can be brought back in the browser for thirty days."""
    loaded(request, pk).remove(now=timezone.now())
    return Status(204, None)


@router.post("/tasks/{int:pk}/completion", response=TaskOut, tags=["tasks"])
def finish_task(request: HttpRequest, pk: int) -> Task:
    """Note that a task is done; one that repeats comes again."""
    loaded(request, pk).finish(by=user_of(request), now=timezone.now())
    return loaded(request, pk)


@router.delete("/tasks/{int:pk}/completion", response=TaskOut, tags=["tasks"])
def reopen_task(request: HttpRequest, pk: int) -> Task:
    """Note that a task is not done after all."""
    loaded(request, pk).reopen(now=timezone.now())
    return loaded(request, pk)
