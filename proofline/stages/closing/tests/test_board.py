"""The board and the list, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proofline.kit.money import Money
from proofline.records.models import ExchangeRate
from proofline.stages.closing import pipeline
from proofline.stages.closing.models import Deal, DealStage

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from proofline.records.models import User

BOARD = "/deals/"


def open_deals(count: int, *, by: User, now: datetime, **fields: object) -> None:
    """Open deals quickly, one after the other in time."""
    stage = DealStage.objects.ladder()[0]
    rows = [
        Deal(
            name=f"Deal {at}",
            owner=by,
            stage=stage,
            amount=Decimal(100),
            currency="CNY",
            opened_at=now,
            stage_since=now - timedelta(minutes=at),
            **fields,
        )
        for at in range(count)
    ]
    Deal.objects.bulk_create(rows)


def test_the_board_counts_and_sums_each_stage_in_our_currency(deal: Deal, sam: User, now: datetime) -> None:
    ExchangeRate.objects.create(currency="USD", rate=Decimal(7), since=now.date())
    Deal.objects.open_deal(by=sam, now=now, name="Dollars", amount=Decimal(1000), currency="USD", owner=sam)
    found = pipeline.board(pipeline.Asked(Deal.objects.visible_to(sam), "sam", now, now.date()))
    first = found.columns[0]
    assert (first.count, first.sum) == (2, Money(Decimal(19_000), "CNY"))
    assert found.forecast.weighted == Money(Decimal(1900), "CNY")
    assert found.forecast.stalled == 2


def test_what_has_no_rate_is_named_beside_the_sums(
    deal: Deal, sam: User, now: datetime, as_: Callable[[User], Client]
) -> None:
    for name in ("Euros", "More euros"):
        Deal.objects.open_deal(by=sam, now=now, name=name, amount=Decimal(550_000), currency="EUR", owner=sam)
    found = pipeline.board(pipeline.Asked(Deal.objects.visible_to(sam), "sam", now, now.date()))
    euros, share = Money(Decimal(1_100_000), "EUR"), found.columns[0].stage.probability
    assert (found.columns[0].count, found.columns[0].sum) == (3, Money(Decimal(12_000), "CNY"))
    assert list(found.columns[0].apart) == list(found.forecast.apart) == [euros]
    assert list(found.forecast.weighted_apart) == [(euros * share).rounded()]
    page = as_(sam).get(BOARD).content.decode()
    assert page.count("€1.1M") == 2
    assert page.count("There is no exchange rate for this currency") == 3
    engaging = DealStage.objects.get(name="Engaging")
    heads = as_(sam).post(reverse("closing:moves"), {"item": deal.pk, "column": engaging.pk}).content.decode()
    assert heads.count("€1.1M") == 2


def test_the_board_shows_15_cards_a_column_and_more_on_request(
    sam: User, now: datetime, as_: Callable[[User], Client]
) -> None:
    open_deals(60, by=sam, now=now)
    page = as_(sam).get(BOARD).content.decode()
    assert page.count("data-card=") == 15
    assert ">60<" in page
    stage = DealStage.objects.ladder()[0]
    more = as_(sam).get(reverse("closing:column", args=[stage.pk]), {"from": 15}).content.decode()
    assert more.count("data-card=") == 15
    last = as_(sam).get(reverse("closing:column", args=[stage.pk]), {"from": 45}).content.decode()
    assert last.count("data-card=") == 15
    assert "from=" not in last


def test_the_board_costs_the_same_with_thousands_of_deals(
    sam: User, now: datetime, as_: Callable[[User], Client], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(sam)
    open_deals(30, by=sam, now=now)
    client.get(BOARD)
    with CaptureQueriesContext(connection) as few:
        client.get(BOARD)
    open_deals(2500, by=sam, now=now)
    with django_assert_num_queries(len(few)):
        page = client.get(BOARD)
    assert len(page.content) < 120_000


def test_dragging_a_card_moves_the_deal_and_brings_the_heads_up_to_date(
    deal: Deal, sam: User, as_: Callable[[User], Client]
) -> None:
    engaging = DealStage.objects.get(name="Engaging")
    answer = as_(sam).post(reverse("closing:moves"), {"item": deal.pk, "column": engaging.pk, "before": ""})
    assert answer.status_code == 200
    assert f'id="head-{engaging.pk}" hx-swap-oob="true"' in answer.content.decode()
    deal.refresh_from_db()
    assert deal.stage == engaging


def test_a_card_that_was_won_meanwhile_goes_back_with_the_reason(
    deal: Deal, sam: User, now: datetime, as_: Callable[[User], Client]
) -> None:
    deal.win(by=sam, now=now)
    engaging = DealStage.objects.get(name="Engaging")
    answer = as_(sam).post(reverse("closing:moves"), {"item": deal.pk, "column": engaging.pk})
    assert answer.status_code == 409
    assert "already won by Sam Seller" in answer.content.decode()


def test_the_board_can_be_narrowed_to_mine(
    deal: Deal, sam: User, tom: User, mei: User, now: datetime, as_: Callable[[User], Client]
) -> None:
    Deal.objects.open_deal(by=tom, now=now, name="Tom's own", owner=tom)
    whole = as_(mei).get(BOARD).content.decode()
    assert deal.name in whole
    assert "Tom&#x27;s own" in whole
    assert deal.name not in as_(mei).get(BOARD, {"of": "me"}).content.decode()
    assert deal.name in as_(mei).get(BOARD, {"of": "team"}).content.decode()
    assert "Tom&#x27;s own" not in as_(tom).get(BOARD, {"product": "Clarity Suite"}).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "won"}, True),
        ({"state": "won", "month": "2026-11"}, True),
        ({"state": "won", "month": "2026-10"}, False),
        ({"state": "won", "month": "rubbish"}, False),
        ({"state": "lost"}, False),
        ({"state": "open"}, False),
        ({"owner": "Sam Seller"}, True),
        ({"owner": "me"}, True),
        ({"owner": "Tom Teammate"}, False),
        ({"team": "East"}, True),
        ({"state": "won", "product": "Clarity Suite"}, True),
        ({"sector": "manufacturing"}, True),
        ({"sector": "-"}, False),
        ({"source": "Google"}, True),
        ({"source": "nowhere"}, False),
    ],
)
def test_charts_lead_to_the_deals_behind_them(
    query: dict[str, str],
    found: bool,  # noqa: FBT001 - a parameter of the test
    deal: Deal,
    sam: User,
    tom: User,
    now: datetime,
    as_: Callable[[User], Client],
) -> None:
    assert tom.team == sam.team
    deal.win(by=sam, now=now)
    answer = as_(sam).get(BOARD, query)
    assert answer.status_code == 200
    assert (deal.name in answer.content.decode()) is found


@pytest.mark.parametrize("query", ["as=list", "view=list"])  # the second is what older links say
def test_the_tab_of_the_list_shows_the_whole_list_without_a_complaint(
    query: str, deal: Deal, sam: User, as_: Callable[[User], Client]
) -> None:
    page = as_(sam).get(f"{BOARD}?{query}").content.decode()
    assert deal.name in page
    assert "data-board" not in page
    assert "This view is gone" not in page
    assert f'href="{BOARD}?as=list"' in as_(sam).get(BOARD).content.decode()
