"""Accounts, contacts and tasks, as lists know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
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
    Person,
    Relation,
    RelationType,
    register,
    relate,
)
from proofline.records.forms import AccountForm, ContactForm, TaskForm
from proofline.records.lists import custom, offers, segments
from proofline.records.models import Account, Contact, Task

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]


def visible_accounts(user: Any) -> Any:
    """Return the accounts that the user may see."""
    return Account.objects.visible_to(user)


def number_of(model: type[Model], path: str) -> Any:
    """Return the expression that counts a kind's visible records of a row, `path` naming the row from there."""

    def expression(context: Context) -> Any:
        rows = model._default_manager.all().visible_to(context.user)  # type: ignore[attr-defined]  # noqa: SLF001
        return counted(rows, path)

    return expression


def counted(rows: QuerySet[Any], path: str) -> Any:
    """Return the expression that counts those of the rows that belong to a record, `path` naming the record from there."""
    found = rows.filter(**{path: OuterRef("pk")}).order_by().values(path).annotate(number=Count("pk"))
    return Coalesce(Subquery(found.values("number"), output_field=IntegerField()), 0)


def last_of(rows: QuerySet[Any], path: str, *, field: str = "at") -> Any:
    """Return the expression for the last moment of the rows that belong to a record."""
    found = rows.filter(**{path: OuterRef("pk")}).order_by().values(path).annotate(last=Max(field))
    return Subquery(found.values("last"), output_field=DateTimeField())


def state_by(path: str, states: dict[str, QuerySet[Any]], *, default: str) -> Any:
    """Return the expression for a record's state: the first of whose rows one belongs to it, `path` naming the record from there."""
    known = [When(Exists(rows.filter(**{path: OuterRef("pk")})), then=Value(state)) for state, rows in states.items()]
    return Case(*known, default=Value(default), output_field=CharField())


def choices(given: Any) -> Any:
    """Return what offers fixed choices."""
    return lambda _context: given


