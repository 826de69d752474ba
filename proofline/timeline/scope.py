"""Whose feed, whose events: an account, a contact, a person or a record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from proofline.timeline import absorbing, identity
from proofline.timeline.models import Person

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
    person: int | None = None
    """Whose own doings belong to it, and nobody else's; `contact` then says whose facts do."""

    @cached_property
    def accounts(self) -> list[int]:
        """The ids under which the account's history is written: its own, and those of accounts that merged into it."""
        return absorbing.history_of("account", self.account) if self.account is not None else []

    @cached_property
    def contacts(self) -> list[int]:
        """The ids under which the contact's history is written, likewise."""
        return absorbing.history_of("contact", self.contact) if self.contact is not None else []

    @cached_property
    def subjects(self) -> list[int]:
        """The ids under which the record's history is written, likewise."""
        return absorbing.history_of(*self.subject) if self.subject is not None else []

    def people(self) -> list[int]:
        """Return the ids of the people whose doings belong here; merged people's history is included."""
        if self.person is not None:
            return sorted(Person.objects.standing_for([identity.canonical(self.person)]))
        found = identity.persons_of(account=self.account) if self.account is not None else []
        if self.email:
            found += identity.persons_with(email=self.email)
        if self.contact is not None:
            found += identity.persons_of(contact=self.contact)
        return sorted(set(found))

    def covers(self, event: Event) -> bool:
        """Tell whether a fact belongs here."""
        return (
            event.account_id in self.accounts
            or event.contact_id in self.contacts
            or (
                self.subject is not None and event.subject_kind == self.subject[0] and event.subject_id in self.subjects
            )
        )
