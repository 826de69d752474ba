"""Customers whose whole way is told, from the lead to the signed contract, by the verbs that people use."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from proofline.config.demo import words
from proofline.records.models import Account, Contact, Pain, Product, User
from proofline.stages.closing.models import Contract, Deal, DealPerson, DealStage, Quote
from proofline.stages.delivery.models import GateKind, Project, accept, present
from proofline.stages.discovery.models import Need, Proposal, ValueCase, open_proposal, send
from proofline.stages.reach.models import Lead, disqualify, qualify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from proofline.config.demo.world import Company, World
    from proofline.stages.discovery.models import Study

SIGNED, PROPOSED, LEADS = 72, 48, 320
PROFILES = ("steady", "healthy", "growing", "healthy", "leaving", "steady", "dormant", "growing")


@dataclass
class Customer:
    """A customer who signed: how they use the product, and whether they reach what was promised."""

    company: Company
    account: Account
    project: Project
    profile: str
    seats: int
    live_at: datetime | None
    keeps: bool
    promised: list[tuple[str, str, int]]
    """For each promise the event that measures it, its feature, and how many a week would keep it."""


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


def tell(world: World, step: Callable[[], None]) -> list[Customer]:
    """Tell of customers who signed, of customers with a proposal, and of leads; return those who signed."""
    companies = [company for company in world.companies if 12 <= company.employees <= 900]  # noqa: PLR2004 - neither tiny nor huge
    chosen = world.random.sample(companies, SIGNED + PROPOSED)
    customers = []
    for place, company in enumerate(chosen):
        with transaction.atomic():
            if place < SIGNED:
                customers.append(_signed(world, company, place))
            else:
                _proposed(_story(world, company, began=world.day(least=5, most=45)), until=(place % 5))
        step()
    for _lead in _leads(world):
        step()
    return customers


def _story(world: World, company: Company, *, began: datetime) -> Story:
    account = Account.objects.select_related("owner__team").get(name=company.name)
    contacts = list(Contact.objects.filter(account=account).order_by("pk"))
    assert account.owner is not None
    account.change(by=account.owner, now=began, language="zh-hans" if company.chinese else "en")
    return Story(world, company, account, contacts, account.owner, began)


def _signed(world: World, company: Company, place: int) -> Customer:
    delivered = place >= 12  # noqa: PLR2004 - the first are still being delivered
    began = world.day(least=150, most=660) if delivered else world.day(least=75, most=110)
    story = _story(world, company, began=began)
    deal, seats = _proposed(story, until=4)
    quote = deal.quotes.get()
    option = quote.options.get(position=1 + place % 3)
    name = story.contacts[0].name
    at = story.after(30)
    quote.choose(option, name=name, ip="203.0.113.7", user_agent="Mozilla/5.0", now=at, today=at.date())
    contract: Contract = Contract.objects.draft(deal=deal, by=story.seller, now=at, today=at.date())
    contract.send(by=story.seller, now=story.after(32), to=story.contacts[0])
    title = story.contacts[0].title
    contract.accept(name=name, title=title, ip="203.0.113.7", user_agent="Mozilla/5.0", now=story.after(38))
    project = Project.objects.get(contract=contract)
    live_at = _deliver(story, project, gates=4 if delivered else place % 4)
    return Customer(
        company=company,
        account=story.account,
        project=project,
        profile=PROFILES[place % len(PROFILES)],
        seats=seats,
        live_at=live_at,
        keeps=place % 4 != 3,  # noqa: PLR2004 - one in four misses
        promised=_promised(contract),
    )


def _promised(contract: Contract) -> list[tuple[str, str, int]]:
    found = []
    for promise in contract.promises.select_related("metric").order_by("position"):
        if promise.metric:
            feature = Pain.objects.get(metrics=promise.metric).modules.values_list("feature_key", flat=True)[0]
            found.append((promise.metric.event, feature, math.ceil(promise.promised / promise.metric.factor)))
    return found


NOTES = {
    GateKind.REQUIREMENTS: (
        "十二条需求已确认，会议纪要见附件。",
        "Twelve requirements agreed; the minutes are with you.",
    ),
    GateKind.PROTOTYPE: ("三张报表的原型可以试用。", "Prototypes of three reports are ready to try."),
    GateKind.USER_TEST: (
        "六位同事试用两周，问题已全部解决。",
        "Six colleagues tried it for two weeks; every issue is solved.",
    ),
    GateKind.GO_LIVE: ("全部账号已开通，培训完成。", "All accounts are open and everybody is trained."),
}


def _deliver(story: Story, project: Project, *, gates: int) -> datetime | None:
    signer = story.contacts[0]
    at = story.began
    for number, gate in enumerate(project.gates_in_order[:gates]):
        at = story.after(48 + 12 * number)
        note = NOTES[GateKind(gate.kind)][0 if story.company.chinese else 1]
        present(gate, note=note, by=project.owner, now=at)
        at = story.after(51 + 12 * number)
        accept(gate, name=signer.name, title=signer.title, ip="203.0.113.7", user_agent="Mozilla/5.0", now=at)
    return at if gates == 4 else None  # noqa: PLR2004 - all four


def _proposed(story: Story, *, until: int) -> tuple[Deal, int]:
    """Go from the lead up to a step: 0 qualified, 1 needs, 2 value case, 3 proposal, 4 offer. Return deal and seats."""
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
    seats = max(8, min(36, story.company.employees // 6))
    ladder = DealStage.objects.ladder()
    chinese = story.company.chinese
    deal.change(
        by=story.seller,
        now=story.after(1),
        amount=Decimal(seats * (168 if chinese else 29) * 12),
        currency="CNY" if chinese else "USD",
        next_step=story.world.random.choice(words.NEXT_STEPS),
    )
    _people(story, deal)
    if until >= 1:
        deal.move(ladder[1], by=story.seller, now=story.after(3))
        study = deal.begin_study(by=story.seller, now=story.after(3))
        needs = _needs(story, study)
        if until >= 2:  # noqa: PLR2004 - the steps of the docstring
            case = _value_case(story, study, needs, seats)
            if until >= 3:  # noqa: PLR2004
                deal.move(ladder[2], by=story.seller, now=story.after(12))
                _proposal(story, study, case)
    if until >= 4:  # noqa: PLR2004
        deal.move(ladder[3], by=story.seller, now=story.after(18))
        at = story.after(20)
        quote: Quote = Quote.objects.draft(deal=deal, by=story.seller, now=at, today=at.date())
        quote.edit(
            options=[
                {"seats": seats, "monthly": option.tier.seat_price * seats, "recommended": option.position == 2}  # noqa: PLR2004 - the middle one
                for option in quote.ordered_options
                if option.tier
            ]
        )
        quote.send(by=story.seller, now=at, to=person)
    return Deal.objects.get(pk=deal.pk), seats


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
    pain = Pain.objects.order_by("pk").first()
    by, who = story.seller, story.contacts[1]
    surface: Need = Need.objects.record(
        by=by, now=story.after(4), study=study, kind="surface", text=texts[0], stated_by=who, pain=pain
    )
    Need.objects.record(
        by=by, now=story.after(5), study=study, kind="deep", text=texts[1], stated_by=who, pain=pain, because_of=surface,
        loss=texts[2],
    )  # fmt: skip
    return [surface]


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
        )
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
    send(proposal, by=story.seller, now=story.after(12), to=story.contacts[0])
    if story.world.random.random() < 0.85:  # noqa: PLR2004 - most are read
        opening = open_proposal(
            proposal, now=story.after(13), reader=f"r{proposal.pk}", ip="203.0.113.7", user_agent="Mozilla/5.0"
        )
        seconds = {name: story.world.random.randint(8, 240) for name in ("summary", "needs", "value", "work", "price")}
        opening.note_reading(seconds, now=story.after(13) + timedelta(minutes=9))


def _leads(world: World) -> Iterator[Lead]:
    sellers = list(User.objects.filter(role="sales"))
    titles = words.TITLES_ZH + words.TITLES_EN
    for number in range(LEADS):
        draw = world.random
        company = draw.choice(world.companies)
        at = world.day(least=0 if number % 6 == 0 else 20, most=20 if number % 6 == 0 else 700)
        with transaction.atomic():
            lead: Lead = Lead.objects.capture(
                by=None,
                now=min(at, world.now),
                origin="form",
                name=company.people[-1].name,
                company=company.name,
                email=f"lead{number}@{company.domain}",
                title=draw.choice(titles),
                sector=company.sector,
                employees=company.employees,
                source=draw.choice(words.SOURCES),
                message=draw.choice(("", "Price for 20 seats?", "想要试用", "Can we see a demo?")),
                owner=draw.choice(sellers),
                language="zh-hans" if company.chinese else "en",
            )
            if number % 6 and draw.random() < 0.8:  # noqa: PLR2004 - most old leads came to nothing
                why = draw.choice(("no_fit", "no_need", "no_answer"))
                disqualify(lead, by=lead.owner, now=at + timedelta(days=3), why=why)
        yield lead
