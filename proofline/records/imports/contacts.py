"""Contacts from tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from proofline.kit.imports import values
from proofline.kit.imports.kinds import Field, Kind
from proofline.records.imports.accounts import introduce_accounts
from proofline.records.imports.keeping import ACCOUNT_BY_NAME, ACCOUNT_NAMES, OWNER_NAMES, changed_fields
from proofline.records.imports.matched import MatchedKeeper
from proofline.records.models import Contact
from proofline.timeline import identity

if TYPE_CHECKING:
    from proofline.kit.imports.keeping import Entry


class ContactKeeper(MatchedKeeper[Contact]):
    """Keeps rows as contacts: found again by the source's id, else by e-mail, else by name within the account."""

    model = Contact
    keys = ("external_id", "email", "name+account")
    choosable = ("phone",)
    lists = ("account", "user")
    noun = "contact"
    introduces = "account"

    def introduce(self, named: list[tuple[str, int]], *, dry_run: bool) -> list[Entry]:
        """Add accounts."""
        return introduce_accounts(self, named, dry_run=dry_run)

    def settle(self, values: dict[str, Any]) -> None:
        """Put first and last name together."""
        name_from_parts(values)

    def make(self, entry: Entry) -> Contact:
        """Return a new contact; one without a name goes by the e-mail."""
        contact = super().make(entry)
        contact.created_at = self.now
        contact.name = contact.name or (contact.email or "").partition("@")[0]
        if contact.owner_id is None and contact.account_id is None:
            contact.owner_id = self.default_owner
        return contact

    def after_create(self, entries: list[Entry]) -> None:
        """Record `contact.created`, and tie the visitors who gave these e-mails."""
        self.tell("contact.created", entries, self._told)
        self._tie(entries)

    def after_update(self, entries: list[Entry]) -> None:
        """Record `contact.changed`; a new e-mail or account is followed."""
        super().after_update(entries)
        self.tell("contact.changed", entries, self._told)
        self._tie([entry for entry in entries if {"email", "account_id"} & set(entry.changed)])

    def _tie(self, entries: list[Entry]) -> None:
        contacts: list[Contact] = [entry.record for entry in entries]
        identity.tie_many((contact.email, contact.pk, contact.account_id) for contact in contacts if contact.email)

    def _told(self, entry: Entry) -> dict[str, Any]:
        contact: Contact = entry.record
        return {
            "account": contact.account_id,
            "contact": contact.pk,
            "subject": ("contact", contact.pk),
            "properties": {"name": contact.name, "fields": changed_fields(entry)},
        }

    def before_remove(self, records: list[Contact]) -> None:
        """Record that they are gone, and let go of the visitors who were tied to them."""
        super().before_remove(records)
        identity.untie_many([contact.pk for contact in records])

    def about(self, record: Contact) -> dict[str, Any]:
        """Return whom a fact is about."""
        return super().about(record) | {"account": record.account_id, "contact": record.pk}


def name_from_parts(values: dict[str, Any]) -> None:
    """Make a name of first and last name where the row gives those; Chinese names begin with the family."""
    first, last = values.pop("first_name", ""), values.pop("last_name", "")
    if first or last:
        name = f"{first} {last}".strip() if f"{first}{last}".isascii() else _joined(first, last)
        values.setdefault("name", name)


def _joined(first: str, last: str) -> str:
    chinese = all("\u4e00" <= character <= "\u9fff" for character in first + last)
    return last + first if chinese else f"{first} {last}".strip()


PERSON_FIELDS = (
    Field(
        name="name", label=_("name"), aliases=("full name", "contact name", "contact", "姓名", "联系人姓名", "联系人")
    ),
    Field(name="first_name", label=_("first name"), aliases=("first name", "given name", "名", "名字")),
    Field(name="last_name", label=_("last name"), aliases=("last name", "surname", "family name", "姓", "姓氏")),
    Field(
        name="email",
        label=_("e-mail"),
        read=values.email,
        aliases=(
            "e-mail",
            "email address",
            "e-mail address",
            "mail",
            "e-mail 1 value",
            "primary email",
            "邮箱",
            "电子邮箱",
            "电子邮件",
            "邮件",
        ),
    ),
    Field(
        name="phone",
        label=_("phone"),
        read=values.phone,
        aliases=(
            "phone number",
            "mobile phone",
            "mobile phone number",
            "phone 1 value",
            "mobile",
            "telephone",
            "tel",
            "cell",
            "手机",
            "手机号",
            "手机号码",
            "电话",
            "联系电话",
        ),
    ),
    Field(
        name="title",
        label=_("job title"),
        aliases=("job title", "position", "role", "organization title", "organization 1 title", "职位", "职务", "岗位"),
    ),
)

CONTACTS = Kind(
    name="contacts",
    label=_("Contacts"),
    keeper=ContactKeeper,
    any_of=(("name", "first_name", "last_name", "email"),),
    fields=(
        Field(
            name="external_id",
            label=_("id in the source"),
            aliases=("contact id", "record id", "rec id", "id", "联系人编号", "联系人id", "编号"),
        ),
        *PERSON_FIELDS,
        Field(
            name="account",
            label=_("account"),
            known="account",
            aliases=("account id", *ACCOUNT_NAMES, "organization name", "organization 1 name"),
        ),
        ACCOUNT_BY_NAME,
        Field(name="owner", label=_("owner"), known="user", aliases=("contact owner", *OWNER_NAMES)),
    ),
)
