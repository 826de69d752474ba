"""A fact of a main record, edited where it stands: on the record's page, in a list's cell, or by its address alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from proofline.kit.components import toast
from proofline.records.access import load
from proofline.records.editing import form_of, mark_of
from proofline.records.showing import label_of
from proofline.records.templatetags.records import shown
from proofline.records.views.answers import accepted, form_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proofline.records.kinds import Kind

CONFLICT = 409


@require_http_methods(["GET", "POST"])
def fact(request: HttpRequest, pk: int, fact: str, *, kind: Kind) -> HttpResponse:
    """Edit a fact. With `?as=cell` the answer is what stands in the place that is edited: the editor, or the new value."""
    record: Any = load(kind.model, user=request.user, pk=pk, write=True)
    data = request.POST if request.method == "POST" else None
    form = form_of(kind, record, fact, user=request.user, data=data)
    if not kind.may_edit(record):
        toast(request, _("This record is closed; its facts stay as they are."), level=messages.ERROR)
        return _answer(request, kind, record, fact)
    names = kind.fields_of(fact)
    mark = mark_of(record, names)
    if data is None:
        return _editor(request, kind, record, fact, form=form, mark=mark)
    if form.is_valid() and data.get("was", mark) != mark and _differs(record, form):
        return _editor(request, kind, record, fact, form=form, mark=mark, status=CONFLICT)
    if accepted(form, lambda: record.change(by=request.user, now=timezone.now(), **form.cleaned_data)):
        if request.GET.get("as") != "cell":
            toast(request, _("Saved."))
        return _answer(request, kind, record, fact)
    return _editor(request, kind, record, fact, form=form, mark=data.get("was", mark), status=422)


def _differs(record: Any, form: Any) -> bool:
    """Tell whether what was typed is something else than what stands there by now."""
    return any(getattr(record, name) != value for name, value in form.cleaned_data.items())


def _answer(request: HttpRequest, kind: Kind, record: Any, fact: str) -> HttpResponse:
    if request.GET.get("as") == "cell":
        return render(request, "records/parts/fact_value.html", shown(request.user, kind, record, fact))
    return redirect(record)


def _editor(
    request: HttpRequest, kind: Kind, record: Any, fact: str, *, form: Any, mark: str, status: int = 200
) -> HttpResponse:
    conflict = shown(request.user, kind, record, fact)["value"] if status == CONFLICT else ""
    if request.GET.get("as") != "cell":
        form.fields["was"] = _hidden(form, mark)
        intro = _("Somebody else changed this meanwhile. Save again to replace their value.") if conflict else ""
        title = _("Change: %(fact)s") % {"fact": label_of(kind.model, fact)}
        back = (str(record), record.get_absolute_url())
        answer = form_page(request, form, title=title, cancel=back[1], back=back, intro=intro)
        answer.status_code = status
        return answer
    context = {
        "form": form,
        "mark": mark,
        "conflict": conflict,
        "action": reverse(f"records:{kind.name}_fact", args=[record.pk, fact]),
        "label": label_of(kind.model, fact),
    }
    return render(request, "kit/cell_editor.html", context, status=status)


def _hidden(form: Any, mark: str) -> Any:
    """Return the hidden field that says what the fact was when the form was opened."""
    if form.is_bound:
        form.data = form.data.copy()
        form.data["was"] = mark
    return forms.CharField(widget=forms.HiddenInput, initial=mark, required=False)
