"""The main records of this room."""

from __future__ import annotations

from proofline.records.forms import AccountForm, ContactForm
from proofline.records.kinds import Kind
from proofline.records.models import Account, Contact

ACCOUNT = Kind(
    name="account",
    slug="accounts",
    model=Account,
    form=lambda data, record, user: AccountForm(data, user=user, instance=record),
    facts=(
        *("name", "domain", "sector", "employees", "revenue", "founded", "location", "language", "parent", "owner"),
    ),
)
CONTACT = Kind(
    name="contact",
    slug="contacts",
    model=Contact,
    form=lambda data, record, user: ContactForm(data, user=user, instance=record),
    facts=("name", "title", "email", "phone", "account", "language", "owner"),
)
