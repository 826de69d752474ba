"""Who comes: visitors who turn out to be contacts, and groups that turn out to be accounts. And whose feed one may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404

from proofline.records.access import load
from proofline.records.behaviour import load_person
from proofline.records.models import Account, Contact, User
from proofline.timeline import identity
from proofline.timeline.events import GROUP, IDENTIFY

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.http import HttpRequest

    from proofline.timeline.events import Event

NAMED: dict[str, type[Any]] = {"user": User, "contact": Contact, "account": Account}


def is_identify(event: Event) -> bool:
    """Tell whether a visitor says who they are."""
    return event.kind == IDENTIFY


def is_group(event: Event) -> bool:
    """Tell whether a visitor says for which company they come."""
    return event.kind == GROUP


def tie_contact(event: Event) -> None:
    """Tie a visitor who gave the e-mail of a contact to that contact."""
    email = str(event.properties.get("email") or "")
    contact = Contact.objects.with_email(email).first() if email and event.contact_id is None else None
    if contact is not None:
        identity.tie(person=event.person, email=contact.email, contact=contact.pk, account=contact.account_id)


def tie_account(event: Event) -> None:
    """Tie a group to the account of its web domain, else to the only account of its name."""
    key = str(event.properties.get("groupId") or event.properties.get("group_id") or "")
    account = account_of(domain=str(event.properties.get("domain") or ""), name=str(event.properties.get("name") or ""))
    if key and account is not None:
        identity.tie_group(key=key, account=account.pk)


def account_of(*, domain: str, name: str) -> Account | None:
    """Return the one account of a web domain or of a name; None when there is none or more than one."""
    for lookup, value in (("domain", domain.strip().lower().removeprefix("www.")), ("name__iexact", name.strip())):
        found: list[Account] = list(Account.objects.filter(**{lookup: value})[:2]) if value else []
        if len(found) == 1:
            return found[0]
    return None


def check_feed(request: HttpRequest, *, account: int | None, contact: int | None, person: int | None) -> None:
    """Let pass who may see the account, contact or person whose feed is asked for.

    Raises:
        Http404: the user may not, or nobody is named.
    """
    if account is contact is person is None:
        raise Http404
    if account is not None:
        load(Account, user=request.user, pk=account)
    if contact is not None:
        load(Contact, user=request.user, pk=contact)
    if person is not None:
        load_person(user=request.user, pk=person)


def names(kind: str, ids: Collection[int]) -> Mapping[int, str]:
    """Return how users, contacts and accounts are called."""
    model = NAMED.get(kind)
    return dict(model.objects.filter(pk__in=ids).values_list("pk", "name")) if model and ids else {}
