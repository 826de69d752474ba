"""What a form says when there is already what somebody adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext as _

from proofline.kit.lists import kind_named
from proofline.records import jobs, matching, saying
from proofline.records.likeness import kind_of
from proofline.records.views.answers import accepted

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import ModelForm
    from django.http import HttpRequest, HttpResponse

    from proofline.records.forms.base import RecordForm

ANYWAY = "anyway"


def added(request: HttpRequest, form: ModelForm[Any], add: Callable[[], Any]) -> bool:
    """Tell whether the form is valid, is no duplicate that nobody was asked about, and was added.

    A person who was shown what there is already, and sends the form once more, wants it anyway.
    """
    found = already(request, form)
    if found and request.POST.get(ANYWAY) != found.token:
        return False
    if not accepted(form, add):
        return False
    look_soon()
    return True


def already(request: HttpRequest, form: ModelForm[Any]) -> matching.Found:
    """Return what there is already of what the form says, as far as it says who that is."""
    form.is_valid()
    if "name" not in getattr(form, "cleaned_data", {}):
        return matching.Found()
    return matching.at_once(form.instance, user=request.user)


def new_page(request: HttpRequest, form: RecordForm, *, title: str, submit: str, back: tuple[str, str]) -> HttpResponse:
    """Show a form that adds a record, with what is there already; `back` is (label, address) of the page above."""
    context = {
        "form": form,
        "title": title,
        "cancel": back[1],
        "back": back,
        **already_of(request, form, submit=submit),
    }
    return render(request, "records/new.html", context, status=422 if form.is_bound else 200)


def already_of(request: HttpRequest, form: Any, *, submit: str) -> dict[str, Any]:
    """Return what a form that adds a record shows of what is there already, and the verb on its button."""
    found = already(request, form) if form.is_bound else matching.Found()
    may_anyway = bool(found) and not form.errors
    return {
        "submit": _("Add anyway") if may_anyway else submit,
        "already": shown(found) if found else None,
        "anyway": found.token,
        "may_anyway": may_anyway,
    }


def look_soon() -> None:
    """Let the background look at what was just added or changed."""
    jobs.match_new.enqueue()


def shown(found: matching.Found) -> dict[str, Any]:
    """Return what a page shows of what may be the same."""
    rows = [
        {"record": one.record, "kind": kind_named(kind_of(one.record)).one, "why": saying.said(one.reasons)}
        for one in found.seen
    ]
    return {"rows": rows, "hidden": found.hidden, "ask": _("Ask an administrator or your manager.")}
