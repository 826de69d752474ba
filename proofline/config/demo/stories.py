"""From the lead to the offer: what leads to a customer, told by the verbs that people use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from proofline.config.demo import asking, rivals, words
from proofline.config.demo.agreeing import agree
from proofline.config.demo.configuring import configure
from proofline.config.demo.writing import write
from proofline.records.models import Account, Contact, Pain, Product, User
from proofline.stages.closing.models import Deal, DealPerson, DealStage, Quote
from proofline.stages.discovery.models import Need, Proposal, ValueCase, open_proposal
from proofline.stages.discovery.sending import send
from proofline.stages.reach.models import Lead, qualify

if TYPE_CHECKING:
    from proofline.config.demo.world import Company, World
    from proofline.stages.discovery.models import Study


@dataclass
class Story:
    """What a chain needs at each step."""

    world: World
    company: Company
    account: Account
    contacts: list[Contact]
    seller: User
    began: datetime

    def after(self, days: int) -> datetime:
        """Return a moment so many days into the story, not in the future."""
        return min(self.began + timedelta(days=days, minutes=self.world.random.randint(0, 300)), self.world.now)


def begin(world: World, company: Company, *, began: datetime) -> Story:
    """Return the beginning of a company's story."""
    account = Account.objects.select_related("owner__team").get(name=company.name)
    contacts = list(Contact.objects.filter(account=account).order_by("pk"))
    assert account.owner is not None
    account.change(by=account.owner, now=began, language="zh-hans" if company.chinese else "en")
    return Story(world, company, account, contacts, account.owner, began)


