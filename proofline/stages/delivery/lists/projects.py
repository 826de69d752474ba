"""Projects, as lists know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proofline.kit.components import Filter
from proofline.kit.lists import Choice, Context, Day, Field, Kind, Moment, Relation, RelationType, register, relate
from proofline.records.lists import custom, segments
from proofline.records.lists.customers import CHANGED, OWNER, account_fields, choices, owner_filter
from proofline.stages.delivery.forms import ProjectForm
from proofline.stages.delivery.models import Gate, GateKind, Project

if TYPE_CHECKING:
    from django.db.models import QuerySet

STATES = [
    ("running", _("in delivery")),
    ("waiting", _("waits for the customer")),
    ("late", _("late")),
    ("live", _("live")),
]
NAMED = [("running", _("in delivery")), ("live", _("live"))]
"""What addresses ask for: `running` is all that is not live."""
GATES = ("gates__acceptance", "gates__presentation")


def visible(user: Any) -> Any:
    """Return the projects that the user may see."""
    return Project.objects.visible_to(user)


def next_gate() -> QuerySet[Any]:
    """Return a project's first gate that is not signed."""
    return Gate.objects.filter(project=OuterRef("pk"), acceptance=None).order_by("position")


def of_next_gate(field: str) -> Any:
    """Return what gives a field of the next gate."""
    return lambda _context: Subquery(next_gate().values(field)[:1])


def state_expression(context: Context) -> Any:
    """Return what the store calls a project's state: that of its next gate, or live."""
    state = Case(
        When(presentation__isnull=False, then=Value("waiting")),
        When(due_on__lt=timezone.localdate(context.now), then=Value("late")),
        default=Value("running"),
        output_field=CharField(),
    )
    return Coalesce(Subquery(next_gate().annotate(state=state).values("state")[:1]), Value("live"))


def live_at(_context: Context) -> Any:
    """Return when the customer signed the go-live."""
    gates = Gate.objects.filter(project=OuterRef("pk"), kind=GateKind.GO_LIVE)
    return Subquery(gates.values("acceptance__at")[:1])


def by_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Keep what is live, or what is not."""
    live = Gate.objects.filter(kind=GateKind.GO_LIVE, acceptance__isnull=False).values("project")
    return rows.filter(pk__in=live) if value == "live" else rows.exclude(pk__in=live)


def filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of projects name."""
    return [owner_filter(context), Filter("state", _("State"), NAMED, by_state)]


PROJECTS = Kind(
    name="projects",
    label=_("Projects"),
    one=_("project"),
    model=Project,
    address="delivery:projects",
    order=("-started_at", "-pk"),
    search=("name", "account__name"),
    related=("account",),
    columns=("name", "account", "gate", "owner", "started_at"),
    own=frozenset({"name"}),
    more=[custom.giver("project"), segments.giver("projects")],
    form=ProjectForm,
    filters=filters,
    can_remove=False,
    fields=(
        Field("name", _("Project"), edits="name"),
        Field("account", _("Account"), RelationType(), to="accounts", url="account.get_absolute_url", order="account__name"),
        Field("gate", _("Next gate"), Choice(), expression=of_next_gate("kind"), choices=choices(GateKind.choices), template="delivery/cells/gate.html", many=GATES),
        Field("gate_due", _("Next gate due"), Day(), expression=of_next_gate("due_on")),
        Field("state", _("State"), Choice(), expression=state_expression, choices=choices(STATES), template="delivery/cells/project_state.html"),
        Field("contract", _("Contract"), related=("contract",), is_sortable=False, is_filterable=False),
        OWNER,
        *account_fields(visible),
        Field("started_at", _("Started"), Moment()),
        Field("live_at", _("Live since"), Moment(), expression=live_at),
        CHANGED,
    ),
)  # fmt: skip


def register_all() -> None:
    """Make projects known to lists."""
    register(PROJECTS)
    relate("accounts", Relation("projects", _("Projects"), "projects", "account"))
    for name in ("contacts", "deals"):
        relate(name, Relation("account_projects", _("Projects of the account"), "projects", "account", of="account"))
