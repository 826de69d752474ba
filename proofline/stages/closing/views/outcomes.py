"""Moving, winning, losing and reopening a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.kit.money import Money
from proofline.records.access import load
from proofline.stages.closing.forms import LossForm, WinForm
from proofline.stages.closing.models import Deal, DealClosedError, DealOpenError, DealStage
from proofline.stages.closing.views.answers import show_form, user_of, warn
from proofline.stages.closing.views.times import now_and_today

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the deal to the stage that is named."""
    found = load(Deal, user=user_of(request), write=True, pk=pk)
    to = get_object_or_404(DealStage, pk=request.POST.get("stage"))
    now, _today = now_and_today()
    try:
        found.move(to, by=user_of(request), now=now)
    except DealClosedError as error:
        warn(request, error)
    return redirect(found)


@require_http_methods(["GET", "POST"])
def win(request: HttpRequest, pk: int) -> HttpResponse:
    """Win the deal."""
    found = load(Deal, user=user_of(request), write=True, pk=pk)
    form = WinForm(request.POST or None, currency=found.currency, amount=found.amount)
    if request.method == "POST" and form.is_valid():
        now, _today = now_and_today()
        amount = Money(form.cleaned_data["amount"], found.currency)
        try:
            found.win(by=user_of(request), now=now, amount=amount, reason=form.cleaned_data["reason"])
        except DealClosedError as error:
            warn(request, error)
        else:
            toast(request, _("Deal won."), undo=reverse("closing:reopening", args=[found.pk]))
        return redirect(found)
    title = _("Win this deal")
    return show_form(request, form, title=title, submit=_("Win deal"), cancel=found.get_absolute_url())


@require_http_methods(["GET", "POST"])
def loss(request: HttpRequest, pk: int) -> HttpResponse:
    """Lose the deal."""
    found = load(Deal, user=user_of(request), write=True, pk=pk)
    form = LossForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now, _today = now_and_today()
        try:
            found.lose(by=user_of(request), now=now, **form.cleaned_data)
        except DealClosedError as error:
            warn(request, error)
        else:
            toast(request, _("Deal lost."), undo=reverse("closing:reopening", args=[found.pk]))
        return redirect(found)
    title = _("This deal is lost")
    return show_form(request, form, title=title, submit=_("Record the loss"), cancel=found.get_absolute_url())


@require_POST
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the win or the loss back."""
    found = load(Deal, user=user_of(request), write=True, pk=pk)
    now, _today = now_and_today()
    try:
        found.reopen(by=user_of(request), now=now)
    except DealOpenError as error:
        warn(request, error)
    else:
        toast(request, _("Deal reopened."))
    return redirect(found)
