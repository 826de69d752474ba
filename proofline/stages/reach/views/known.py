"""Leads who may be contacts: the queue of them, tying a lead to a contact, saying that they are two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from proofline.kit.components import paginate, toast
from proofline.records import saying
from proofline.records.access import load
from proofline.records.models import Contact
from proofline.records.views.already import look_soon
from proofline.records.views.duplicates import OTHER_TABS, tabs
from proofline.stages.reach.models import KnownApart, KnownContact, Lead, tie

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

OTHER_TABS["reach:known_contacts"] = gettext_lazy("Leads who may be contacts")


@never_cache
@require_GET
def known_contacts(request: HttpRequest) -> HttpResponse:
    """List the leads who may be contacts, of whom the user may see both, those first that most speaks for."""
    found = KnownContact.objects.open().visible_to(request.user)
    page = paginate(found.select_related("lead", "contact__account"), request, ("-bits",), 25)
    context = {
        "page": page,
        "rows": [(one.lead, one.contact, saying.said(one.reasons)) for one in page.rows],
        "tabs": tabs("reach:known_contacts"),
        "may_write": request.user.may_write(Lead.write_area),
    }
    return render(request, "reach/known_contacts.html", context)


@require_POST
def tie_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Tie a lead to a contact (`contact`), or to nobody without one."""
    lead = load(Lead, user=request.user, pk=pk, write=True)
    if hasattr(lead, "qualification") or hasattr(lead, "disqualification"):
        toast(request, _("Somebody decided about this lead before you."), level=messages.WARNING)
        return redirect(lead)
    given = request.POST.get("contact", "")
    contact = load(Contact, user=request.user, pk=given) if given else None
    before = lead.contact_id
    tie(lead, contact, by=request.user, now=timezone.now())
    if contact is not None and before is None:
        undo = reverse("reach:lead_contact", args=[pk])
        toast(request, _("%(lead)s is tied to %(contact)s.") % {"lead": lead, "contact": contact}, undo=undo)
    return redirect(lead)


@require_POST
def separation(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Say that a lead is not a contact; nobody is asked again."""
    lead, contact = _two(request, pk, other)
    KnownApart.say(lead, contact, by=request.user, now=timezone.now())
    undo = reverse("reach:known_separation_reversal", args=[pk, other])
    toast(request, _("%(one)s and %(two)s are kept apart.") % {"one": lead, "two": contact}, undo=undo)
    return redirect("reach:known_contacts") if request.POST.get("from") == "queue" else redirect(lead)


@require_POST
def separation_reversal(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Take back that they are two; the background looks again."""
    lead, contact = _two(request, pk, other)
    KnownApart.take_back(lead, contact)
    look_soon()
    return redirect(lead)


def _two(request: HttpRequest, pk: int, other: int) -> tuple[Lead, Contact]:
    lead = load(Lead, user=request.user, pk=pk, write=True)
    return lead, load(Contact, user=request.user, pk=other)
