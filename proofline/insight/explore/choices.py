"""What the builder's chips offer when they open: events, fields, values, found while one types."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proofline.insight.explore import edits, finding, wording
from proofline.insight.explore.asked import asked_of
from proofline.insight.explore.kinds import KINDS
from proofline.kit import formats
from proofline.timeline.query.refusing import QuestionError
from proofline.timeline.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from proofline.insight.explore.asked import Asked
    from proofline.insight.explore.finding import Found

SHOWN = 50


@dataclass(frozen=True)
class Offer:
    """One thing that can be picked: its label, what it submits or the address of the next step, and a note."""

    label: str
    value: str = ""
    note: str = ""
    next: str = ""


@dataclass(frozen=True)
class Offers:
    """Offers under a heading."""

    heading: str
    items: list[Offer] = field(default_factory=list)


@require_GET
def choices(request: HttpRequest) -> HttpResponse:
    """Offer what fits the choice that the address names in `what`, narrowed by `find`."""
    kind, what = request.GET.get("kind", "trend"), request.GET.get("what", "event")
    if kind not in KINDS or what not in {*OFFERED, "filter"}:
        raise Http404
    try:
        asked = asked_of(request, kind)
    except QuestionError:
        raise Http404 from None
    passed = {name: request.GET[name] for name in ("scope", "at", "of", "name") if name in request.GET}
    context: dict[str, Any] = {
        "asked": asked,
        "what": what,
        "do": {"number": "measure", "filter": "where"}.get(what, what),
        "passed": passed,
        "here": f"{request.path}?{urlencode({'kind': kind, 'what': what, **passed})}",
        "trouble": False,
    }
    try:
        context |= _filter(request, asked) if what == "filter" else {"groups": OFFERED[what](request, asked)}
    except QuestionError:
        raise Http404 from None
    except StoreError:
        context["trouble"] = True
    template = "filter" if what == "filter" else "pick"
    return render(request, f"insight/explore/{template}.html", context)


def _events(request: HttpRequest, asked: Asked) -> list[Offers]:
    """Offer the events that there are, the most frequent first."""
    del asked
    find = request.GET.get("find", "").strip()
    found = finding.events(find=find, user=request.user)
    groups = [
        Offers(_("Events"), [Offer(name, name, formats.compact(times) if times else "") for name, times in found])
    ]
    return groups if find else [Offers("", [Offer(wording.event(None))]), *groups]


def _fields(request: HttpRequest, asked: Asked) -> list[Offers]:
    """Offer what a filter can look at; picking one leads to its operator and value."""
    start = {"kind": asked.kind.key, "what": "filter", "scope": request.GET.get("scope", "")}

    def offer(found: Found) -> Offer:
        named = {**start, "of": found.of, "name": found.name}
        return Offer(found.label, next=f"{reverse('insight:choices')}?{urlencode(named)}")

    return _grouped(request, asked, offer)


def _breakdowns(request: HttpRequest, asked: Asked) -> list[Offers]:
    """Offer what the answer can be broken down by."""
    return _grouped(request, asked, lambda found: Offer(found.label, f"{found.of}:{found.name}"))


def _numbers(request: HttpRequest, asked: Asked) -> list[Offers]:
    """Offer the sums and means of properties that are numbers."""
    find = request.GET.get("find", "").strip().casefold()
    found = finding.fields(asked, at=None, user=request.user)
    names = [one.name for one in found if one.of == "property" and one.is_number and find in one.name.casefold()][
        :SHOWN
    ]
    if not names:
        return []
    return [
        Offers(_("Sum"), [Offer(name, f"sum:{name}") for name in names]),
        Offers(_("Mean"), [Offer(name, f"mean:{name}") for name in names]),
    ]


OFFERED: dict[str, Callable[[HttpRequest, Asked], list[Offers]]] = {
    "event": _events,
    "field": _fields,
    "by": _breakdowns,
    "number": _numbers,
}


def _grouped(request: HttpRequest, asked: Asked, offer: Callable[[Found], Offer]) -> list[Offers]:
    find = request.GET.get("find", "").strip().casefold()
    at = edits.place(request.GET.get("scope", ""))
    fitting = [one for one in finding.fields(asked, at=at, user=request.user) if find in one.label.casefold()]
    groups = []
    for of, heading in wording.OF.items():
        items = [offer(one) for one in fitting if one.of == of][:SHOWN]
        groups.append(Offers("" if of in wording.NAMELESS else str(heading), items))
    return [group for group in groups if group.items]


def _filter(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """Return the operator and value of one filter, with values that occur."""
    of, name, scope = (request.GET.get(key, "") for key in ("of", "name", "scope"))
    at, found = edits.place(request.GET.get("at", "")), edits.filters(asked, scope)
    now = found[at] if at is not None and at < len(found) else {}
    given = now.get("value", "")
    written = ", ".join(map(str, given)) if isinstance(given, list) else str(given)
    find = request.GET.get("value", "").strip()
    offers = finding.values(asked, of=of, name=name, at=edits.place(scope), find=find, user=request.user)
    return {
        "field": wording.field(of, name, finding.labels()),
        "operators": [(key, str(label), key == now.get("op", "is")) for key, label in wording.OPERATORS.items()],
        "value": written,
        "offers": [Offer(label, value) for value, label in offers],
    }
