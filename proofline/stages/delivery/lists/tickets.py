"""Tickets, as lists know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from proofline.kit.components import Filter
from proofline.kit.lists import (
    Choice,
    Context,
    Field,
    Flag,
    Kind,
    Moment,
    Number,
    Relation,
    RelationType,
    register,
    relate,
)
from proofline.records.lists import custom, segments
from proofline.records.lists.customers import CHANGED, OWNER, account_fields, choices, counted, owner_filter
from proofline.stages.delivery.forms import TicketFactsForm
from proofline.stages.delivery.models import Reply, Ticket

if TYPE_CHECKING:
    from django.db.models import QuerySet

STATES = [("unanswered", _("unanswered")), ("answered", _("answered")), ("solved", _("solved"))]
NAMED = [("open", _("not solved")), ("unanswered", _("unanswered")), ("late", _("late")), ("solved", _("solved"))]


def visible(user: Any) -> Any:
    """Return the tickets that the user may see."""
    return Ticket.objects.visible_to(user)


def state_expression(_context: Context) -> Any:
    """Return what the store calls a ticket's state."""
    return Case(
        When(solution__isnull=False, then=Value("solved")),
        When(answered_at__isnull=True, then=Value("unanswered")),
        default=Value("answered"),
        output_field=CharField(),
    )


def late_expression(context: Context) -> Any:
    """Return whether a clock of an open ticket has run out; as `Ticket.objects.breached`."""
    answer = Q(answered_at=None, answer_due_at__lt=context.now) | Q(answered_at__gt=F("answer_due_at"))
    late = Q(solution__isnull=True) & (answer | Q(solve_due_at__lt=context.now))
    return Case(When(late, then=Value(True)), default=Value(False))


def by_state(context: Context) -> Any:
    """Return what keeps the tickets of a state that an address names."""

    def apply(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        found: dict[str, Any] = {
            "open": rows.open,  # type: ignore[attr-defined]
            "unanswered": rows.unanswered,  # type: ignore[attr-defined]
            "late": lambda: rows.breached(now=context.now),  # type: ignore[attr-defined]
            "solved": lambda: rows.filter(solution__isnull=False),
        }
        kept: QuerySet[Any] = found[value]()
        return kept

    return apply


def filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of tickets name."""
    return [Filter("state", _("State"), NAMED, by_state(context)), owner_filter(context)]


TICKETS = Kind(
    name="tickets",
    label=_("Tickets"),
    one=_("ticket"),
    model=Ticket,
    address="delivery:tickets",
    order=("solve_due_at", "pk"),
    search=("subject", "account__name"),
    related=("account", "solution"),
    columns=("subject", "account", "answer_due_at", "solve_due_at", "owner", "opened_at"),
    own=frozenset({"subject"}),
    titled="subject",
    more=[custom.giver("ticket"), segments.giver("tickets")],
    form=lambda data=None, *, user, instance=None: TicketFactsForm(data, user=user, instance=instance),
    filters=filters,
    usual=({"field": "state", "op": "is_not", "value": ["solved"]},),
    usual_label=_("Open tickets"),
    can_remove=False,
    fields=(
        Field("subject", _("Ticket"), edits="subject"),
        Field("account", _("Account"), RelationType(), to="accounts", url="account.get_absolute_url", order="account__name"),
        Field("contact", _("Contact"), RelationType(), to="contacts", order="contact__name", related=("contact",)),
        Field("project", _("Project"), RelationType(), to="projects", order="project__name", related=("project",)),
        Field("state", _("State"), Choice(), expression=state_expression, choices=choices(STATES), template="delivery/cells/ticket_state.html"),
        Field("late", _("Late"), Flag(), expression=late_expression, template="delivery/cells/ticket_late.html"),
        Field("priority", _("Priority"), Choice(), value="get_priority_display", choices=choices(Ticket.Priority.choices), edits="priority"),
        Field("channel", _("Came by"), Choice(), value="get_channel_display", choices=choices(Ticket.Channel.choices)),
        Field("answer_due_at", _("Answer"), Moment(), template="delivery/cells/answer_clock.html"),
        Field("solve_due_at", _("Solution"), Moment(), template="delivery/cells/solve_clock.html"),
        Field("replies", _("Replies"), Number(), expression=lambda _context: counted(Reply.objects.all(), "ticket")),
        OWNER,
        *account_fields(visible),
        Field("opened_at", _("Opened"), Moment()),
        Field("answered_at", _("First answer"), Moment()),
        Field("solved_at", _("Solved"), Moment(), path="solution__at"),
        CHANGED,
    ),
)  # fmt: skip


def register_all() -> None:
    """Make tickets known to lists."""
    register(TICKETS)
    for name in ("account", "contact", "project"):
        relate(f"{name}s", Relation("tickets", _("Tickets"), "tickets", name))
    relate("deals", Relation("account_tickets", _("Tickets of the account"), "tickets", "account", of="account"))
