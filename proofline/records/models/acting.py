"""What is done to many records of a list at once: changed or removed, in the background when they are many, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection, models, transaction
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from proofline.kit import once, search
from proofline.kit.lists import kind_named
from proofline.records.models.notifications import Notification
from proofline.records.models.people import User
from proofline.records.models.removing import remove, restore
from proofline.records.models.segments import Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from proofline.timeline.traces import Traces

    Report = Callable[[int, int], None]

AT_ONCE = 100
"""Records in one transaction: others get to write between two."""
LATER = 500
"""Beyond so many records the work is done in the background."""


class ListActionQuerySet(models.QuerySet["ListAction"]):
    """Actions."""

    def begin(
        self,
        *,
        by: User,
        now: datetime,
        kind: str,
        verb: str,
        records: QuerySet[Any],
        values: dict[str, Any] | None = None,
    ) -> ListAction:
        """Note what is to be done, and to which records: those that are in the list now."""
        with transaction.atomic():
            action = self.create(kind=kind, verb=verb, by=by, at=now, values=values or {})
            action.total = _keep_ids(action, records)
            action.save(update_fields=["total"])
        return action

    def of(self, user: User) -> Self:
        """Keep what the user did."""
        return self.filter(by=user)


class ListAction(models.Model):
    """One change of many records. Its rows say how each was before."""

    class Verb(models.TextChoices):
        CHANGE = "change", _("change")
        REMOVE = "remove", _("remove")
        JOIN = "join", _("add to a segment")
        LEAVE = "leave", _("remove from a segment")

    kind = models.CharField(max_length=40)
    verb = models.CharField(max_length=8, choices=Verb.choices)
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    values = models.JSONField(default=dict)
    """What is set, by field; a related record by its id. Of a segment: {"segment": id}."""
    total = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    undo_asked_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = ListActionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["by", "-id"], name="action_by")]

    def __str__(self) -> str:
        return f"{self.verb} {self.total} {self.kind}"

    @property
    def is_small(self) -> bool:
        """Whether it is done while one waits."""
        return self.total <= LATER

    @property
    def is_membership(self) -> bool:
        """Whether records come into a segment or leave it; they themselves stay as they are."""
        return self.verb in {self.Verb.JOIN, self.Verb.LEAVE}

    @property
    def area(self) -> str:
        """What one must be allowed to change to do it."""
        return Segment.write_area if self.is_membership else kind_named(self.kind).area

    @cached_property
    def segment(self) -> Segment | None:
        """The segment that it is about, as long as whoever acts may see it."""
        return Segment.objects.visible_to(self.by).filter(pk=self.values.get("segment")).first()

    @property
    def state(self) -> str:
        """Where it stands: "running", "done", "stopped", "undoing" or "undone"."""
        if self.undone_at:
            return "undone"
        if self.undo_asked_at:
            return "undoing"
        return "stopped" if self.stopped_at else "done" if self.done_at else "running"

    @property
    def counts(self) -> dict[str, int]:
        """How many rows stand where: {"waiting", "done", "failed", "undone", "kept"}."""
        found = dict(self.rows.values_list("state").annotate(number=models.Count("pk")))
        return {state: found.get(state, 0) for state in ListActionRow.State.values}

    @property
    def failures(self) -> Iterable[ListActionRow]:
        """The first rows that could not be changed, or not put back, and why."""
        return self.rows.filter(state__in=["failed", "kept"]).order_by("pk")[:50]

    def run(self, *, records: QuerySet[Any], now: datetime, report: Report = lambda _done, _total: None) -> None:
        """Do what is left to do. It may run again after it was cut off: each record is changed once.

        Args:
            records: those that the user may change; a record that is not among them is passed over.
            now: when it happens.
            report: is told how many of how many are done.
        """
        values = self.read_values(records.model)
        done = self.total - self.rows.filter(state="waiting").count()
        while rows := list(self.rows.filter(state="waiting").order_by("pk")[:AT_ONCE]):
            if ListAction.objects.filter(pk=self.pk, stopped_at__isnull=False).exists():
                return
            with once.held(), transaction.atomic(), search.together():
                known = records.in_bulk([row.record for row in rows])
                for row in rows:
                    row.act(known.get(row.record), action=self, values=values, now=now)
            done += len(rows)
            report(done, self.total)
        with transaction.atomic():
            if ListAction.objects.filter(pk=self.pk, done_at=None).update(done_at=now) and not self.is_small:
                self._tell_done(now)
        self.refresh_from_db()

    def _tell_done(self, now: datetime) -> None:
        Notification.objects.tell(
            user=self.by,
            kind="bulk_finished",
            key=f"list-action:{self.pk}",
            now=now,
            url=reverse("records:list_action", args=[self.pk]),
            total=self.total,
        )

    def stop(self, *, now: datetime) -> None:
        """Leave the rest as it is; what was done can be taken back."""
        ListAction.objects.filter(pk=self.pk, done_at=None, stopped_at=None).update(stopped_at=now)
        self.refresh_from_db()

    def ask_undo(self, *, now: datetime) -> bool:
        """Note that it is to be taken back; tell whether that is new."""
        asked = ListAction.objects.filter(pk=self.pk, undo_asked_at=None).exclude(done_at=None, stopped_at=None)
        first = bool(asked.update(undo_asked_at=now))
        self.refresh_from_db()
        return first

    def undo(self, *, records: QuerySet[Any], now: datetime, report: Report = lambda _done, _total: None) -> None:
        """Put back what nobody has changed since. It may run again after it was cut off."""
        done = self.total - self.rows.filter(state="done").count()
        while rows := list(self.rows.filter(state="done").order_by("pk")[:AT_ONCE]):
            with once.held(), transaction.atomic(), search.together():
                known = {} if self.verb == self.Verb.REMOVE else records.in_bulk([row.record for row in rows])
                kept = {row.pk: row.take_back(known.get(row.record), action=self, now=now) for row in rows}
                self._end_undo(kept)
            done += len(rows)
            report(done, self.total)
        ListAction.objects.filter(pk=self.pk).update(undone_at=now)
        self.refresh_from_db()

    def _end_undo(self, kept: dict[int, str]) -> None:
        """Note which rows were put back, and of the others, by their ids, why they were not."""
        undone = [row for row, why in kept.items() if not why]
        self.rows.filter(pk__in=undone).update(state="undone", problem="")
        for row, why in kept.items():
            if why:
                self.rows.filter(pk=row).update(state="kept", problem=why[:500])

    def read_values(self, model: type[models.Model]) -> dict[str, Any]:
        """Return what is set, as the model knows it.

        Raises:
            ValidationError: a related record is gone.
        """
        if self.is_membership:
            return {}
        return {name: read_value(model, name, value) for name, value in self.values.items()}


def _keep_ids(action: ListAction, records: QuerySet[Any]) -> int:
    """Keep which records are meant, without fetching them; return how many they are."""
    try:
        chosen, parameters = records.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking that there are none
        return 0
    table = connection.ops.quote_name(ListActionRow._meta.db_table)  # noqa: SLF001 - Django's documented model API
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (action_id, record, state, problem) "  # noqa: S608 - a table's own name
            f"SELECT %s, chosen.pk, %s, %s FROM ({chosen}) AS chosen ORDER BY chosen.pk",
            [action.pk, ListActionRow.State.WAITING, "", *parameters],
        )
        return int(cursor.rowcount)


def read_value(model: type[models.Model], name: str, value: Any) -> Any:
    """Return a value that was kept as JSON, as the model's field knows it."""
    if name.startswith("custom_"):  # it is kept as JSON anyway
        return value
    field = model._meta.get_field(name)  # noqa: SLF001 - Django's documented model API
    if value is None:
        return None
    if field.is_relation:
        related: Any = field.related_model
        found = related._base_manager.filter(pk=value).first()  # noqa: SLF001 - as above
        if found is None:
            raise ValidationError({name: _("This record is gone.")})
        return found
    return field.to_python(value)  # type: ignore[union-attr]


