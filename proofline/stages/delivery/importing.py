"""Tickets from tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proofline.kit.clock import local_day, start_of_day
from proofline.kit.imports import values
from proofline.kit.imports.kinds import Field, Kind
from proofline.kit.imports.trouble import CellError
from proofline.kit.text import squeeze
from proofline.records.imports.accounts import introduce_accounts
from proofline.records.imports.keeping import ACCOUNT_BY_NAME, ACCOUNT_NAMES, OWNER_NAMES, RecordKeeper
from proofline.stages.delivery.models import Solution, Ticket
from proofline.stages.delivery.models.tickets import ANSWER_WITHIN, SOLVE_WITHIN

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from proofline.kit.imports.cells import Cell
    from proofline.kit.imports.keeping import Entry, Key

HIGH = frozenset("high urgent critical p1 p2 高 紧急".split())
NORMAL = frozenset("normal medium low none p3 p4 普通 中 低".split())


def priority(cell: Cell) -> str:
    """Read a priority in the words of other programs.

    Raises:
        CellError: it is none.
    """
    word = squeeze(values.line(cell))
    if word not in HIGH | NORMAL:
        message = gettext("“%(value)s” is no priority; expected normal or high")
        raise CellError(message % {"value": values.shown(cell)})
    return Ticket.Priority.HIGH if word in HIGH else Ticket.Priority.NORMAL


class TicketKeeper(RecordKeeper[Ticket]):
    """Keeps rows as tickets of the past: found again by subject, account and day; history reacts to nothing.

    One that was solved counts as answered then, in time or not as its clocks tell.
    """

    model = Ticket
    keys = ("subject+account+opened_on", "subject+account")
    folded = frozenset({"subject"})
    lists = ("account", "user")
    noun = "ticket"
    own_parts = frozenset({"delivery.Solution"})
    introduces = "account"

    def introduce(self, named: list[tuple[str, int]], *, dry_run: bool) -> list[Entry]:
        """Add accounts."""
        return introduce_accounts(self, named, dry_run=dry_run)

    def keys_of(self, values: dict[str, Any], *, chosen: str = "") -> list[Key]:
        """Return the keys; a day counts only where there is one."""
        found = super().keys_of(values, chosen=chosen)
        return found if values.get("opened_on") else [key for key in found if "opened_on" not in key[0]]

    def records(self, *, without: Iterable[str] = ()) -> Any:
        """Return tickets with their solutions."""
        return super().records(without=without).select_related("solution")

    def find(self, name: str, values: set[Any], *, without: tuple[str, ...]) -> Iterable[Ticket]:
        """Find a subject within its account."""
        del name, without
        pairs = {pair[:2] for pair in values}
        tickets: list[Ticket] = list(self.records().filter(pk__in=self.within(pairs, text="subject")))
        for ticket in tickets:
            ticket.opened_on = local_day(ticket.opened_at, time_zone=self.workspace.time_zone)  # type: ignore[attr-defined]
        return tickets

    def make(self, entry: Entry) -> Ticket:
        """Return a new ticket, whose clocks began when it was opened."""
        opened = self._start(entry.values.get("opened_on")) or self.now
        calendar = self.workspace.calendar
        ticket = Ticket(
            opened_at=opened,
            answer_due_at=calendar.add(opened, ANSWER_WITHIN),
            solve_due_at=calendar.add(opened, SOLVE_WITHIN),
        )
        self.apply(ticket, entry)
        ticket.body = ticket.body or ticket.subject
        if self.now < opened:
            entry.reject(gettext("is in the future; expected the day the ticket was opened"), field_name="opened_on")
        return ticket

    def _start(self, day: date | None) -> datetime | None:
        return start_of_day(day, time_zone=self.workspace.time_zone) if day else None

    def apply(self, record: Ticket, entry: Entry) -> None:
        """Put the values on the ticket; its solution follows when the row is written."""
        super().apply(record, entry)
        solved = self._start(entry.values.get("solved_on"))
        if solved is None or hasattr(record, "solution"):
            return
        entry.changed.append("solution")
        if local_day(record.opened_at, time_zone=self.workspace.time_zone) > entry.values["solved_on"]:
            entry.reject(gettext("is before the day the ticket was opened"), field_name="solved_on")
        elif not self.doer(record.owner_id):
            entry.reject(gettext("needs to know who solved it; give the owner"), field_name="solved_on")

    def after_create(self, entries: list[Entry]) -> None:
        """Record `ticket.opened` on the day it was, then solutions."""
        self.tell("ticket.opened", entries, lambda entry: self.about(entry.record) | {"at": entry.record.opened_at})
        self._solve(entries)

    def after_update(self, entries: list[Entry]) -> None:
        """Record `ticket.changed`, then solutions."""
        super().after_update(entries)
        changed = [entry for entry in entries if set(entry.changed) - {"solution"}]
        self.tell("ticket.changed", changed, lambda entry: self.about(entry.record))
        self._solve(entries)

    def _solve(self, entries: list[Entry]) -> None:
        solved = [entry for entry in entries if "solution" in entry.changed]
        Solution.objects.bulk_create(
            Solution(
                ticket=entry.record,
                by_id=self.doer(entry.record.owner_id),
                at=self._solved_at(entry),
                text=entry.values.get("solution_text", ""),
            )
            for entry in solved
        )
        self.tell("ticket.solved", solved, self._told_solved)

    def _solved_at(self, entry: Entry) -> datetime:
        opened: datetime = entry.record.opened_at
        return max(self._start(entry.values["solved_on"]) or self.now, opened)

    def _told_solved(self, entry: Entry) -> dict[str, Any]:
        at, told = self._solved_at(entry), self.about(entry.record)
        in_time = at <= entry.record.solve_due_at
        return told | {"at": at, "properties": told["properties"] | {"in_time": in_time}}

    def state_of(self, entry: Entry) -> str:
        """Return that a row solved the ticket."""
        return "solved" if "solution" in entry.changed else ""

    def states(self, ids: list[int]) -> dict[int, str]:
        """Return which tickets are solved."""
        return dict.fromkeys(Solution.objects.filter(ticket__in=ids).values_list("ticket", flat=True), "solved")

    def undo_state(self, record: Ticket) -> bool:
        """Open a ticket again that a row had solved."""
        record.reopen(by=self.by, now=self.now)
        return True

    def about(self, record: Ticket) -> dict[str, Any]:
        """Return whom a fact is about."""
        told = {"account": record.account_id, "contact": record.contact_id, "subject": ("ticket", record.pk)}
        return told | {"properties": {"title": record.subject, "channel": record.channel}}


TICKETS = Kind(
    name="tickets",
    label=_("Tickets"),
    keeper=TicketKeeper,
    fields=(
        Field(
            name="subject",
            label=_("subject"),
            required=True,
            aliases=("ticket name", "title", "summary", "case subject", "主题", "标题"),
        ),
        Field(
            name="account",
            label=_("account"),
            known="account",
            required=True,
            aliases=("account id", *ACCOUNT_NAMES, "organization"),
        ),
        ACCOUNT_BY_NAME,
        Field(name="body", label=_("text"), read=values.text, aliases=("description", "ticket description", "描述")),
        Field(
            name="asked_by",
            label=_("asked by"),
            aliases=("requester", "contact name", "associated contact", "提问人", "联系人"),
        ),
        Field(name="priority", label=_("priority"), read=priority, aliases=("severity", "优先级")),
        Field(name="owner", label=_("owner"), known="user", aliases=("ticket owner", "case owner", *OWNER_NAMES)),
        Field(
            name="opened_on",
            label=_("opened"),
            read=values.day,
            aliases=("create date", "created date", "created at", "opened date", "date opened", "创建日期", "创建时间"),
        ),
        Field(
            name="solved_on",
            label=_("solved"),
            read=values.day,
            aliases=("close date", "closed date", "solved at", "resolved", "关闭日期", "解决日期"),
        ),
        Field(name="solution_text", label=_("solution"), read=values.text, aliases=("resolution", "解决方案")),
    ),
)

KINDS = (TICKETS,)
