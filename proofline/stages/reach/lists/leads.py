"""Leads, as lists know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Value, When
from django.utils.translation import gettext_lazy as _

from proofline.kit.components import Filter
from proofline.kit.lists import Choice, Context, Field, Kind, Moment, Number, Option, RelationType, Text, register
from proofline.records.lists import custom, offers, segments
from proofline.records.lists.customers import CHANGED, EXTERNAL, LANGUAGE, OWNER, by_value, choices
from proofline.records.models import Product
from proofline.stages.reach.forms import LeadEditForm
from proofline.stages.reach.models import Lead, Origin

if TYPE_CHECKING:
    from django.db.models import QuerySet

STATES = (("waiting", _("waiting")), ("qualified", _("qualified")), ("disqualified", _("turned down")))
GRADES = [(grade, grade) for grade in "ABCD"]


def state_expression(_context: Context) -> Any:
    """Return what the store calls a lead's state."""
    return Case(
        When(qualification__isnull=False, then=Value("qualified")),
        When(disqualification__isnull=False, then=Value("disqualified")),
        default=Value("waiting"),
        output_field=CharField(),
    )


def products(_context: Context) -> list[tuple[str, str]]:
    """Offer the products."""
    return [(str(one.pk), str(one)) for one in Product.objects.order_by("name")[: offers.MOST]]


def visible(user: Any) -> Any:
    """Return the leads that the user may see."""
    return Lead.objects.visible_to(user)


def filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of leads name, by the names that people see, so that a chart can lead to its records."""

    def owned(rows: QuerySet[Any], who: str) -> QuerySet[Any]:
        if who == "nobody":
            return rows.filter(owner=None)
        return rows.filter(owner=context.user) if who == "me" else rows.filter(owner__name=who)

    names = [name for _value, name in offers.people(context)[1:]]
    owners = [
        ("me", _("me")),
        ("nobody", _("nobody")),
        *((name, name) for name in names),
        (context.user.name, context.user.name),
    ]
    return [
        Filter("owner", _("Owner"), owners, owned),
        Filter("state", _("State"), STATES, lambda rows, state: getattr(rows, state)()),
        Filter("grade", _("Grade"), GRADES, lambda rows, grade: rows.filter(grade=grade)),
        Filter("origin", _("Came by"), Origin.choices, lambda rows, origin: rows.filter(origin=origin)),
        by_value("source", _("Source")),
        by_value("sector", _("Industry")),
        Filter("product", _("Product"), (), lambda rows, name: rows.filter(product__name=name), is_offered=False),
    ]


LEADS = Kind(
    name="leads",
    label=_("Leads"),
    one=_("lead"),
    model=Lead,
    address="reach:leads",
    order=("-score", "-pk"),
    search=("name", "company", "email"),
    related=("qualification", "disqualification"),
    columns=("name", "company", "score", "state", "source", "owner", "created_at"),
    own=frozenset({"name", "email", "phone", "message"}),
    more=[custom.giver("lead"), segments.giver("leads")],
    form=LeadEditForm,
    filters=filters,
    fields=(
        Field("name", _("Full name"), edits="name"),
        Field("company", _("Company"), edits="company"),
        Field("title", _("Job title"), edits="title"),
        Field("email", _("E-mail"), edits="email"),
        Field("phone", _("Phone"), edits="phone"),
        Field("score", _("Score"), Number(), template="reach/cells/score.html", is_summed=False),
        Field("grade", _("Grade"), Choice(), choices=choices(GRADES)),
        Field("state", _("State"), Choice(), expression=state_expression, choices=choices(STATES), template="reach/cells/state.html"),
        Field("source", _("Source"), Choice(), choices=offers.values("source", visible), edits="source"),
        Field("origin", _("Came by"), Choice(), value="get_origin_display", choices=choices(Origin.choices)),
        Field("product", _("Product"), Option(), choices=products, edits="product", order="product__name", related=("product",)),
        Field("sector", _("Industry"), Choice(), choices=offers.values("sector", visible), edits="sector"),
        Field("employees", _("Employees"), Number(), edits="employees"),
        Field("location", _("Location"), edits="location"),
        LANGUAGE,
        Field("visits", _("Visits"), Number()),
        Field("utm_campaign", "utm_campaign", Text()),
        Field("contact", _("Contact"), RelationType(), to="contacts", url="contact.get_absolute_url", order="contact__name", related=("contact",)),
        OWNER,
        EXTERNAL,
        Field("created_at", _("Came on"), Moment()),
        CHANGED,
    ),
)  # fmt: skip


def register_all() -> None:
    """Make leads known to lists."""
    register(LEADS)
