"""Calculators and calculations, as lists know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from proofline.kit.lists import (
    Choice,
    Context,
    Field,
    Kind,
    Moment,
    Money,
    Number,
    Percent,
    Relation,
    RelationType,
    register,
    relate,
)
from proofline.records.lists.customers import (
    CHANGED,
    LANGUAGES,
    OWNER,
    choices,
    last_of,
    number_of,
    owner_filter,
    owner_of,
    state_by,
)
from proofline.stages.discovery.calculators import reaching
from proofline.stages.discovery.models import Calculation, Calculator, CalculatorPublication

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from proofline.kit.components import Filter

STATES: Sequence[tuple[str, Any]] = [
    ("published", _("published")),
    ("draft", _("draft")),
    ("withdrawn", _("withdrawn")),
]


def state(_context: Context) -> Any:
    """Return what the store calls a calculator's state."""
    ever = CalculatorPublication.objects.all()
    return state_by("calculator", {"published": ever.filter(withdrawal=None), "withdrawn": ever}, default="draft")


def last_left(context: Context) -> Any:
    """Return when the last calculation was left that the reader may see."""
    return last_of(Calculation.objects.visible_to(context.user), "calculator")


def share_of(name: str) -> Callable[[Calculator], float | None]:
    """Return what a column of percents shows: a share of 0 to 1."""

    def share(row: Calculator) -> float | None:
        percent: float | None = getattr(row, f"field_{name}")
        return None if percent is None else percent / 100

    return share


def filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of calculations name."""
    return [owner_filter(context, path="lead__owner")]


CALCULATORS = Kind(
    name="calculators",
    label=_("Calculators"),
    one=_("calculator"),
    model=Calculator,
    address="discovery:calculators",
    order=("-created_at",),
    search=("name", "title_en", "title_zh"),
    columns=("name", "state", "opened", "calculated", "calculated_share", "calculations", "lead_share", "reckoned_at", "owner"),
    own=frozenset({"name"}),
    titled="name",
    can_remove=False,
    fields=(
        Field("name", _("Calculator")),
        Field("state", _("State"), Choice(), expression=state, choices=choices(STATES), template="discovery/cells/calculator_state.html"),
        Field("opened", _("Times opened"), Number(), expression=lambda _context: reaching.opened()),
        Field("calculated", _("Calculated"), Number(), expression=lambda _context: reaching.calculated()),
        Field("calculated_share", _("Calculation rate"), Percent(), value=share_of("calculated_share"), expression=lambda _context: reaching.percent(reaching.calculated())),
        Field("lead_share", _("Lead rate"), Percent(), value=share_of("lead_share"), expression=lambda _context: reaching.percent(reaching.leads())),
        Field("calculations", _("Calculations left"), Number(), expression=number_of(Calculation, "calculator")),
        Field("reckoned_at", _("Last one left"), Moment(), expression=last_left),
        Field("currency", _("Currency")),
        OWNER,
        Field("created_at", _("Begun on"), Moment()),
        CHANGED,
    ),
)  # fmt: skip

CALCULATIONS = Kind(
    name="calculations",
    label=_("Calculations"),
    one=_("calculation"),
    model=Calculation,
    address="discovery:calculations",
    order=("-at",),
    search=("lead__name", "lead__company", "calculator__name"),
    related=("calculator", "lead"),
    columns=("lead", "calculator", "monthly_value", "payback_month", "at", "owner"),
    filters=filters,
    can_remove=False,
    fields=(
        Field("lead", _("Lead"), RelationType(), to="leads", order="lead__name", url="get_absolute_url"),
        Field("calculator", _("Calculator"), RelationType(), to="calculators", order="calculator__name", url="calculator.get_absolute_url"),
        Field("monthly_value", _("Value a month"), Money(), currency="currency"),
        Field("payback_month", _("Payback month"), Number(), is_summed=False),
        Field("language", _("Language"), Choice(), value="get_language_display", choices=choices(LANGUAGES)),
        Field("at", _("Calculated on"), Moment()),
        owner_of("lead"),
    ),
)  # fmt: skip


def register_all() -> None:
    """Make calculators and calculations known to lists."""
    register(CALCULATORS)
    register(CALCULATIONS)
    relate("leads", Relation("calculations", _("Calculations"), "calculations", "lead"))
    relate("calculators", Relation("calculations", _("Calculations"), "calculations", "calculator"))
