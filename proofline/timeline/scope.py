"""Whose feed, whose events: an account, a contact or a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from proofline.timeline import identity

if TYPE_CHECKING:
    from proofline.timeline.events import Event


@dataclass(frozen=True)
class Scope:
    """Whose feed it is."""

    account: int | None = None
    contact: int | None = None
    subject: tuple[str, int] | None = None
    email: str = ""
    """Of the person whose doings belong to it, while the records do not know them as a contact yet."""

    def conditions(self) -> tuple[str, dict[str, Any]]:
        """Return the condition of the SQL and its values; merged people's history is included."""
        parts, values = ["0"], dict[str, Any]()
        people = identity.persons_of(account=self.account) if self.account is not None else []
        if self.email:
            people += identity.persons_with(email=self.email)
        if self.contact is not None:
            people += identity.persons_of(contact=self.contact)
            parts.append("contact = {contact:UInt64}")
            values["contact"] = self.contact
        if self.account is not None:
            parts.append("account = {account:UInt64}")
            values["account"] = self.account
        if self.subject is not None:
            parts.append("(subject_kind = {subject_kind:String} AND subject = {subject:UInt64})")
            values |= {"subject_kind": self.subject[0], "subject": self.subject[1]}
        if people:
            parts.append("person IN {people:Array(UInt64)}")
            values["people"] = people
        return " OR ".join(parts), values

    def covers(self, event: Event) -> bool:
        """Tell whether a fact belongs here."""
        return (
            (self.account is not None and event.account_id == self.account)
            or (self.contact is not None and event.contact_id == self.contact)
            or (self.subject is not None and (event.subject_kind, event.subject_id) == tuple(self.subject))
        )
