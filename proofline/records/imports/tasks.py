"""Tasks from tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from proofline.kit.clock import local_day
from proofline.kit.imports import values
from proofline.kit.imports.keeping import put
from proofline.kit.imports.kinds import Field, Kind
from proofline.kit.text import squeeze
from proofline.records.imports.keeping import ACCOUNT_BY_NAME, ACCOUNT_NAMES, OWNER_NAMES, RecordKeeper
from proofline.records.models import Task, TaskCompletion
from proofline.records.models.planning import end_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proofline.kit.imports.cells import Cell
    from proofline.kit.imports.keeping import Entry, Key

DONE = frozenset("done completed complete closed finished 已完成 完成".split())
OPEN = frozenset("open notstarted inprogress waiting deferred todo new 未完成 未开始 进行中 待办".split())


def done(cell: Cell) -> bool:
    """Read whether a task is done: yes or no, or its status in the words of other programs.

    Raises:
        CellError: it is neither.
    """
    word = squeeze(values.line(cell))
    return word in DONE or (word not in OPEN and values.yes(cell))


class TaskKeeper(RecordKeeper[Task]):
    """Keeps rows as tasks: found again by title, account and day; by title and account where the row gives no day."""

    model = Task
    keys = ("title+account+due_on", "title+account")
    folded = frozenset({"title"})
    lists = ("account", "user")
    noun = "task"
    own_parts = frozenset({"records.TaskCompletion"})

    def keys_of(self, values: dict[str, Any], *, chosen: str = "") -> list[Key]:
        """Return the keys; a day counts only where there is one."""
        found = super().keys_of(values, chosen=chosen)
        return found if values.get("due_on") else [key for key in found if "due_on" not in key[0]]

    def records(self, *, without: Iterable[str] = ()) -> Any:
        """Return tasks with what says whether they are done."""
        return super().records(without=without).select_related("completion")

    def find(self, name: str, values: set[Any], *, without: tuple[str, ...]) -> Iterable[Task]:
        """Find a title within its account."""
        del name, without
        tasks: list[Task] = list(self.records().filter(pk__in=self.within({pair[:2] for pair in values}, text="title")))
        for task in tasks:
            task.due_on = task.due_at and local_day(task.due_at, time_zone=self.workspace.time_zone)
        return tasks

    def make(self, entry: Entry) -> Task:
        """Return a new task, of the person who imports where the row names none."""
        task = super().make(entry)
        task.created_at = self.now
        task.owner_id = self.doer(task.owner_id) or None
        return task

    def apply(self, record: Task, entry: Entry) -> None:
        """Put the values on the task; it is due when its day ends."""
        day = entry.values.get("due_on")
        if day and day != record.due_on:
            put(record, entry, "due_at", end_of(day, zone=ZoneInfo(self.workspace.time_zone)))
        super().apply(record, entry)
        if entry.values.get("done") and not hasattr(record, "completion"):
            entry.changed.append("completion")
            if not self.doer(record.owner_id):
                entry.reject(str(_("needs to know who did it")), field_name="done")

    def after_create(self, entries: list[Entry]) -> None:
        """Note which are done."""
        self._finish(entries)

    def after_update(self, entries: list[Entry]) -> None:
        """Record `task.changed`, and note which are done."""
        super().after_update(entries)
        changed = [entry for entry in entries if set(entry.changed) - {"completion"}]
        self.tell("task.changed", changed, lambda entry: self.about(entry.record))
        self._finish(entries)

    def _finish(self, entries: list[Entry]) -> None:
        finished = [entry for entry in entries if "completion" in entry.changed]
        TaskCompletion.objects.bulk_create(
            TaskCompletion(task=entry.record, by_id=self.doer(entry.record.owner_id), at=self.now) for entry in finished
        )
        self.tell("task.done", finished, lambda entry: self.about(entry.record))

    def state_of(self, entry: Entry) -> str:
        """Return that a row finished the task."""
        return "done" if "completion" in entry.changed else ""

    def states(self, ids: list[int]) -> dict[int, str]:
        """Return which tasks are done."""
        return dict.fromkeys(TaskCompletion.objects.filter(task__in=ids).values_list("task", flat=True), "done")

    def undo_state(self, record: Task) -> bool:
        """Open a task again that a row had finished."""
        record.reopen()
        return True

    def about(self, record: Task) -> dict[str, Any]:
        """Return whom a fact is about."""
        told = {"account": record.account_id, "contact": record.contact_id, "subject": ("task", record.pk)}
        return told | {"properties": {"title": str(record)}}


TASKS = Kind(
    name="tasks",
    label=_("Tasks"),
    keeper=TaskKeeper,
    fields=(
        Field(
            name="title",
            label=_("title"),
            required=True,
            aliases=("subject", "task", "task name", "task title", "name", "主题", "任务", "任务名称", "标题"),
        ),
        Field(
            name="due_on",
            label=_("due"),
            read=values.day,
            aliases=("due date", "due", "deadline", "date", "截止日期", "到期日", "日期"),
        ),
        Field(
            name="account", label=_("account"), known="account", aliases=("account id", *ACCOUNT_NAMES, "related to")
        ),
        ACCOUNT_BY_NAME,
        Field(name="owner", label=_("for"), known="user", aliases=("task owner", "assignee", *OWNER_NAMES)),
        Field(name="done", label=_("done"), read=done, aliases=("status", "task status", "completed", "状态", "完成")),
    ),
)
