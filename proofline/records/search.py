"""What of this room is found by search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from proofline.kit.search import Kind
from proofline.records.models import Account, Claim, Competitor, Contact, Evidence, Module, Product, Task


def task_title(title: str, kind: str) -> str:
    """Return a task's title in the reader's language; one that Proofline asked for names only whom it is about."""
    return str(Task.Kind(kind).label) % {"about": title} if kind in Task.Kind.values else title


CUSTOMERS = (
    Kind(
        name="accounts",
        code="a",
        model=Account,
        label=_("Accounts"),
        one=_("Account"),
        icon="building",
        view="records:account",
        owners=Account.owner_paths,
        note="sector",
        text=("domain", "location", "external_id"),
    ),
    Kind(
        name="contacts",
        code="c",
        model=Contact,
        label=_("Contacts"),
        one=_("Contact"),
        icon="user",
        view="records:contact",
        owners=Contact.owner_paths,
        note="account__name",
        text=("email", "title", "external_id"),
        phones=("phone",),
    ),
)

TASKS = Kind(
    name="tasks",
    code="t",
    model=Task,
    label=_("Tasks"),
    one=_("Task"),
    icon="checkbox",
    view="records:task",
    owners=Task.owner_paths,
    title="title",
    note="account__name",
    text=("contact__name",),
    variant="kind",
    say=task_title,
)

LIBRARY = (
    Kind(
        name="evidence",
        code="e",
        model=Evidence,
        label=_("Evidence"),
        one=_("Evidence"),
        icon="certificate",
        view="records:evidence_item",
        title="title",
        note="result",
        text=("sector", "body"),
    ),
    Kind(
        name="competitors",
        code="o",
        model=Competitor,
        label=_("Competitors"),
        one=_("Competitor"),
        icon="swords",
        view="records:competitor",
        text=("website", "strengths", "gaps", "difference"),
    ),
    Kind(
        name="claims",
        code="b",
        model=Claim,
        label=_("Battle cards"),
        one=_("Claim of a battle card"),
        icon="swords",
        view="records:competitor",
        place="competitor_id",
        title="text",
        note="competitor__name",
        text=("module__name", "figure"),
    ),
    Kind(
        name="products",
        code="p",
        model=Product,
        label=_("Products"),
        one=_("Product"),
        icon="package",
        view="records:product",
        note="series",
        text=("name_zh", "external_id", "description"),
    ),
    Kind(
        name="modules",
        code="m",
        model=Module,
        label=_("Modules"),
        one=_("Module"),
        icon="puzzle",
        view="records:product",
        note="product__name",
        text=("name_zh", "feature_key", "description"),
        place="product_id",
    ),
)
