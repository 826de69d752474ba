"""Tasks: what somebody has to do by a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.addresses import next_of
from proofline.kit.components import Empty, toast
from proofline.records import subjects
from proofline.records.access import load, require_write
from proofline.records.due import due_words
from proofline.records.forms import TaskForm
from proofline.records.forms.meanwhile import watched
from proofline.records.lists import RecordList
from proofline.records.lists.customers import TASKS
from proofline.records.models import Account, Task
from proofline.records.models.tasks import belongs_to
from proofline.records.views.answers import accepted, form_page

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """List the tasks that the user may see."""
    may_write = request.user.may_write(Task.write_area)
    return RecordList.of(
        request,
        kind=TASKS,
        row_url=Task.get_absolute_url,
        empty=Empty(
            _("Nothing to do"),
            _("A task is something for a person to do by a day, such as “Call Helen about the pilot”."),
            reverse("records:task_new"),
            _("New task"),
            icon="checklist",
        ),
    ).render("records/tasks.html", {"may_write": may_write})


def belonging(request: HttpRequest) -> tuple[dict[str, Any], tuple[str, str]]:
    """Return the fields that say what a new task belongs to (`?account=7`, `?about=deal:12`), and the page that it came from.

    Raises:
        Http404: there is no such record that the user may see.
    """
    if (given := request.GET.get("account", "")).isdecimal():
        account = load(Account, user=request.user, pk=given)
        return {"account": account.pk}, (account.name, account.get_absolute_url())
    kind, _colon, pk = request.GET.get("about", "").partition(":")
    if not kind:
        return {}, (_("Tasks"), reverse("records:tasks"))
    record = subjects.find(kind, pk, user=request.user)
    if record is None:
        raise Http404
    fields: dict[str, Any] = {"account_id": getattr(record, "account_id", None)} | belongs_to(kind, record.pk)
    fields["account"] = fields.pop("account_id")
    return fields, (str(record), record.get_absolute_url())


@require_http_methods(["GET", "POST"])
def task_new(request: HttpRequest) -> HttpResponse:
    """Write a task; `?account=7` or `?about=deal:12` says where it belongs."""
    require_write(request.user, area=Task.write_area)
    fields, back = belonging(request)
    initial = {"owner": request.user, "account": fields.pop("account", None)}
    form = TaskForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and accepted(
        form, lambda: Task.objects.add(by=request.user, now=timezone.now(), **fields, **form.values)
    ):
        toast(request, _("Task added."))
        return redirect(back[1])
    return form_page(request, form, title=_("New task"), submit=_("Add task"), cancel=back[1], back=back)


@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and change a task; who may not change it is led to where it is done."""
    rows: QuerySet[Task] = Task.objects.select_related("owner", "account", "completion", "by")
    found = load(rows, user=request.user, pk=pk, write=request.method == "POST")
    if not request.user.may_write(Task.write_area):
        where = found.account.get_absolute_url() if found.account else reverse("records:tasks")
        return redirect(found.url or where)
    form = TaskForm(request.POST or None, user=request.user, instance=found)
    form = watched(form, found, user=request.user)
    if request.method == "POST" and accepted(
        form, lambda: found.change(by=request.user, now=timezone.now(), **form.values)
    ):
        toast(request, _("Saved."))
        return redirect("records:tasks")
    about = subjects.find(found.about_kind, found.about_id or 0, user=request.user) if found.about_kind else None
    context = {"form": form, "task": found, "about": about or found.account or found.contact}
    return render(request, "records/task.html", context, status=422 if form.is_bound else 200)


def back_to(request: HttpRequest) -> str:
    """Return where the task was done from: the address in `next`, else the list."""
    return next_of(request) or reverse("records:tasks")


@require_POST
def completion(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a task is done."""
    task = load(Task, user=request.user, pk=pk, write=True)
    task.finish(by=request.user, now=timezone.now())
    toast(request, _("Done: %(task)s") % {"task": task}, undo=reverse("records:task_reopening", args=[pk]))
    return redirect(back_to(request))


@require_POST
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that it is not done after all."""
    task = load(Task, user=request.user, pk=pk, write=True)
    task.reopen(now=timezone.now())
    return redirect(back_to(request))


@require_POST
def day(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a task off, or onto another day; at the same time of day."""
    task = load(Task.objects.select_related("owner"), user=request.user, pk=pk, write=True)
    before = task.day
    try:
        task.change(
            by=request.user,
            now=timezone.now(),
            **task.moved_to(date.fromisoformat(request.POST.get("day") or request.GET.get("back", ""))),
        )
    except (ValueError, ValidationError):
        toast(request, _("This is no day."), level=messages.ERROR)
        return redirect(back_to(request))
    undo = f"{reverse('records:task_day', args=[pk])}?back={before}" if before else ""
    toast(request, _("%(task)s: %(day)s") % {"task": task, "day": due_words(task, now=timezone.now())}, undo=undo)
    return redirect(back_to(request))


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task away."""
    task = load(Task, user=request.user, pk=pk, write=True)
    task.remove(now=timezone.now())
    toast(request, _("Removed: %(task)s") % {"task": task}, undo=reverse("records:task_return", args=[pk]))
    return redirect(back_to(request))


@require_POST
def return_(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a task back that was taken away."""
    load(Task.everything.all(), user=request.user, pk=pk, write=True).restore()
    return redirect(back_to(request))
