from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from proofline.stages.closing.models import Deal, StageMove

HEADER = [
    "opportunity_id",
    "sales_agent",
    "product",
    "account",
    "deal_stage",
    "engage_date",
    "close_date",
    "close_value",
]
WON = ["D1", "Sam Seller", "Clarity Suite", "Heron Robotics", "Won", "2025-10-20", "2026-03-01", "1054"]
LOST = ["D2", "Sam Seller", "Clarity Suite", "Heron Robotics", "Lost", "2025-10-20", "2025-11-20", "0"]
OPEN = ["D3", "Sam Seller", "ClaritySuite", "", "Engaging", "2026-10-20", "", ""]
NEW = ["D4", "Sam Seller", "Clarity Suite", "", "Prospecting", "", "", ""]
pytestmark = pytest.mark.usefixtures("healthy", "suite")


def test_historic_deals_bring_their_history(take, facts, sam):
    result = take("deals", [HEADER, WON, LOST, OPEN, NEW], accept=True)
    assert dict(result.counts) == {"created": 4}
    assert result.suggestions == [
        {"column": "product", "value": "ClaritySuite", "suggestion": "Clarity Suite", "rows": 1}
    ]
    won, lost, engaging, prospecting = Deal.objects.order_by("external_id")
    assert (won.state, won.won.amount, won.won.by, won.sector) == ("won", Decimal(1054), sam, "manufacturing")
    assert won.won.at == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert (lost.state, engaging.state, engaging.stage.name) == ("lost", "open", "Engaging")
    assert (won.name, prospecting.name, prospecting.stage.name) == (
        "Heron Robotics · Clarity Suite",
        "Clarity Suite",
        "Prospecting",
    )
    told = facts("deal.won")[0]
    assert told["at"].startswith("2026-02-28T16:00:00")
    assert told["account_id"] == won.account_id
    assert (
        told["properties"].items()
        >= {
            "owner": "Sam Seller",
            "team": "East",
            "product": "Clarity Suite",
            "sector": "manufacturing",
            "value": "1054.00",
            "base_value": "1054.00",
            "currency": "CNY",
            "days": 132.0,
        }.items()
    )
    assert [fact["at"][:10] for fact in facts("deal.created")] == [
        "2025-10-19",
        "2025-10-19",
        "2026-10-19",
        "2026-11-02",
    ]


def test_days_are_found_under_the_shortest_names(take):
    header = ["id", "name", "stage", "amount", "created", "closed"]
    assert dict(take("deals", [header, ["S1", "Tern", "Won", "5", "2025-10-20", "2025-11-20"]]).counts) == {
        "created": 1
    }
    assert Deal.objects.get().opened_at == datetime(2025, 10, 19, 16, tzinfo=UTC)


def test_the_same_file_again_tells_nothing_anew(take, facts):
    take("deals", [HEADER, WON, LOST, OPEN, NEW], accept=True)
    assert dict(take("deals", [HEADER, WON, LOST, OPEN, NEW], accept=True).counts) == {"unchanged": 4}
    assert [len(facts(name)) for name in ("deal.created", "deal.won", "deal.lost", "deal.changed")] == [4, 1, 1, 0]


def test_a_later_file_moves_wins_and_loses(take, facts, now):
    take("deals", [HEADER, OPEN, NEW], accept=True)
    won = [*OPEN[:4], "Won", OPEN[5], "2026-11-01", "500"]
    engaged = [*NEW[:4], "Engaging", "2026-10-30", "", ""]
    assert dict(take("deals", [HEADER, won, engaged], accept=True).counts) == {"updated": 2}
    assert Deal.objects.get(external_id="D3").won.amount == Decimal(500)
    assert facts("deal.won")[0]["properties"]["days"] == 12.0
    move = StageMove.objects.get()
    assert (move.from_stage.name, move.to_stage.name, move.at) == ("Prospecting", "Engaging", now)
    assert facts("deal.moved")[0]["properties"]["to_stage"] == "Engaging"
    assert dict(take("deals", [HEADER, won, engaged], accept=True).counts) == {"unchanged": 2}


