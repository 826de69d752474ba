"""Need signals, as lists know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, F, IntegerField, Value, When
from django.utils.translation import gettext_lazy as _

from proofline.kit.components import Filter
from proofline.kit.lists import (
    Choice,
    Context,
    Field,
    Kind,
    Moment,
    Number,
    Option,
    Person,
    Relation,
    RelationType,
    register,
    relate,
)
from proofline.records.lists import offers
from proofline.records.lists.customers import choices
from proofline.records.models import Module, Pain
from proofline.stages.reach.models import Signal, SignalRule

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model

STATES = (("open", _("to check")), ("confirmed", _("confirmed")), ("dismissed", _("dismissed")))
LINKED = ("contact", "contact__owner", "lead", "lead__owner", "account", "account__owner", "confirmation", "dismissal")


def state_expression(_context: Context) -> Any:
    """Return what the store calls a signal's state."""
    return Case(
        When(confirmation__isnull=False, then=Value("confirmed")),
        When(dismissal__isnull=False, then=Value("dismissed")),
        default=Value("open"),
        output_field=CharField(),
    )


def owner_expression(_context: Context) -> Any:
    """Return the id of who is to find out: the account's owner, else the contact's, else the lead's."""
    return Case(
        When(account__isnull=False, then=F("account__owner")),
        When(contact__isnull=False, then=F("contact__owner")),
        default=F("lead__owner"),
        output_field=IntegerField(),
    )


def named(model: type[Model]) -> Callable[[Context], list[tuple[str, str]]]:
    """Return what offers the records of the library."""
    rows = model._default_manager.order_by("name")  # noqa: SLF001 - Django's documented model API
    return lambda _context: [(str(one.pk), str(one)) for one in rows.all()[: offers.MOST]]


def filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of signals name."""
    rules = SignalRule.objects.order_by("name").values_list("name", flat=True)[: offers.MOST]

    def mine(rows: Any, _who: str) -> Any:
        return rows.owned_by(context.user)

    def counted(rows: Any, per: str) -> Any:
        return rows.filter(contact=None, lead=None) if per == "account" else rows.exclude(contact=None, lead=None)

    return [
        Filter("state", _("State"), STATES, lambda rows, state: getattr(rows, state)()),
        Filter("owner", _("Owner"), [("me", _("me"))], mine),
        Filter("rule", _("Rule"), [(name, name) for name in rules], lambda rows, name: rows.filter(rule__name=name)),
        Filter("per", _("Counted per"), SignalRule.Per.choices, counted),
    ]


SIGNALS = Kind(
    name="signals",
    label=_("Signals"),
    one=_("signal"),
    model=Signal,
    address="reach:signals",
    order=("-at", "-pk"),
    search=("statement", "account__name", "contact__name", "lead__name"),
    related=LINKED,
    columns=("statement", "about", "account", "count", "state", "owner", "at"),
    titled="statement",
    filters=filters,
    can_remove=False,
    fields=(
        Field("statement", _("Need")),
        Field("about", _("Who"), is_sortable=False, is_filterable=False),
        Field("account", _("Account"), RelationType(), to="accounts", order="account__name"),
        Field("contact", _("Contact"), RelationType(), to="contacts", order="contact__name"),
        Field("lead", _("Lead"), RelationType(), to="leads", order="lead__name"),
        Field("count", _("Times"), Number()),
        Field("state", _("State"), Choice(), expression=state_expression, value="state", choices=choices(STATES), template="reach/cells/signal_state.html"),
        Field("rule", _("Rule"), Option(), choices=named(SignalRule), order="rule__name", related=("rule",)),
        Field("pain", _("Pain"), Option(), choices=named(Pain), order="pain__name", related=("pain",)),
        Field("module", _("Module"), Option(), choices=named(Module), order="module__name", related=("module",)),
        Field("owner", _("Owner"), Person(), expression=owner_expression, value="owner", choices=offers.people),
        Field("first_at", _("First time"), Moment()),
        Field("last_at", _("Last time"), Moment()),
        Field("at", _("Raised"), Moment()),
    ),
)  # fmt: skip


def register_all() -> None:
    """Make signals known to lists."""
    register(SIGNALS)
    for name in ("account", "contact", "lead"):
        relate(f"{name}s", Relation("signals", _("Signals"), "signals", name))
