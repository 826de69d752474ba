"""A study's comparison: drafted, and edited where its cells stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import load
from proofline.stages.discovery.comparing.drafting import draft
from proofline.stages.discovery.comparing.forms import CellForm, mark_of
from proofline.stages.discovery.comparing.table import Column, Place
from proofline.stages.discovery.forms import posted
from proofline.stages.discovery.models import Alternative, Cell, Need, Study

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

CONFLICT = 409


@require_POST
def drafting(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill the empty cells from modules, battle cards and what the customer said."""
    study = load(Study.objects.select_related("account"), user=request.user, write=True, pk=pk)
    count = draft(study, by=request.user, now=timezone.now(), today=timezone.localdate())
    filled = ngettext("%(count)s cell filled in; check it.", "%(count)s cells filled in; check them.", count)
    toast(
        request,
        filled % {"count": count} if count else _("Nothing to fill in: name pains in needs, or write into the cells."),
    )
    return redirect(f"{study.get_absolute_url()}#comparison")


@require_http_methods(["GET", "POST"])
def cell(request: HttpRequest, pk: int, alternative: int = 0) -> HttpResponse:
    """Edit what a column can do for a need; ours without `alternative`. With `?as=cell` the answer is what stands in the place."""
    need = load(Need.objects.select_related("study"), user=request.user, write=True, pk=pk)
    other = get_object_or_404(Alternative, study=need.study_id, pk=alternative) if alternative else None
    found = Cell.objects.filter(need=need, alternative=other).first()
    form, mark = CellForm(posted(request), cell=found, column=f"{pk}_{alternative}"), mark_of(found)
    if request.method == "GET":
        return _editor(request, form, need, other, mark=mark)
    if not form.is_valid():
        return _editor(request, form, need, other, mark=mark, status=422)
    if request.POST.get("was", mark) != mark and _differs(found, form):
        return _editor(request, form, need, other, mark=mark, status=CONFLICT, conflict=str(found or "–"))
    try:
        kept = Cell.objects.put(by=request.user, now=timezone.now(), need=need, alternative=other, **form.cleaned_data)
    except ValidationError as error:
        form.add_error("figure" if "figure" in getattr(error, "error_dict", {}) else None, error.messages)
        return _editor(request, form, need, other, mark=mark, status=422)
    if request.GET.get("as") == "cell":
        place = Place(Column("", other), kept)
        return render(request, "discovery/comparing/place.html", {"place": place, "may_write": True})
    return redirect(f"{need.study.get_absolute_url()}#comparison")


def _differs(found: Cell | None, form: CellForm) -> bool:
    given = form.cleaned_data
    return found is None or any(getattr(found, name) != value for name, value in given.items())


def _editor(
    request: HttpRequest,
    form: CellForm,
    need: Need,
    alternative: Alternative | None,
    *,
    mark: str,
    status: int = 200,
    conflict: str = "",
) -> HttpResponse:
    names = [need.pk, alternative.pk] if alternative else [need.pk]
    action = reverse("discovery:cell" if alternative else "discovery:own_cell", args=names)
    context = {"form": form, "mark": mark, "action": action, "conflict": conflict, "label": need.text}
    if request.GET.get("as") == "cell":
        return render(request, "kit/cell_editor.html", context, status=status)
    context |= {"study": need.study, "need": need, "alternative": alternative, "cancel": need.study.get_absolute_url()}
    return render(request, "discovery/comparing/cell_form.html", context, status=status)
