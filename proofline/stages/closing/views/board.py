"""The board of open deals, its columns and the moves on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proofline.kit.components import Empty, ListPage, Tab
from proofline.records.access import load
from proofline.records.lists import RecordList
from proofline.stages.closing import pipeline
from proofline.stages.closing.filters import board_filters
from proofline.stages.closing.lists import DEALS
from proofline.stages.closing.models import Deal, DealClosedError, DealStage
from proofline.stages.closing.views.answers import user_of
from proofline.stages.closing.views.times import now_and_today

if TYPE_CHECKING:
    from proofline.stages.closing.models.deals import DealQuerySet

CONFLICT = 409
LIST_PARAMETERS = frozenset(
    "as view state owner team sector source month q sort after before filter columns group".split()
)


@require_GET
def deals(request: HttpRequest) -> HttpResponse:
    """Show the board; the list, where the address asks for what only a list can show."""
    if LIST_PARAMETERS & request.GET.keys():
        return deal_list(request)
    now, today = now_and_today()
    listing = Narrowed(request)
    key = (user_of(request).pk, listing.query)
    found = pipeline.board(pipeline.Asked(listing.deals, key, now, today))
    return render(
        request,
        "closing/board.html",
        {
            "board": found,
            "chips": listing.chips,
            "narrowed": bool(listing.query),
            "query": listing.query,
            "tabs": tabs("board"),
            "may_write": user_of(request).may_write("closing"),
            "today": today,
        },
    )


@require_GET
def column(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the cards of a stage that follow, from `?from=` on."""
    now, today = now_and_today()
    stage = get_object_or_404(DealStage, pk=pk)
    narrowed = Narrowed(request)
    found = pipeline.column(
        narrowed.deals,
        stage=stage,
        totals=pipeline.Sums(0, pipeline.Rates(on=today).zero()),
        offset=offset_of(request),
        now=now,
        today=today,
    )
    context = {"column": found, "query": narrowed.query, "today": today}
    return render(request, "closing/board.html#cards", context)


@require_POST
def moves(request: HttpRequest) -> HttpResponse:
    """Move a card to another column; the answer brings the columns' heads up to date."""
    now, today = now_and_today()
    deal = load(Deal, user=user_of(request), write=True, pk=request.POST.get("item"))
    stage = get_object_or_404(DealStage, pk=request.POST.get("column"))
    try:
        deal.move(stage, by=user_of(request), now=now)
    except DealClosedError as error:
        return HttpResponse(str(error), status=CONFLICT, content_type="text/plain; charset=utf-8")
    found = Narrowed(request).deals
    stages, rates = DealStage.objects.ladder(), pipeline.Rates(on=today)
    totals = pipeline.stage_totals(found, rates=rates)
    line = pipeline.forecast(found, stages=stages, totals=totals, zero=rates.zero(), now=now)
    heads = [(each, totals[each.pk]) for each in stages]
    return render(request, "closing/board_heads.html", {"heads": heads, "forecast": line})


class Narrowed:
    """The deals of the board that the filters leave, and the filters' chips."""

    def __init__(self, request: HttpRequest) -> None:
        filters = board_filters(request)
        page = ListPage(
            request,
            queryset=Deal.objects.visible_to(user_of(request)).none(),
            columns=[],
            filters=filters,
        )
        self.chips = page.chips
        self.deals: DealQuerySet = Deal.objects.visible_to(user_of(request))
        kept = {}
        for item in filters:
            value = request.GET.get(item.name, "")
            if value in {choice for choice, _label in item.choices}:
                self.deals = item.apply(self.deals, value)  # type: ignore[assignment]
                kept[item.name] = value
        query = request.GET.copy()
        for name in list(query):
            if name not in kept:
                del query[name]
        self.query = query.urlencode()


def deal_list(request: HttpRequest) -> HttpResponse:
    """Show the list of deals: the place where charts lead to."""
    _now, today = now_and_today()
    return RecordList.of(
        request,
        kind=DEALS,
        empty=Empty(
            _("No deals yet"),
            _("A deal is a chance to sell, such as “Acme · 50 seats”. Qualified leads open one by themselves."),
            reverse("closing:deal_new"),
            _("New deal"),
            icon="layout-kanban",
        ),
    ).render(
        "closing/deals.html",
        {"tabs": tabs("list"), "may_write": user_of(request).may_write("closing"), "today": today},
    )


def tabs(active: str) -> list[Tab]:
    """Return the two ways to look at deals."""
    address = reverse("closing:deals")
    return [
        Tab(_("Board"), address, active == "board"),
        Tab(_("List"), f"{address}?as=list", active == "list"),
    ]


def offset_of(request: HttpRequest) -> int:
    """Return from which card on."""
    text = request.GET.get("from", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0  # noqa: PLR2004 - ten million cards