def offer(story: Story, *, until: int) -> tuple[Deal, int]:
    """Go from the lead up to a step: 0 qualified, 1 needs, 2 value case, 3 proposal, 4 offer. Return deal and seats."""
    seats = max(8, min(36, story.company.employees // 6))
    deal = _deal(story, seats)
    ladder = DealStage.objects.ladder()
    _people(story, deal)
    if until >= 1:
        deal.move(ladder[1], by=story.seller, now=story.after(3))
        study = deal.begin_study(by=story.seller, now=story.after(3))
        asking.ask(story, study)
        needs = _needs(story, study)
        rivals.noted(story, study, needs)
        if until >= 2:  # noqa: PLR2004 - the steps of the docstring
            case = _value_case(story, study, needs, seats)
            if until >= 3:  # noqa: PLR2004
                deal.move(ladder[2], by=story.seller, now=story.after(12))
                at = min(story.began + timedelta(days=9), story.world.now)
                configure(study, product=_product(story), seats=seats, by=story.seller, at=at)
                _proposal(story, study, case)
    if until >= 4:  # noqa: PLR2004
        deal.move(ladder[3], by=story.seller, now=story.after(18))
        _quote(story, deal, seats)
    return Deal.objects.get(pk=deal.pk), seats


def _deal(story: Story, seats: int) -> Deal:
    """Capture the lead and qualify it; the deal opens by itself."""
    person = story.contacts[0]
    lead = Lead.objects.capture(
        by=None,
        now=story.began,
        origin="form",
        name=person.name,
        company=story.company.name,
        email=person.email or "",
        title=person.title,
        sector=story.company.sector,
        employees=story.company.employees,
        source=story.world.random.choice(words.SOURCES),
        product=_product(story),
        owner=story.seller,
        language="zh-hans" if story.company.chinese else "en",
    )
    qualify(lead, by=story.seller, now=story.after(1), account=story.account)
    deal = Deal.objects.get(lead=lead)
    chinese = story.company.chinese
    deal.change(
        by=story.seller,
        now=story.after(1),
        amount=Decimal(seats * (168 if chinese else 29) * 12),
        currency="CNY" if chinese else "USD",
        next_step=story.world.random.choice(words.NEXT_STEPS),
    )
    return deal


def _quote(story: Story, deal: Deal, seats: int) -> None:
    at = story.after(20)
    quote: Quote = Quote.objects.draft(deal=deal, by=story.seller, now=at, today=at.date())
    quote.edit(
        options=[
            {"seats": seats, "monthly": option.tier.seat_price * seats, "recommended": option.position == 2}  # noqa: PLR2004 - the middle one
            for option in quote.ordered_options
            if option.tier
        ]
    )
    quote.send(by=story.seller, now=at, to=story.contacts[0])


def _product(story: Story) -> Product:
    return Product.objects.get(name="明见分析" if story.company.chinese else "Lumen Analytics")


def _people(story: Story, deal: Deal) -> None:
    parts = (("decision_maker", "supports", 3), ("champion", "supports", 2), ("user", "neutral", 1))
    for contact, (role, stance, influence) in zip(story.contacts, parts, strict=False):
        DealPerson.place(
            deal=deal,
            contact=contact,
            role=role,
            stance=stance,
            influence=influence,
            by=story.seller,
            now=story.after(4),
        )


def _needs(story: Story, study: Study) -> list[Need]:
    chinese = story.company.chinese
    texts = (
        ("报表每周手工汇总", "管理层看到数据已经晚了三天", "定价失误")
        if chinese
        else (
            "Reports are put together by hand each week",
            "Managers see numbers three days late",
            "Prices are set too late",
        )
    )
    pain, second = Pain.objects.order_by("pk")[:2]
    by, who = story.seller, story.contacts[1]
    surface: Need = Need.objects.record(
        by=by, now=story.after(4), study=study, kind="surface", text=texts[0], stated_by=who, pain=pain
    )
    Need.objects.record(
        by=by, now=story.after(5), study=study, kind="deep", text=texts[1], stated_by=who, pain=pain, because_of=surface,
        loss=texts[2],
    )  # fmt: skip
    more = "同一份数据反复核对" if chinese else "The same data is checked again and again"
    other: Need = Need.objects.record(
        by=by, now=story.after(5), study=study, kind="surface", text=more, stated_by=who, pain=second
    )
    return [surface, other]


def _value_case(story: Story, study: Study, needs: list[Need], seats: int) -> ValueCase:
    chinese = story.company.chinese
    currency = "CNY" if chinese else "USD"
    price = 168 if chinese else 29
    case: ValueCase = ValueCase.objects.draft(
        by=story.seller, now=story.after(7), study=study, currency=currency, investment_once=price * 50,
        investment_monthly=price * seats,
    )  # fmt: skip
    pains = list(Pain.objects.order_by("pk").prefetch_related("metrics"))
    names = ("手工报表", "数据核对") if chinese else ("Reports made by hand", "Checking data")
    for place, name in enumerate(names):
        case.add_line(
            by=story.seller,
            now=story.after(7),
            need=needs[0],
            pain=pains[place],
            metric=pains[place].metrics.first(),
            name=name,
            quantity=Decimal(4 - place),
            unit="h/week",
            people=max(4, seats // 2),
            low=Decimal("0.25"),
            expected=Decimal("0.4"),
            high=Decimal("0.55"),
            rate_amount=Decimal(120 if chinese else 38),
            rate_per="h",
            source_note=story.contacts[1].name,
            said_on=story.after(4).date(),
            rate_source="财务部的平均人力成本" if chinese else "Average cost of staff, from their finance",
        )
    agree(story, case)
    return case


STEPS = {
    True: ([("收集数据", 90), ("核对口径", 60), ("制作报表", 75), ("发送", 15)], [("自动采集", 5), ("查看并发送", 15)]),
    False: ([("Collect figures", 90), ("Check them", 60), ("Make the report", 75), ("Send it", 15)], [("Collected by itself", 5), ("Look and send", 15)]),
}  # fmt: skip


def _proposal(story: Story, study: Study, case: ValueCase) -> None:
    today, tomorrow = STEPS[story.company.chinese]
    proposal: Proposal = Proposal.objects.draft(
        by=story.seller,
        now=story.after(10),
        study=study,
        value_case=case,
        intro="我们谈过的，和它值多少。" if story.company.chinese else "What we talked about, and what it is worth.",
        steps_today=[{"name": name, "minutes": str(minutes)} for name, minutes in today],
        steps_tomorrow=[{"name": name, "minutes": str(minutes)} for name, minutes in tomorrow],
    )
    write(proposal, by=story.seller, chinese=story.company.chinese)
    send(proposal, by=story.seller, now=story.after(12), to=story.contacts[0])
    if story.world.random.random() < 0.85:  # noqa: PLR2004 - most are read
        opening = open_proposal(
            proposal, now=story.after(13), reader=f"r{proposal.pk}", ip="203.0.113.7", user_agent="Mozilla/5.0"
        )
        seconds = {name: story.world.random.randint(8, 240) for name in ("summary", "needs", "value", "work", "price")}
        opening.note_reading(seconds, now=story.after(13) + timedelta(minutes=9))
