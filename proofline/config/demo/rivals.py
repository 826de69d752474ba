"""Whom the demo company meets in its deals: battle cards, and what its customers use instead."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from proofline.records.models import Claim, Competitor, Evidence, Module, Pain, User
from proofline.stages.closing.models.losing import LossReason
from proofline.stages.discovery.comparing.drafting import draft
from proofline.stages.discovery.models import Alternative, Cell

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.config.demo.stories import Story
    from proofline.stages.closing.models import Deal
    from proofline.stages.discovery.models import Need, Study


class Said(NamedTuple):
    """A claim on a battle card."""

    kind: str
    text: str
    feature: str = ""
    """The key of the module, and of the pain that it eases, which it is about."""
    answer: str = ""
    figure: str = ""
    proof: str = ""
    """The title of a piece of evidence."""


class Used(NamedTuple):
    """What a customer uses or considers; `pays` a year."""

    kind: str
    gaps: str
    rival: str = ""
    name: str = ""
    pays: int = 0


CARDS: tuple[dict[str, Any], ...] = (
    {
        "name": "Excel 手工表",
        "strengths": "人人会用",
        "gaps": "不可追溯，易出错",
        "difference": "自动汇总，口径统一",
        "days": 20,
        "claims": (
            Said("win", "月结当天出数，不用等人汇总", feature="reports", proof="苏州精密制造：月结从五天到一天"),
            Said("lose", "只有一个人看、一年看一次的表"),
            Said("ask", "上个月有几个版本的报表对不上？谁来认错？"),
            Said("can", "自动汇总报表", feature="reports", answer="no"),
            Said("can", "核对数据口径", feature="data", answer="partly"),
            Said("can", "重复操作自动执行", feature="automations", answer="partly"),
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
            Said("win", "Live in a week; they quote two quarters", feature="reports", proof="Kestrel Freight: one dashboard for 14 depots"),
            Said("win", "We sign for the hours saved; they sell licences", proof="“The numbers they promised were the numbers we got.”"),
            Said("lose", "The group has already standardised on their platform"),
            Said("ask", "Who changes a report, and how long did the last change take?"),
            Said("ask", "Which number will they put into the contract?"),
            Said("can", "Reports without handwork", feature="reports", answer="partly"),
            Said("can", "Time until a changed report is there", feature="data", answer="number", figure="10 working days"),
            Said("can", "Automations by the users themselves", feature="automations", answer="no"),
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
            Said("win", "上线一个月给出价值验证报告，他们没有", feature="reports", proof="连锁零售如何告别手工日报"),
            Said("lose", "客户只要低价的报表模板"),
            Said("ask", "买了以后，省下的时间谁来量？"),
            Said("can", "自动汇总报表", feature="reports", answer="yes"),
            Said("can", "核对数据口径", feature="data", answer="no"),
        ),
    },
)  # fmt: skip
USED = {
    True: (
        Used("spreadsheet", "每月三个版本，没人知道哪个对", rival="Excel 手工表"),
        Used("product", "改一张报表要等两周", rival="云图报表", pays=36_000),
        Used("paper", "当天的数字第二天中午才到", name="纸质日报"),
        Used("nothing", "问题拖着，靠加班"),
    ),
    False: (
        Used("product", "Each change needs a consultant", rival="BigSuite BI", pays=24_000),
        Used("spreadsheet", "Three versions a month, nobody knows which is right", rival="Excel 手工表"),
        Used("own", "The one who wrote them has left", name="In-house scripts"),
        Used("nothing", "They live with it and work late"),
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
        for said in card["claims"]:
            Claim.objects.add(
                by=keeper,
                now=now,
                competitor=rival,
                kind=said.kind,
                text=said.text,
                pain=Pain.objects.filter(modules__feature_key=said.feature).first() if said.feature else None,
                module=Module.objects.filter(feature_key=said.feature).first() if said.feature else None,
                answer=said.answer,
                figure=said.figure,
                evidence=Evidence.objects.filter(title=said.proof).first() if said.proof else None,
                source_url="" if said.proof or said.kind == "ask" else fields.get("website", ""),
                checked_on=day,
            )


def noted(story: Story, study: Study, needs: list[Need]) -> None:
    """Note what a customer uses, and often whom else they consider; compare."""
    draw, chinese = story.world.random, story.company.chinese
    today = draw.choices(USED[chinese], weights=(5, 3, 1, 1))[0]
    _note(story, study, "in_use", today, needs=needs[:1])
    others = [used for used in USED[chinese] if used.kind == "product" and used.rival != today.rival]
    if others and draw.random() < 0.6:  # noqa: PLR2004 - most look around
        _note(story, study, "considered", others[0])
    at = story.after(6)
    draft(study, by=story.seller, now=at, today=at.date())
    in_use = study.alternatives.in_order().first()
    figure = "每周两次返工" if chinese else "Redone twice a week"
    Cell.objects.put(
        by=story.seller, now=at, need=needs[1], alternative=in_use, answer="number", figure=figure, source=story.contacts[1].name, sourced_on=at.date(),
    )  # fmt: skip


def _note(story: Story, study: Study, standing: str, used: Used, *, needs: Any = ()) -> None:
    dated = standing == "in_use" and used.kind != "nothing"
    Alternative.objects.note(
        by=story.seller,
        now=story.after(5),
        study=study,
        standing=standing,
        kind=used.kind,
        competitor=Competitor.objects.get(name=used.rival) if used.rival else None,
        name=used.name,
        since=date(story.began.year - story.world.random.randint(1, 6), 4, 1) if dated else None,
        pays=Decimal(used.pays) if used.pays else None,
        currency=("CNY" if story.company.chinese else "USD") if used.pays else "",
        gaps=used.gaps,
        needs=needs,
        stated_by=story.contacts[1],
    )


def lost(story: Story, deal: Deal) -> None:
    """Lose the deal, to a competitor where the customer uses or considers one."""
    faced = deal.study.alternatives.filter(competitor__isnull=False).order_by("pk").first() if deal.study else None
    reason = LossReason.COMPETITOR if faced else LossReason.TIMING
    deal.lose(by=story.seller, now=story.after(25), reason=reason, competitor=faced.competitor if faced else None)
