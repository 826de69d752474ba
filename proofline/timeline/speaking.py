"""How an event is said in the reader's language, and who did it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proofline.timeline import access, catalogue
from proofline.timeline.events import FACT, GROUP, IDENTIFY, PAGE, SCREEN, Event
from proofline.timeline.models import Person, PersonKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class Names:
    """How those are called who did some events."""

    users: Mapping[int, str]
    contacts: Mapping[int, str]
    contact_of: Mapping[int, int]
    keys: Mapping[int, str]
    """What a person without a contact goes by: an e-mail, else the user id in the product."""

    def of(self, event: Event) -> str:
        """Return who did it, "" when nobody in particular did."""
        if event.user_id:
            return self.users.get(event.user_id, "")
        contact = event.contact_id or self.contact_of.get(event.person or 0)
        if contact and contact in self.contacts:
            return self.contacts[contact]
        if event.kind == FACT or (event.kind == GROUP and not event.person):
            return ""
        return self.keys.get(event.person or 0) or _("A visitor")


def names(events: Iterable[Event]) -> Names:
    """Look up who did these events, in a few questions whatever their number."""
    events = list(events)
    people = {event.person for event in events if event.person}
    rows = Person.objects.filter(pk__in=people).annotate(stands=Coalesce("canonical_id", "pk"))
    stands = dict(rows.values_list("pk", "stands"))
    tied = Person.objects.filter(pk__in=set(stands.values()), contact_id__isnull=False)
    contact_of_canonical = dict(tied.values_list("pk", "contact_id"))
    contact_of = {
        pk: contact for pk, canonical in stands.items() if (contact := contact_of_canonical.get(canonical)) is not None
    }
    contacts = {event.contact_id for event in events if event.contact_id} | set(contact_of.values())
    known = PersonKey.objects.exclude(kind=PersonKey.Kind.ANONYMOUS)
    # Two questions: with both in one, the record store goes through the keys of everybody.
    theirs = known.filter(person__in=Person.objects.standing_for(set(stands.values()))).order_by("-kind", "-pk")
    owned = theirs.annotate(stands=Coalesce("person__canonical_id", "person_id"))
    key_of = dict(owned.values_list("stands", "key"))  # the first e-mail comes last and stays
    return Names(
        users=access.names("user", {event.user_id for event in events if event.user_id}),
        contacts=access.names("contact", contacts),
        contact_of=contact_of,
        keys={pk: key_of[canonical] for pk, canonical in stands.items() if canonical in key_of},
    )


def people(count: int) -> str:
    """Return how several people together are called."""
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}


def sentence(event: Event, *, count: int = 1, label: str = "") -> str:
    """Return what happened, without who did it."""
    if event.kind == FACT:
        declared = catalogue.find(event.name)
        named = {"subject": event.properties.get("name", "")} | event.properties
        return declared.said(named) if declared else event.name
    if event.kind == IDENTIFY:
        email = event.properties.get("email")
        return _("gave the e-mail %(email)s") % {"email": email} if email else _("signed in")
    if event.kind == GROUP:
        group = {"group": event.properties.get("name") or event.properties.get("groupId", "")}
        return (_("came for %(group)s") if event.person else _("something new is known of %(group)s")) % group
    return _done(event, count=count, label=label)


def _done(event: Event, *, count: int, label: str) -> str:
    said = {"what": label or event.name, "count": count}
    if event.kind in {PAGE, SCREEN}:
        return ngettext("viewed %(what)s", "viewed %(what)s %(count)s times", count) % said
    if event.properties.get("feature"):
        return ngettext("used %(what)s", "used %(what)s %(count)s times", count) % said
    said["what"] = event.name
    return ngettext("did “%(what)s”", "did “%(what)s” %(count)s times", count) % said