def test_what_was_closed_here_is_not_undone_by_a_file(take):
    take("deals", [HEADER, WON])
    reopened, cheaper = [*WON[:4], "Engaging", *WON[5:]], [*WON[:7], "10"]
    assert "deal_stage: was won here on 2026-03-01" in take("deals", [HEADER, reopened]).problems[0].reason
    assert "close_value: was won here" in take("deals", [HEADER, cheaper]).problems[0].reason
    assert Deal.objects.get().won.amount == Decimal(1054)


@pytest.mark.parametrize(
    ("place", "cell", "reason"),
    [
        (1, "Nobody Known", "sales_agent: “Nobody Known” is not known as owner; import it first"),
        (2, "Claritty Suite", "product: “Claritty Suite” is not known as product; did you mean “Clarity Suite”?"),
        (4, "Wonn", "deal_stage: “Wonn” is not known as stage; did you mean “Won”?"),
        (5, "2017-13-45", "engage_date: “2017-13-45” can't be read; expected a day that is in the calendar"),
        (5, "03/04/2024", "engage_date: “03/04/2024” can't be read; expected the year first"),
        (6, "", "close_date: is blank; a deal that was won or lost needs the day"),
        (6, "2031-01-01", "close_date: is in the future"),
        (6, "2020-01-01", "close_date: is before the day the deal was opened"),
        (7, "lots", "close_value: “lots” can't be read; expected an amount such as 1000.50"),
        (7, "-5", "close_value: An amount can't be negative."),
    ],
)
def test_a_wrong_cell_names_row_column_and_reason_and_the_good_rows_come_in(take, place, cell, reason):
    wrong = [*WON]
    wrong[0], wrong[place] = "D9", cell
    result = take("deals", [HEADER, WON, wrong, LOST])
    assert dict(result.counts) == {"created": 2, "rejected": 1}
    assert result.problems[0].row == 3
    assert result.problems[0].reason.startswith(reason)


def test_exports_of_other_programs(take):
    salesforce = [
        [
            "Opportunity ID",
            "Opportunity Name",
            "Account Name",
            "Amount",
            "Stage",
            "Close Date",
            "Created Date",
            "Opportunity Owner",
        ],
        [
            "006A",
            "Heron – seats",
            "Heron Robotics",
            "USD 12,000.00",
            "Negotiation/Review",
            "30/11/2026",
            "20/10/2026",
            "Sam Seller",
        ],
        [
            "006B",
            "Heron – pilot",
            "Heron Robotics",
            "¥2,000.00",
            "Closed Won",
            "31/10/2026",
            "20/10/2026",
            "sam@proofline.test",
        ],
    ]
    assert dict(take("deals", salesforce).counts) == {"created": 2}
    seats, pilot = Deal.objects.order_by("external_id")
    assert (seats.stage.name, seats.currency, seats.expected_close.isoformat()) == ("Negotiation", "USD", "2026-11-30")
    assert (pilot.state, pilot.currency, pilot.owner.name) == ("won", "CNY", "Sam Seller")


def test_chinese_columns_and_stages(take, sam):
    rows = [
        ["商机名称", "客户名称", "金额", "阶段", "成交日期", "创建日期", "负责人"],
        ["续约", "Heron Robotics", "3.5万元", "赢单", "2026年10月31日", "2026/10/1", "Sam Seller"],
        ["扩容", "Heron Robotics", "2000", "商务谈判", "", "2026/10/1", ""],
    ]
    assert dict(take("deals", rows).counts) == {"created": 2}
    assert dict(take("deals", rows).counts) == {"unchanged": 2}
    renewal, more = Deal.objects.order_by("pk")
    assert (renewal.won.amount, more.stage.name, more.owner) == (Decimal(35000), "Negotiation", sam)
