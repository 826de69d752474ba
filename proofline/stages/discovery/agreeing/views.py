"""What a value case rests on, for us: assumptions added, the customer asked, what they said in a talk noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import load
from proofline.records.forms.meanwhile import watched
from proofline.records.views.answers import accepted
from proofline.stages.discovery.agreeing.answering import Speaker, answer
from proofline.stages.discovery.agreeing.forms import AnswerForm, AssumptionForm, ShareForm
from proofline.stages.discovery.agreeing.mailing import mail_link
from proofline.stages.discovery.agreeing.premises import agreement_of
from proofline.stages.discovery.forms import posted
from proofline.stages.discovery.models import Assumption, FrozenError, ValueCase, ValueCaseLink

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django import forms
    from django.http import HttpRequest, HttpResponse

CASES = ValueCase.objects.select_related("study__account", "study__owner")


def _back(case: ValueCase) -> HttpResponse:
    return redirect(f"{reverse('discovery:value_case', args=[case.pk])}#assumptions")


def _page(request: HttpRequest, form: forms.BaseForm, case: ValueCase, *, title: str, **more: Any) -> HttpResponse:
    context = {"form": form, "case": case, "title": title, "cancel": case.get_absolute_url(), **more}
    return render(request, "discovery/agreeing/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add something that has to be true for a case to hold."""
    case = load(CASES, user=request.user, write=True, pk=pk)
    form = AssumptionForm(posted(request), instance=Assumption(value_case=case))

    def add() -> None:
        Assumption.objects.add(case, by=request.user, now=timezone.now(), **form.cleaned_data)

    if request.method == "POST" and accepted(form, lambda: _unless_frozen(request, add)):
        return _back(case)
    return _page(request, form, case, title=_("Add an assumption"), submit=_("Add"))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an assumption."""
    record = load(Assumption, user=request.user, write=True, pk=pk)
    form = AssumptionForm(posted(request), instance=load(Assumption, user=request.user, pk=pk))
    form = watched(form, record, user=request.user)

    def change() -> None:
        record.change(by=request.user, now=timezone.now(), **form.cleaned_data)

    if request.method == "POST" and accepted(form, lambda: _unless_frozen(request, change)):
        return _back(record.value_case)
    return _page(request, form, record.value_case, title=_("Change assumption"), submit=_("Save"))


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an assumption out of its case."""
    record = load(Assumption, user=request.user, write=True, pk=pk)
    case = record.value_case
    _unless_frozen(request, record.remove)
    return _back(case)


def _unless_frozen(request: HttpRequest, act: Callable[[], None]) -> None:
    try:
        act()
    except FrozenError as error:
        toast(request, str(error), level=messages.ERROR)


@require_http_methods(["GET", "POST"])
def saying(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Note what the customer said to an assumption, or with `?explain=1` answer their question."""
    case = load(CASES, user=request.user, write=True, pk=pk)
    premise = agreement_of(case).find(key)
    if premise is None:
        raise Http404
    explains = "explain" in request.GET
    form = AnswerForm(posted(request), case=case, explains=explains)

    def say() -> None:
        given = dict(form.cleaned_data)
        who = Speaker(name=given.pop("name", ""), contact=given.pop("contact", None), by=request.user)
        answer(case, premise, who=who, now=timezone.now(), **given)

    if request.method == "POST" and accepted(form, say):
        return _back(case)
    title = _("Answer their question") if explains else _("What they said")
    return _page(request, form, case, title=title, submit=_("Save"), premise=premise)


@require_http_methods(["GET", "POST"])
def sharing(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the customer to agree: open a link."""
    case = load(CASES, user=request.user, write=True, pk=pk)
    form = ShareForm(posted(request), case=case, today=timezone.localdate())

    def share() -> None:
        given, now = form.cleaned_data, timezone.now()
        link = ValueCaseLink.objects.share(case, by=request.user, now=now, to=given["to"], expires_at=form.expires_at)
        toast(request, _("The link is open."))
        if given["by_mail"] and not mail_link(link, url=f"{settings.PUBLIC_URL}{link.public_path}", now=now):
            toast(request, _("No e-mail was sent: this person does not want any."), level=messages.WARNING)

    if request.method == "POST" and accepted(form, share):
        return _back(case)
    intro = _("They see each figure with its formula, and say whether it is right. No sign-in; works on a phone.")
    return _page(request, form, case, title=_("Ask the customer to agree"), submit=_("Open link"), intro=intro)


@require_POST
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a link."""
    link = load(ValueCaseLink, user=request.user, write=True, pk=pk)
    link.close(by=request.user, now=timezone.now())
    toast(request, _("The link is closed. What was said stays."))
    return _back(link.value_case)


def card(case: ValueCase, *, may_write: bool, now: datetime) -> dict[str, Any]:
    """Return what the card on the page of a case shows."""
    links = case.links.select_related("contact", "closing").order_by("-pk")
    rows = [(link, link.state(now=now), f"{settings.PUBLIC_URL}{link.public_path}") for link in links]
    return {"agreement": agreement_of(case), "case_links": rows, "may_answer": may_write}
