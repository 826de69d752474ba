"""Need signals: the list, one signal with its evidence, and what is decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proofline.kit.addresses import next_of
from proofline.kit.components import Empty, toast
from proofline.records.access import load
from proofline.records.lists import RecordList
from proofline.records.models import Account, Contact
from proofline.stages.reach.forms import SignalNoteForm
from proofline.stages.reach.lists import SIGNALS
from proofline.stages.reach.lists.signals import LINKED
from proofline.stages.reach.models import AlreadyDecidedError, Lead, Signal

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def signals(request: HttpRequest) -> HttpResponse:
    """The list."""
    listing = RecordList.of(
        request,
        kind=SIGNALS,
        empty=Empty(
            title=_("No signals yet"),
            text=_(
                "A signal is a need that behaviour speaks of, such as “browses data analysis often: may need data management”."
            ),
            url="/signal-rules/",
            label=_("See the rules"),
            icon="bulb",
        ),
    )
    return listing.render("reach/signals.html")


@require_GET
def signal(request: HttpRequest, pk: int) -> HttpResponse:
    """One signal: what speaks for it, and what we found out."""
    record = load(Signal.objects.select_related(*LINKED, "rule", "pain", "module"), user=request.user, pk=pk)
    context = {
        "signal": record,
        "links": links(request, record),
        "may_write": request.user.may_write("reach"),
        "form": SignalNoteForm(),
    }
    return render(request, "reach/signal.html", context)


def links(request: HttpRequest, record: Signal) -> list[tuple[str, Any]]:
    """Return who it is about, as (word, record) pairs, as far as the user may see their pages."""
    about: list[tuple[str, type[Any], Any]] = [
        (_("Contact"), Contact, record.contact),
        (_("Lead"), Lead, record.lead),
        (_("Account"), Account, record.account),
    ]
    return [
        (word, found)
        for word, model, found in about
        if found and model.objects.visible_to(request.user).filter(pk=found.pk).exists()
    ]


@require_POST
def confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the need is there."""
    return _decide(request, pk, Signal.confirm, _("The need is confirmed."))


@require_POST
def dismissal(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the need is not there."""
    return _decide(request, pk, Signal.dismiss, _("The signal is dismissed."))


def _decide(request: HttpRequest, pk: int, verb: Any, done: str) -> HttpResponse:
    record = load(Signal, user=request.user, write=True, pk=pk)
    form = SignalNoteForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        verb(record, by=request.user, now=timezone.now(), note=note)
    except AlreadyDecidedError:
        toast(request, _("Somebody decided about this signal before you."))
    else:
        toast(request, done)
    return redirect(next_of(request) or reverse("reach:signal", args=[pk]))
