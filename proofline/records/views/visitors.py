"""A person of the timeline: who they are, whom they merged with, and erasing what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import require_write
from proofline.records.behaviour import ERASES, find_person, load_person, named, who_is
from proofline.records.models import Account, Contact
from proofline.timeline import erasing, identity, jobs
from proofline.timeline.merging import MergeRefusedError
from proofline.timeline.models import Erasure

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proofline.timeline.models import Person

PLACES = {
    "inbox": gettext_noop("messages in the inbox"),
    "archive": gettext_noop("messages in the archive"),
    "store": gettext_noop("events"),
    "daily": gettext_noop("daily rows"),
    "keys": gettext_noop("keys"),
    "quarantined": gettext_noop("refused messages"),
    "effects": gettext_noop("failed reactions"),
    "firings": gettext_noop("times that rules fired"),
    "mentions": gettext_noop("records that named them"),
    "exports": gettext_noop("export files"),
}


@require_GET
def visitor(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who a person is; one who became another leads there, one of whom nothing is left to their erasure."""
    found = load_person(user=request.user, pk=pk)
    if found.canonical_id:
        return redirect("records:visitor", found.canonical_id)
    if found.erased_at:
        return redirect("records:visitor_erasure", found.pk)
    who = who_is(found)
    context = _records(request, found) | {
        "who": [who],
        "person": found,
        "name": _name(found),
        "may_write": request.user.may_write(Contact.write_area),
        "may_erase": request.user.may_write(ERASES),
    }
    return render(request, "records/visitor.html", context)


@require_POST
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Make two people one: `with` names the other by number, e-mail, user id or device."""
    found = load_person(user=request.user, pk=pk, write=True)
    other = find_person(request.POST.get("with", ""), user=request.user)
    if other is None:
        toast(request, _("Nobody is known by this name."), level=messages.ERROR)
        return redirect("records:visitor", found.pk)
    try:
        stays = identity.merge(person=other.pk, into=found.pk, by=request.user.pk, now=timezone.now())
    except MergeRefusedError as error:
        toast(request, str(error), level=messages.ERROR)
        return redirect("records:visitor", found.pk)
    toast(request, _("They are one person now."))
    return redirect("records:visitor", stays)


@require_POST
def separation(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a merged person is not the same: they stand for themselves again."""
    found = load_person(user=request.user, pk=pk, write=True)
    try:
        left = identity.unmerge(person=found.pk, by=request.user.pk, now=timezone.now())
    except MergeRefusedError as error:
        toast(request, str(error), level=messages.ERROR)
        return redirect("records:visitor", found.pk)
    toast(request, _("They are two people again, each with their own history."))
    contact = request.POST.get("contact")
    return (
        redirect("records:contact", int(contact))
        if contact and contact.isdigit()
        else redirect("records:visitor", left)
    )


@never_cache
@require_http_methods(["GET", "POST"])
def erasure(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a person's behaviour is erased for good, do it, and show what was removed."""
    found = load_person(user=request.user, pk=pk)
    require_write(request.user, area=ERASES)
    root = found.canonical or found
    last = Erasure.objects.filter(person=root.pk).order_by("-pk").first()
    if root.erased_at and last is None:  # erased with whom they had become
        raise Http404
    if request.method == "POST" and last is None:
        with transaction.atomic():
            last = erasing.begin(person=root.pk, by=request.user.pk, now=timezone.now())
            jobs.erase.enqueue(erasure=last.pk)
        return redirect("records:visitor_erasure", root.pk)
    context = _records(request, root) | {
        "person": root,
        "name": _name(root),
        "erasure": last,
        "numbers": _numbers(last),
    }
    return render(request, "records/erasure.html", context)


def _numbers(last: Erasure | None) -> list[tuple[str, int]]:
    return [(_(PLACES[place]), number) for place, number in (last.numbers() if last else {}).items()]


def _records(request: HttpRequest, person: Person) -> dict[str, Any]:
    """Return the contact and the account behind a person, as far as the user may see them."""
    return {
        "contact": Contact.objects.visible_to(request.user).filter(pk=person.contact_id or 0).first(),
        "account": Account.objects.visible_to(request.user).filter(pk=person.account_id or 0).first(),
    }


def _name(person: Person) -> str:
    return named(who_is(person).keys) or _("Visitor %(number)d") % {"number": person.pk}
