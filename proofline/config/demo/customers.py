"""Customers whose whole way is told, from the lead to the signed contract and its delivery; and leads that came to less."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from proofline.config.demo import interviewing, rivals, stories, talking, words
from proofline.records.models import Account, Pain, User
from proofline.stages.closing.models import Contract
from proofline.stages.delivery.models import GateKind, Project, accept, present
from proofline.stages.reach.models import Lead, disqualify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from proofline.config.demo.stories import Story
    from proofline.config.demo.world import Company, World

SIGNED, PROPOSED, LEADS = 72, 48, 320
LOST_AT = (2, 3)
"""At which steps of an offer customers went elsewhere."""
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


def tell(world: World, step: Callable[[], None]) -> list[Customer]:
    """Tell of customers who signed, of customers with a proposal, and of leads; return those who signed."""
    companies = [company for company in world.companies if 12 <= company.employees <= 900]  # noqa: PLR2004 - neither tiny nor huge
    chosen = world.random.sample(companies, SIGNED + PROPOSED)
    customers, open_sales = [], []
    for place, company in enumerate(chosen):
        with transaction.atomic():
            if place < SIGNED:
                customers.append(_signed(world, company, place))
            else:
                story = stories.begin(world, company, began=world.day(least=5, most=45))
                deal, _seats = stories.offer(story, until=(place % 5))
                if place % 5 in LOST_AT:
                    rivals.lost(story, deal)
                elif deal.study:
                    open_sales.append((story, deal.study))
        step()
    for chinese in (True, False):
        story, study = next(one for one in open_sales if one[0].company.chinese == chinese)
        interviewing.hold(story, study)
        story, proposal = next(
            (one, read) for one, of in open_sales if one.company.chinese == chinese and (read := of.proposals.first())
        )
        talking.talk(story, proposal)
    for _lead in _leads(world):
        step()
    return customers


def _signed(world: World, company: Company, place: int) -> Customer:
    delivered = place >= SIGNED // 6  # the first are still being delivered
    began = world.day(least=150, most=660) if delivered else world.day(least=75, most=110)
    story = stories.begin(world, company, began=began)
    deal, seats = stories.offer(story, until=4)
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
