"""The builder of a list's filter, in a dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from proofline.kit.lists import FilterError, written
from proofline.kit.lists.reading import group_of
from proofline.records.lists import building, edits
from proofline.records.views.lists.asked import Asked
from proofline.timeline import query

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proofline.records.lists.building import Tree

MOST_EVENTS = 200


@require_http_methods(["GET", "POST"])
def filter_of_list(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the filter as a form; each step shows it anew, "apply" leads to the list."""
    asked = Asked.by(request, kind)
    if request.method == "GET":
        tree = edits.parsed(asked.state.text)
        if not tree["all" if "all" in tree else next(iter(tree))]:
            edits.add(tree, "", "field", asked.kind)
        return _form(request, asked, tree)
    tree = edits.read_form(request.POST, kind=asked.kind, context=asked.context)
    if not request.POST.get("do", "").startswith("apply"):
        return _form(request, asked, tree)
    tree = edits.without_unfinished(tree)
    try:
        group = group_of(tree, kind=asked.kind, context=asked.context)
    except FilterError as error:
        return _form(request, asked, tree, problem=error)
    return redirect(asked.address(filter=written(group) or asked.state.nothing))


def _form(request: HttpRequest, asked: Asked, tree: Tree, *, problem: FilterError | None = None) -> HttpResponse:
    return form_of(request, asked, tree, cancel=asked.address(), problem=problem)


def form_of(
    request: HttpRequest,
    asked: Asked,
    tree: Tree,
    *,
    cancel: str,
    title: str = "",
    submit: str = "",
    problem: FilterError | None = None,
) -> HttpResponse:
    """Show conditions as a form."""
    row = building.row_of(tree, kind=asked.kind, context=asked.context)
    if problem:
        building.mark_wrong(row, problem.at)
    context: dict[str, Any] = {
        "kind": asked.kind,
        "row": row,
        "tree": tree,
        "problem": problem,
        "here": request.get_full_path(),
        "cancel": cancel,
        "title": title or _("Filter %(records)s") % {"records": asked.kind.label},
        "submit": submit or _("Show the records"),
        "events": _events() if _asks_for_events(tree) else [],
    }
    return render(request, "records/lists/filter.html", context, status=422 if problem else 200)


def _asks_for_events(tree: Any) -> bool:
    if isinstance(tree, list):
        return any(_asks_for_events(part) for part in tree)
    return isinstance(tree, dict) and (
        "did" in tree or "did_not" in tree or any(_asks_for_events(part) for part in tree.values())
    )


def _events() -> list[str]:
    return [name for name, _number in query.names(limit=MOST_EVENTS)]