def owner_filter(context: Context, *, path: str = "owner") -> Filter:
    """Return the filter by owner: me, nobody, or a colleague. `path` says whose owner, such as `"account__owner"`."""

    def apply(queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value == "none":
            return queryset.filter(**{path: None})
        return queryset.filter(**{path: context.user if value == "me" else int(value)})

    [me, *others] = offers.people(context)
    return Filter("owner", _("Owner"), [me, ("none", _("nobody")), *others], apply)


def owner_of(path: str) -> Field:
    """Return the field of the owner of a related record, such as `"account"`."""
    return Field("owner", _("Owner"), Person(), path=f"{path}__owner", choices=offers.people, order=f"{path}__owner__name", related=(f"{path}__owner",))  # fmt: skip


def account_fields(visible: Any, *, path: str = "account") -> tuple[Field, ...]:
    """Return what lists show of the account that a record belongs to; `visible` gives a user's records."""
    related = (path,)
    return (
        Field("account_sector", _("Account: industry"), Choice(), path=f"{path}__sector", choices=offers.values(f"{path}__sector", visible), related=related),
        Field("account_employees", _("Account: employees"), Number(), path=f"{path}__employees", related=related, is_summed=False),
        Field("account_owner", _("Account: owner"), Person(), path=f"{path}__owner", choices=offers.people, order=f"{path}__owner__name", related=(f"{path}__owner",)),
    )  # fmt: skip


def by_value(name: str, label: Any) -> Filter:
    """Return a filter by a field's value, for addresses that lead to it."""
    return Filter(name, label, (), lambda queryset, value: queryset.filter(**{name: value}), is_offered=False)


def account_filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of accounts name."""
    return [owner_filter(context), by_value("sector", _("Industry"))]


def task_filters(context: Context) -> list[Filter]:
    """Return the filters of tasks: for whom, and whether they are open."""

    def whose(queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(owner=context.user) if value == "me" else queryset.exclude(owner=context.user)

    def state(queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(completion__isnull=value == "open")

    return [
        Filter("owner", _("For"), [("me", _("me")), ("others", _("others"))], whose),
        Filter("open", _("State"), [("open", _("open")), ("done", _("done"))], state),
    ]


OWNER = Field(
    "owner", _("Owner"), Person(), choices=offers.people, edits="owner", order="owner__name", related=("owner",)
)
CHANGED = Field("changed_at", _("Last change"), Moment())
LANGUAGE = Field(
    "language", _("Language"), Choice(), value="get_language_display", choices=choices(LANGUAGES), edits="language"
)
EXTERNAL = Field("external_id", _("Id in the source"))

ACCOUNTS = Kind(
    name="accounts",
    label=_("Accounts"),
    one=_("account"),
    model=Account,
    address="records:accounts",
    order=("-changed_at", "-pk"),
    search=("name", "domain"),
    columns=("name", "sector", "employees", "location", "domain", "owner", "changed_at"),
    form=AccountForm,
    filters=account_filters,
    own=frozenset({"name", "domain"}),
    more=[custom.giver("account"), segments.giver("accounts")],
    fields=(
        Field("name", _("Account"), edits="name"),
        Field("domain", _("Website"), edits="domain"),
        Field("sector", _("Industry"), Choice(), choices=offers.values("sector", visible_accounts), edits="sector"),
        Field("employees", _("Employees"), Number(), edits="employees"),
        Field("revenue", _("Yearly revenue, millions"), Number(), edits="revenue"),
        Field("founded", _("Founded in"), Number(), value=lambda row: row.founded, edits="founded", template="records/cells/year.html", is_summed=False),
        Field("location", _("Location"), edits="location"),
        LANGUAGE,
        Field("parent", _("Part of"), RelationType(), to="accounts", url="parent.get_absolute_url", edits="parent", order="parent__name", related=("parent",)),
        OWNER,
        Field("contacts", _("Contacts"), Number(), expression=number_of(Contact, "account")),
        EXTERNAL,
        Field("created_at", _("Since"), Moment()),
        CHANGED,
    ),
)  # fmt: skip

CONTACTS = Kind(
    name="contacts",
    label=_("Contacts"),
    one=_("contact"),
    model=Contact,
    address="records:contacts",
    order=("-changed_at", "-pk"),
    search=("name", "email"),
    columns=("name", "title", "account", "email", "phone", "owner", "changed_at"),
    form=ContactForm,
    filters=lambda context: [owner_filter(context)],
    own=frozenset({"name", "email", "phone"}),
    more=[custom.giver("contact"), segments.giver("contacts")],
    fields=(
        Field("name", _("Contact"), edits="name"),
        Field("title", _("Job title"), edits="title"),
        Field("account", _("Account"), RelationType(), to="accounts", url="account.get_absolute_url", edits="account", order="account__name", related=("account",)),
        Field("account_sector", _("Account: industry"), Choice(), path="account__sector", choices=offers.values("sector", visible_accounts), related=("account",)),
        Field("account_employees", _("Account: employees"), Number(), path="account__employees", related=("account",), is_summed=False),
        Field("email", _("E-mail"), edits="email"),
        Field("phone", _("Phone"), edits="phone"),
        LANGUAGE,
        OWNER,
        EXTERNAL,
        Field("created_at", _("Since"), Moment()),
        CHANGED,
    ),
)  # fmt: skip

TASKS = Kind(
    name="tasks",
    label=_("Tasks"),
    one=_("task"),
    model=Task,
    address="records:tasks",
    order=("due_at", "pk"),
    search=("title", "account__name"),
    related=("completion", "account"),
    columns=("title", "account", "owner", "due_at", "open"),
    form=TaskForm,
    filters=task_filters,
    usual=({"field": "open", "op": "yes"},),
    usual_label=_("Open tasks"),
    fields=(
        Field("title", _("Task"), value=str, edits="title"),
        Field("account", _("Account"), RelationType(), to="accounts", url="account.get_absolute_url", edits="account", order="account__name"),
        Field("owner", _("For"), Person(), choices=offers.people, edits="owner", order="owner__name", related=("owner",)),
        Field("due_at", _("Due"), Moment(), edits="due_at", template="records/cells/due.html"),
        Field("open", _("Still open"), Flag(), expression=lambda _context: Q(completion__isnull=True), value=str, template="records/cells/task.html"),
        Field("created_at", _("Since"), Moment()),
    ),
)  # fmt: skip


def register_all() -> None:
    """Make the room's kinds known to lists."""
    for kind in (ACCOUNTS, CONTACTS, TASKS):
        register(kind)
    relate("accounts", Relation("contacts", _("Contacts"), "contacts", "account"))
    relate("accounts", Relation("tasks", _("Tasks"), "tasks", "account"))
    relate("accounts", Relation("subsidiaries", _("Subsidiaries"), "accounts", "parent"))
    relate("contacts", Relation("tasks", _("Tasks"), "tasks", "contact"))
