"""From a list into segments: its filter kept as a live one, its records put into one that is picked by hand, or taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from proofline.kit.components import toast
from proofline.kit.lists import FilterError
from proofline.kit.lists.reading import group_of
from proofline.kit.paging import COUNT_CAP
from proofline.records.access import require_write
from proofline.records.forms.segments import JoinForm, LeaveForm, SegmentForm
from proofline.records.lists.segments import has_segments, picked
from proofline.records.models import ListAction, Segment
from proofline.records.views.answers import accepted, form_page
from proofline.records.views.lists.acting import answered
from proofline.records.views.lists.asked import Asked

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proofline.kit.lists import Group


def of(request: HttpRequest, kind: str) -> Asked:
    """Return the list of the request, of a kind that can be in segments, to somebody who may put records there."""
    asked = Asked.by(request, kind)
    if not has_segments(asked.kind):
        raise Http404
    require_write(asked.user, area=Segment.write_area)
    return asked


def narrowing(asked: Asked) -> tuple[Group, list[str]]:
    """Return all that narrows the list as one group of conditions, and in words what no condition can say."""
    group = asked.state.group_of_conditions
    parts: list[Any] = [*group.plain()["all"]] if group.how == "all" else [group.plain()]
    left = [f"“{asked.state.query}”"] if asked.state.query else []
    if asked.segment is not None:
        parts.append({"field": "segment", "op": "is", "value": [asked.segment.pk]})
    for one in asked.kind.filters(asked.context) if asked.kind.filters else ():
        value = asked.query.get(one.name, "")
        if not value or not one.takes(value):
            continue
        part = {"field": one.name, "op": "is", "value": [value]}
        if value == "none":
            part = {"field": one.name, "op": "empty"}
        try:
            group_of([part], kind=asked.kind, context=asked.context)
            parts.append(part)
        except FilterError:
            labels = {str(key): label for key, label in one.choices}
            left.append(f"{one.label}: {labels.get(value, value)}")
    return group_of(parts, kind=asked.kind, context=asked.context), left


@require_http_methods(["GET", "POST"])
def segment_of_list(request: HttpRequest, kind: str) -> HttpResponse:
    """Keep what narrows the list as a live segment."""
    asked = of(request, kind)
    form = SegmentForm(request.POST or None)
    try:
        group, left = narrowing(asked)
    except FilterError as error:
        group, left = group_of([], kind=asked.kind, context=asked.context), [str(error)]
    made: list[Segment] = []

    def add() -> None:
        made.append(
            Segment.objects.add(by=asked.user, now=timezone.now(), kind=kind, conditions=group.plain(), **form.values)
        )

    if request.method == "POST" and accepted(form, add):
        toast(request, _("The segment is saved."))
        return redirect(made[0])
    said = group.words() if group else _("All %(records)s") % {"records": asked.kind.label}
    if left:
        said += " " + _("(without %(left)s, which conditions can't say)") % {"left": ", ".join(left)}
    return form_page(request, form, title=_("Save as segment"), submit=_("Save"), cancel=asked.address(), intro=said)


@require_http_methods(["GET", "POST"])
def joining(request: HttpRequest, kind: str) -> HttpResponse:
    """Put the marked records into a segment that is picked by hand, or into a new one."""
    asked = of(request, kind)
    form = JoinForm(request.POST or None, segments=picked(asked.user, kind))
    chosen: list[Segment] = []

    def choose() -> None:
        found = form.cleaned_data["segment"]
        chosen.append(
            found or Segment.objects.add(by=asked.user, now=timezone.now(), kind=kind, name=form.cleaned_data["name"])
        )

    if request.method == "POST" and accepted(form, choose):
        return _begun(request, asked, "join", chosen[0])
    title = _many(
        asked, ngettext("Add %(number)s record to a segment", "Add %(number)s records to a segment", _number(asked))
    )
    return form_page(request, form, title=title, submit=_("Add"), cancel=asked.address())


@require_http_methods(["GET", "POST"])
def leaving(request: HttpRequest, kind: str) -> HttpResponse:
    """Take the marked records out of a segment that is picked by hand."""
    asked = of(request, kind)
    form = LeaveForm(request.POST or None, segments=picked(asked.user, kind))
    if request.method == "POST" and form.is_valid():
        return _begun(request, asked, "leave", form.cleaned_data["segment"])
    title = _many(
        asked,
        ngettext("Remove %(number)s record from a segment", "Remove %(number)s records from a segment", _number(asked)),
    )
    return form_page(request, form, title=title, submit=_("Remove"), cancel=asked.address())


def _begun(request: HttpRequest, asked: Asked, verb: str, segment: Segment) -> HttpResponse:
    action = ListAction.objects.begin(
        by=asked.user,
        now=timezone.now(),
        kind=asked.kind.name,
        verb=verb,
        records=asked.chosen(),
        values={"segment": segment.pk},
    )
    record = asked.chosen().first() if asked.query.get("of") == "record" else None
    return answered(request, action, back=record.get_absolute_url() if record else asked.address())


def _number(asked: Asked) -> int:
    return asked.chosen().order_by()[:COUNT_CAP].count()


def _many(asked: Asked, words: str) -> str:
    number = _number(asked)
    return words % {"number": f"{number}+" if number == COUNT_CAP else number}
