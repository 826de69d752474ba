"""Whom the demo company meets in its deals: battle cards, and what its customers use instead."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from proofline.records.models import Claim, Competitor, Evidence, Module, Pain, User
from proofline.stages.closing.models.losing import LossReason
from proofline.stages.discovery.comparing.drafting import draft
from proofline.stages.discovery.models import Alternative, Cell

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.config.demo.stories import Story
    from proofline.stages.closing.models import Deal
    from proofline.stages.discovery.models import Need, Study

CARDS: tuple[dict[str, Any], ...] = (
    {
        "name": "Excel 手工表",
        "strengths": "人人会用",
        "gaps": "不可追溯，易出错",
        "difference": "自动汇总，口径统一",
        "days": 20,
        "claims": (
            ("win", "月结当天出数，不用等人汇总", "reports", "", "", "苏州精密制造：月结从五天到一天"),
            ("lose", "只有一个人看、一年看一次的表", "", "", "", ""),
            ("ask", "上个月有几个版本的报表对不上？谁来认错？", "", "", "", ""),
            ("can", "自动汇总报表", "reports", "no", "", ""),
            ("can", "核对数据口径", "data", "partly", "", ""),
            ("can", "重复操作自动执行", "automations", "partly", "", ""),
        ),
    },
    {
        "name": "BigSuite BI",
        "website": "https://bigsuite.example",
        "strengths": "Known brand; every large integrator sells it",
        "gaps": "Projects of two quarters; a consultant for each change",
        "difference": "Value proven in a month, and kept in the contract",
        "days": 34,
        "claims": (
            ("win", "Live in a week; they quote two quarters", "reports", "", "", "Kestrel Freight: one dashboard for 14 depots"),
            ("win", "We sign for the hours saved; they sell licences", "", "", "", "“The numbers they promised were the numbers we got.”"),
            ("lose", "The group has already standardised on their platform", "", "", "", ""),
            ("ask", "Who changes a report, and how long did the last change take?", "", "", "", ""),
            ("ask", "Which number will they put into the contract?", "", "", "", ""),
            ("can", "Reports without handwork", "reports", "partly", "", ""),
            ("can", "Time until a changed report is there", "data", "number", "10 working days", ""),
            ("can", "Automations by the users themselves", "automations", "no", "", ""),
        ),
    },
    {
        "name": "云图报表",
        "website": "https://yuntu.example",
        "strengths": "价格低，模板多",
        "gaps": "没有数据管理；无法证明节省了多少",
        "difference": "先算清价值，再上线验证",
        "days": 140,
        "claims": (
            ("win", "上线一个月给出价值验证报告，他们没有", "reports", "", "", "连锁零售如何告别手工日报"),
            ("lose", "客户只要便宜的报表模板", "", "", "", ""),
            ("ask", "买了以后，省下的时间谁来量？", "", "", "", ""),
            ("can", "自动汇总报表", "reports", "yes", "", ""),
            ("can", "核对数据口径", "data", "no", "", ""),
        ),
    },
)  # fmt: skip
USED = {
    True: (
        ("spreadsheet", "Excel 手工表", "", 0, "每月三个版本，没人知道哪个对"),
        ("product", "云图报表", "", 36_000, "改一张报表要等两周"),
        ("paper", "", "纸质日报", 0, "当天的数字第二天中午才到"),
        ("nothing", "", "", 0, "问题拖着，靠加班"),
    ),
    False: (
        ("product", "BigSuite BI", "", 24_000, "Each change needs a consultant"),
        ("spreadsheet", "Excel 手工表", "", 0, "Three versions a month, nobody knows which is right"),
        ("own", "", "In-house scripts", 0, "The one who wrote them has left"),
        ("nothing", "", "", 0, "They live with it and work late"),
    ),
}


def cards(*, now: datetime) -> None:
    """Write the battle cards; the last one has not been checked for long."""
    today = now.date()
    keeper = User.objects.get(email="hejing@demo.example")
    for card in CARDS:
        fields = {name: value for name, value in card.items() if name not in {"days", "claims"}}
        day = today - timedelta(days=card["days"])
        rival = Competitor.objects.add(by=keeper, now=now, owner=keeper, checked_on=day, **fields)
        for kind, text, feature, answer, figure, proof in card["claims"]:
            Claim.objects.add(
                by=keeper,
                now=now,
                competitor=rival,
                kind=kind,
                text=text,
                pain=Pain.objects.filter(modules__feature_key=feature).first() if feature else None,
                module=Module.objects.filter(feature_key=feature).first() if feature else None,
                answer=answer,
                figure=figure,
                evidence=Evidence.objects.filter(title=proof).first() if proof else None,
                source_url="" if proof or kind == "ask" else fields.get("website", ""),
                checked_on=day,
            )


def noted(story: Story, study: Study, needs: list[Need]) -> None:
    """Note what a customer uses, and often whom else they consider; compare."""
    draw, chinese = story.world.random, story.company.chinese
    choices = list(USED[chinese])
    kind, rival, name, pays, gaps = draw.choices(choices, weights=(5, 3, 1, 1))[0]
    _note(story, study, "in_use", kind, rival, name, pays=pays, gaps=gaps, needs=needs[:1])
    others = [choice for choice in choices if choice[0] == "product" and choice[1] != rival]
    if others and draw.random() < 0.6:  # noqa: PLR2004 - most look around
        kind, rival, name, pays, gaps = others[0]
        _note(story, study, "considered", kind, rival, name, pays=pays, gaps=gaps)
    at = story.after(6)
    draft(study, by=story.seller, now=at, today=at.date())
    in_use = study.alternatives.in_order().first()
    figure = "每周两次返工" if chinese else "Redone twice a week"
    Cell.objects.put(
        by=story.seller, now=at, need=needs[1], alternative=in_use, answer="number", figure=figure, source=story.contacts[1].name, sourced_on=at.date(),
    )  # fmt: skip


def _note(  # noqa: PLR0913 - the columns of the tables above
    story: Story,
    study: Study,
    standing: str,
    kind: str,
    rival: str,
    name: str,
    *,
    pays: int,
    gaps: str,
    needs: Any = (),
) -> None:
    in_use = standing == "in_use"
    Alternative.objects.note(
        by=story.seller,
        now=story.after(5),
        study=study,
        standing=standing,
        kind=kind,
        competitor=Competitor.objects.get(name=rival) if rival else None,
        name=name,
        since=date(story.began.year - story.world.random.randint(1, 6), 4, 1) if in_use and kind != "nothing" else None,
        pays=Decimal(pays) if pays else None,
        currency=("CNY" if story.company.chinese else "USD") if pays else "",
        gaps=gaps,
        needs=needs,
        stated_by=story.contacts[1],
    )


def lost(story: Story, deal: Deal) -> None:
    """Lose the deal, to a competitor where the customer uses or considers one."""
    faced = deal.study.alternatives.filter(competitor__isnull=False).order_by("pk").first() if deal.study else None
    reason = LossReason.COMPETITOR if faced else LossReason.TIMING
    deal.lose(by=story.seller, now=story.after(25), reason=reason, competitor=faced.competitor if faced else None)
