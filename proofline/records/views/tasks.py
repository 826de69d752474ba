"""Tasks: what somebody has to do by a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import Empty, toast
from proofline.records.access import load, require_write
from proofline.records.forms import TaskForm
from proofline.records.lists import RecordList
from proofline.records.lists.customers import TASKS
from proofline.records.models import Account, Task
from proofline.records.views.answers import accepted, form_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """List the tasks that the user may see."""
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
    ).render("records/tasks.html", {"may_write": request.user.may_write("records")})


@require_GET
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to where the task is done, else to the list."""
    return redirect(load(Task, user=request.user, pk=pk).get_absolute_url() or reverse("records:tasks"))


@require_http_methods(["GET", "POST"])
def task_new(request: HttpRequest) -> HttpResponse:
    """Write a task; `?account=7` says where it belongs."""
    require_write(request.user, area=Task.write_area)
    initial: dict[str, Any] = {"owner": request.user}
    back = (_("Tasks"), reverse("records:tasks"))
    if (given := request.GET.get("account", "")).isdecimal():
        account = load(Account, user=request.user, pk=given)
        initial["account"] = account.pk
        back = (account.name, account.get_absolute_url())
    form = TaskForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and accepted(form, lambda: Task.objects.add(now=timezone.now(), **form.values)):
        toast(request, _("Task added."))
        return redirect(back[1])
    return form_page(request, form, title=_("New task"), submit=_("Add task"), cancel=back[1], back=back)


def back_to(request: HttpRequest) -> str:
    """Return where the task was done from: the address in `next`, else the list."""
    given = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(given, allowed_hosts={request.get_host()})
    return given if safe else reverse("records:tasks")


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
    task.reopen()
    return redirect(back_to(request))
