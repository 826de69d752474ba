"""Messages, as lists know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Exists, OuterRef, Value, When
from django.utils.translation import gettext_lazy as _

from proofline.kit.components import Filter
from proofline.kit.lists import Choice, Context, Field, Kind, Moment, Relation, RelationType, register, relate
from proofline.outreach.models import Failure, Message
from proofline.records.lists.customers import LANGUAGES, choices, owner_filter, owner_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

STATES = [("sent", _("sent")), ("failed", _("not sent")), ("waiting", _("in the queue"))]


def failed() -> Any:
    """Return whether a message could not be sent at some time."""
    return Exists(Failure.objects.filter(message=OuterRef("pk")))


def state_expression(_context: Context) -> Any:
    """Return what the store calls a message's state."""
    return Case(
        When(dispatch__isnull=False, then=Value("sent")),
        When(failed(), then=Value("failed")),
        default=Value("waiting"),
        output_field=CharField(),
    )


def by_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Keep the messages of a state."""
    if value == "sent":
        return rows.filter(dispatch__isnull=False)
    waiting = rows.filter(dispatch=None)
    return waiting.filter(failed()) if value == "failed" else waiting.exclude(failed())


def filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of messages name."""
    return [Filter("state", _("State"), STATES, by_state), owner_filter(context, path="contact__owner")]


MESSAGES = Kind(
    name="messages",
    label=_("Messages"),
    one=_("message"),
    model=Message,
    address="outreach:messages",
    order=("-created_at", "-pk"),
    search=("subject", "contact__name", "to"),
    related=("contact",),
    columns=("subject", "contact", "reason", "state", "created_at"),
    titled="subject",
    filters=filters,
    can_remove=False,
    fields=(
        Field("subject", _("Subject")),
        Field("contact", _("To"), RelationType(), value="contact.name", to="contacts", order="contact__name"),
        Field("to", _("E-mail")),
        Field("account", _("Account"), RelationType(), path="contact__account", to="accounts", order="contact__account__name", related=("contact__account",)),
        Field("reason", _("Sent because of")),
        Field("state", _("State"), Choice(), expression=state_expression, choices=choices(STATES), template="outreach/cells/state.html", related=("dispatch",), many=("failures",)),
        Field("language", _("Language"), Choice(), choices=choices(LANGUAGES)),
        owner_of("contact"),
        Field("sent_at", _("Sent"), Moment(), path="dispatch__at"),
        Field("created_at", _("Written"), Moment()),
    ),
)  # fmt: skip


def register_all() -> None:
    """Make the room's kinds known to lists."""
    register(MESSAGES)
    relate("contacts", Relation("messages", _("Messages"), "messages", "contact"))
    relate("accounts", Relation("messages", _("Messages"), "messages", "contact__account"))
