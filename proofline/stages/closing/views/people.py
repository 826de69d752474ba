"""The people of a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proofline.records.access import load
from proofline.stages.closing.forms import PersonForm
from proofline.stages.closing.models import Deal, DealPerson
from proofline.stages.closing.views.answers import add_errors, show_form, user_of
from proofline.stages.closing.views.times import now_and_today

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proofline.records.models import User


@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Add somebody to the deal."""
    found = load(Deal, user=user_of(request), write=True, pk=pk)
    form = PersonForm(request.POST or None, deal=found, user=user_of(request))
    if request.method == "POST" and form.is_valid() and placed(form, deal=found, by=user_of(request)):
        return redirect(found)
    title = _("Add a person")
    return show_form(request, form, title=title, submit=_("Add person"), cancel=found.get_absolute_url())


@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Change what somebody is in the deal."""
    found = load(Deal, user=user_of(request), write=True, pk=pk)
    known = get_object_or_404(DealPerson.objects.select_related("contact"), deal=found, pk=person_pk)
    form = PersonForm(request.POST or None, deal=found, user=user_of(request), person=known)
    if request.method == "POST" and form.is_valid() and placed(form, deal=found, by=user_of(request)):
        return redirect(found)
    return show_form(
        request, form, title=str(known.contact), template="closing/person_form.html", person=known, deal=found
    )


@require_POST
def removal(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Take somebody out of the deal."""
    found = load(Deal, user=user_of(request), write=True, pk=pk)
    get_object_or_404(DealPerson, deal=found, pk=person_pk).take_out()
    return redirect(found)


def placed(form: PersonForm, *, deal: Deal, by: User) -> bool:
    """Place the person; False with the form's errors where that can't be."""
    now, _today = now_and_today()
    try:
        DealPerson.place(deal=deal, by=by, now=now, **form.cleaned_data)
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True
