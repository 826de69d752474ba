"""How deals ended against competitors and with evidence, on the pages of both. `config/panels.py` says where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from proofline.insight import outcomes
from proofline.insight.outcomes import Outcomes
from proofline.records.access import load
from proofline.records.models import Competitor, Evidence

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

A_PAGE = 30
"""Competitors that a table shows at a time."""


@dataclass(frozen=True)
class Against:
    """A competitor with how the deals ended that faced it."""

    competitor: Competitor
    outcomes: Outcomes


def outcomes_of_competitor(request: HttpRequest, competitor: Competitor) -> str:
    """Keep a place for the win rate against a competitor: it comes when the page stands."""
    return _later(request, reverse("insight:competitor_outcomes", args=[competitor.pk]), of="competitor")


def outcomes_of_competitors(request: HttpRequest, _subject: Any) -> str:
    """Keep a place above the list for the win rate against each competitor."""
    return _later(request, reverse("insight:competitors_outcomes"), of="competitors")


def outcomes_of_evidence(request: HttpRequest, evidence: Evidence) -> str:
    """Keep a place for the deals in whose proposals the evidence stood."""
    return _later(request, reverse("insight:evidence_outcomes", args=[evidence.pk]), of="evidence")


def _later(request: HttpRequest, address: str, *, of: str) -> str:
    return render_to_string("insight/panels/outcomes_later.html", {"address": address, "of": of}, request=request)


@require_safe
def competitor_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the win rate against a competitor: the part of its page with `?part=1`, else a page of its own."""
    competitor = load(Competitor, user=request.user, pk=pk)
    return _page(request, competitor, asked=outcomes.against, of="competitor")


@require_safe
def evidence_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show in which won and lost deals the evidence stood."""
    evidence = load(Evidence, user=request.user, pk=pk)
    return _page(request, evidence, asked=outcomes.with_evidence, of="evidence")


def _page(request: HttpRequest, record: Any, *, asked: Any, of: str) -> HttpResponse:
    found = outcomes.read(asked, [record.pk], user=request.user)
    context = {
        "record": record,
        "of": of,
        "is_down": found is None,
        "outcomes": (found or {}).get(record.pk, Outcomes()),
        "address": request.path,
    }
    page = "insight/panels/outcomes.html" if "part" in request.GET else "insight/outcomes.html"
    return render(request, page, context)


@require_safe
def competitors_page(request: HttpRequest) -> HttpResponse:
    """Show the win rate against each competitor, those that were faced most often first, a page from `?after=` on.

    With `?part=1` it is the part of the list's page, and with both only what comes after.
    """
    written = request.GET.get("after", "")
    after = outcomes.Place.read(written)
    if written and after is None:
        raise Http404
    found = outcomes.read(outcomes.most_faced, user=request.user, after=after, limit=A_PAGE)
    rivals = Competitor.objects.in_bulk(found.outcomes) if found else {}
    context = {
        "rows": [Against(rivals[pk], one) for pk, one in (found.outcomes if found else {}).items() if pk in rivals],
        "following": found and found.following,
        "is_down": found is None,
        "after": after,
        "of": "competitors",
        "address": request.path,
    }
    if "part" not in request.GET:
        return render(request, "insight/outcomes.html", context)
    is_more = after is not None and found is not None
    return render(request, f"insight/panels/outcomes.html{'#rows' if is_more else ''}", context)