def plain_value(value: Any) -> Any:
    """Return a field's value as JSON keeps it; a related record as its id."""
    if isinstance(value, models.Model):
        return value.pk
    return value if value is None or isinstance(value, str | int | float | bool | dict | list) else str(value)


class ListActionRowQuerySet(models.QuerySet["ListActionRow"]):
    """Rows of actions."""

    def forget(self, traces: Traces) -> int:
        """Take somebody who is erased out of what could be put back; return how many rows changed."""
        rows = self.select_related("action").annotate(text=Cast("before", models.TextField()))
        forgotten = 0
        for row in rows.filter(traces.may_stand_in("text", "problem")).iterator(chunk_size=AT_ONCE):
            forgotten += row.forget(traces)
        return forgotten


class ListActionRow(models.Model):
    """One record of an action: how it was before, or why it stayed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        FAILED = "failed", _("not changed")
        UNDONE = "undone", _("undone")
        KEPT = "kept", _("not undone")

    action = models.ForeignKey(ListAction, on_delete=models.CASCADE, related_name="rows")
    record = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    before = models.JSONField(null=True)
    """Of a change: the values before; of a removal: what puts it back."""
    problem = models.CharField(max_length=500, blank=True)

    objects = ListActionRowQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["action", "state", "id"], name="action_row_state")]

    def __str__(self) -> str:
        return f"{self.record}: {self.state}"

    def act(self, record: Any, *, action: ListAction, values: dict[str, Any], now: datetime) -> None:
        """Change or remove the record, and keep how it was."""
        if record is None:
            self._end("failed", str(_("It is gone, or you may not change it any more.")))
            return
        try:
            with transaction.atomic():
                if action.verb == ListAction.Verb.REMOVE:
                    self.before = remove(record, by=action.by, now=now)
                elif action.is_membership:
                    self.before = {"was": self._join_or_leave(record, action=action, now=now)}
                else:
                    changed = record.change(by=action.by, now=now, **values)
                    self.before = {name: plain_value(pair[0]) for name, pair in changed.items()}
        except ValidationError as error:
            self._end("failed", " ".join(error.messages))
        else:
            self._end("done")

    def _join_or_leave(self, record: Any, *, action: ListAction, now: datetime) -> bool:
        """Put the record into the segment, or take it out; tell whether it was in it before.

        Raises:
            ValidationError: there is no such segment any more, or none that is picked by hand.
        """
        if action.segment is None:
            raise ValidationError(_("The segment is gone, or you may not see it any more."))
        if action.verb == ListAction.Verb.JOIN:
            return not action.segment.put([record], by=action.by, now=now)
        return bool(action.segment.take([record], by=action.by, now=now))

    def _leave_or_join_again(self, record: Any, *, action: ListAction, now: datetime) -> None:
        if action.segment is None:
            raise ValidationError(_("The segment is gone, or you may not see it any more."))
        was = (self.before or {}).get("was")
        if action.verb == ListAction.Verb.JOIN and not was:
            action.segment.take([record], by=action.by, now=now)
        elif action.verb == ListAction.Verb.LEAVE and was:
            action.segment.put([record], by=action.by, now=now)

    def take_back(self, record: Any, *, action: ListAction, now: datetime) -> str:
        """Put the record back as it was, unless somebody has changed the same fields since; return why it was not, whole."""
        before = self.before or {}
        try:
            with transaction.atomic():
                if action.verb == ListAction.Verb.REMOVE:
                    restore(before, by=action.by, now=now)
                elif record is None:
                    return str(_("It is gone, or you may not change it any more."))
                elif action.is_membership:
                    self._leave_or_join_again(record, action=action, now=now)
                else:
                    ours = {
                        name: value
                        for name, value in before.items()
                        if plain_value(getattr(record, name)) == action.values[name]
                    }
                    model = type(record)
                    record.change(
                        by=action.by, now=now, **{name: read_value(model, name, value) for name, value in ours.items()}
                    )
                    if len(ours) < len(before):
                        return str(_("Somebody has changed it since."))
        except ValidationError as error:
            return " ".join(error.messages)
        return ""

    def forget(self, traces: Traces) -> bool:
        """Leave out of what could be put back whoever is erased; a record that is theirs does not come back. Tell whether anything was."""
        before, problem = self.before or {}, traces.redacted(self.problem)
        if self.before is None:
            left = None
        elif self.action.verb == ListAction.Verb.REMOVE:
            rows = [row for row in before.get("rows", ()) if traces.redacted(row) == row]
            gone = not rows or rows[0] != before["rows"][0]
            left = None if gone else {**before, "rows": rows}
        else:
            left = {name: value for name, value in before.items() if traces.redacted(value) == value}
        if (left, problem) == (self.before, self.problem):
            return False
        if left is None and self.state == self.State.DONE:
            self.state = self.State.KEPT
        self.before, self.problem = left, problem
        self.save(update_fields=["before", "problem", "state"])
        return True

    def _end(self, state: str, problem: str = "") -> None:
        self.state, self.problem = state, problem[:500]
        self.save(update_fields=["state", "problem", "before"])
