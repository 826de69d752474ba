"""Tickets: what customers ask and report, on two clocks that run in working time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.kit import search
from proofline.kit.addresses import record_address
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Account, Contact, Task, User, Workspace
from proofline.records.models.customized import Customized
from proofline.stages.delivery.models.projects import Project
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import datetime

ANSWER_WITHIN = timedelta(hours=24)
SOLVE_WITHIN = timedelta(hours=48)


class TicketQuerySet(VisibleQuerySet):
    """Tickets."""

    def open(self) -> Self:
        """Keep what is not solved."""
        return self.filter(solution=None)

    def unanswered(self) -> Self:
        """Keep what nobody of us answered yet."""
        return self.filter(solution=None, answered_at=None)

    def breached(self, *, now: datetime) -> Self:
        """Keep open tickets on which a clock has run out; a late first answer stays a miss."""
        late_answer = models.Q(answered_at=None, answer_due_at__lt=now) | models.Q(
            answered_at__gt=models.F("answer_due_at")
        )
        return self.open().filter(late_answer | models.Q(solve_due_at__lt=now))

    def ask(self, *, account: Account, by: User | None, now: datetime, **fields: Any) -> Ticket:
        """Open a ticket on the account's last project; its clocks start now and count working time."""
        calendar = Workspace.current().calendar
        fields.setdefault("project", Project.objects.filter(account=account).order_by("-started_at", "-pk").first())
        with transaction.atomic():
            ticket: Ticket = self.create(
                account=account,
                opened_at=now,
                answer_due_at=calendar.add(now, ANSWER_WITHIN),
                solve_due_at=calendar.add(now, SOLVE_WITHIN),
                **fields,
            )
            search.add(ticket)
            ticket.tell("ticket.opened", by=by, now=now, channel=ticket.channel)
        return ticket


class Ticket(Visible, Customized):
    """A question or a fault."""

    class Channel(models.TextChoices):
        PORTAL = "portal", _("Portal")
        EMAIL = "email", _("E-mail")
        STAFF = "staff", _("Entered by us")

    class Priority(models.TextChoices):
        NORMAL = "normal", _("Normal")
        HIGH = "high", _("High")

    owner_paths = ("owner", "account__owner")
    write_area = "delivery"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", verbose_name=_("account"))
    project = models.ForeignKey(Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="tickets")
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    asked_by = models.CharField(_("asked by"), max_length=120, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    priority = models.CharField(_("priority"), max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    channel = models.CharField(_("came by"), max_length=10, choices=Channel.choices, default=Channel.STAFF)
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    opened_at = models.DateTimeField(_("opened"))
    answer_due_at = models.DateTimeField(_("answer due"))
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    solve_due_at = models.DateTimeField(_("solution due"))

    objects = TicketQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account", "-opened_at"], name="ticket_account"),
            models.Index(fields=["solve_due_at"], name="ticket_due"),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        """Return the address of the ticket's page."""
        return record_address("delivery:ticket", self.pk)

    @property
    def solved(self) -> bool:
        """Whether it is solved."""
        return hasattr(self, "solution")

    def reply(
        self, *, body: str, now: datetime, by: User | None = None, author: str = "", internal: bool = False
    ) -> Reply:
        """Answer, as one of us (`by`) or as the customer (`author`).

        Our first open answer stops the answer clock; an answer of the customer opens a solved ticket again.
        """
        with transaction.atomic():
            reply = Reply.objects.create(
                ticket=self, at=now, by=by, author=author or (by.name if by else ""), body=body, internal=internal
            )
            if by is None:
                self.tell("ticket.replied", by=None, now=now, author=reply.author)
                self.reopen(by=None, now=now)
            elif not internal:
                first = self._stop_answer_clock(now=now)
                in_time = (self.answered_at or now) <= self.answer_due_at
                self.tell("ticket.answered", by=by, now=now, reply=reply.pk, first=first, in_time=in_time)
        return reply

    def _stop_answer_clock(self, *, now: datetime) -> bool:
        """Note our first answer; tell whether this was it."""
        if self.answered_at is not None:
            return False
        self.answered_at = now
        self.save(update_fields=["answered_at"])
        return True

    def solve(self, *, text: str, by: User, now: datetime) -> Solution:
        """Solve it; the first solution stands."""
        with transaction.atomic():
            solution, first = Solution.objects.get_or_create(ticket=self, defaults={"by": by, "at": now, "text": text})
            if first:
                self._stop_answer_clock(now=now)
                self.tell("ticket.solved", by=by, now=now, in_time=now <= self.solve_due_at)
        return solution

    def reopen(self, *, by: User | None, now: datetime) -> None:
        """Undo the solution; the clock to a solution runs on from where it was due."""
        with transaction.atomic():
            deleted, _rows = Solution.objects.filter(ticket=self).delete()
            if deleted:
                self.tell("ticket.reopened", by=by, now=now)

    def escalate(self, *, now: datetime, warn_before: timedelta) -> None:
        """Ask the owner, or who leads them, to act before a clock runs out; record it once when one does."""
        due = self.solve_due_at if self.answered_at else self.answer_due_at
        if now < due - warn_before or self.solved:
            return
        clock = "solution" if self.answered_at else "answer"
        late = now > due
        key = f"ticket:{self.pk}:{clock}:{'late' if late else 'soon'}"
        if Task.objects.filter(key=key).exists():
            return
        owner = self.owner or self.account.owner
        with transaction.atomic():
            Task.objects.ask(
                key=key,
                kind=Task.Kind.ESCALATION,
                title=self.subject[:200],
                owner=(owner and owner.manager) or owner if late else owner,
                account=self.account,
                due_at=due,
                url=self.get_absolute_url(),
                created_at=now,
            )
            if late:
                self.tell("ticket.breached", by=None, now=now, key=f"ticket.breached:{self.pk}:{clock}", clock=clock)

    def clean(self) -> None:
        """Refuse a contact of another account."""
        if self.contact and self.contact.account_id not in {None, self.account_id}:
            raise ValidationError({"contact": _("This contact belongs to another account.")})

    def tell_change(self, *, by: User | None, now: datetime, fields: list[str]) -> None:
        """Record `ticket.changed`."""
        self.tell("ticket.changed", by=by, now=now, fields=fields)

    def tell(self, fact: str, *, by: User | None, now: datetime, key: str | None = None, **properties: Any) -> None:
        """Record a fact of this ticket."""
        facts.record(
            fact,
            at=now,
            by=by.pk if by else None,
            account=self.account_id,
            contact=self.contact_id,
            subject=("ticket", self.pk),
            properties={"title": self.subject, **properties},
            key=key,
        )


class Reply(models.Model):
    """A message in a ticket; internal ones the customer never sees."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="replies")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    author = models.CharField(max_length=120)
    body = models.TextField(_("text"))
    internal = models.BooleanField(_("only for us"), default=False)

    def __str__(self) -> str:
        return f"{self.author}: {self.body[:40]}"


class Solution(models.Model):
    """That a ticket was solved, by whom, when and how."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="solution")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(_("solution"), blank=True)

    def __str__(self) -> str:
        return f"{self.ticket} ✓"
