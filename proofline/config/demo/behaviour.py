"""What customers' people do in the product, and visitors on the website: events, sent as any source sends them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from proofline.config.demo.team import FEATURES
from proofline.timeline import inbox, projector
from proofline.timeline.models import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from proofline.config.demo.customers import Customer
    from proofline.config.demo.world import World

EVENTS = 330_000
VISITORS = 2_600
BATCH = 2_500
WEEK = timedelta(days=7)
PATHS = ("/", "/features", "/pricing", "/blog/reporting", "/customers", "/docs", "/pricing", "/demo")
CAMPAIGNS = (
    ("google", "cpc", "reporting"),
    ("baidu", "cpc", "报表"),
    ("linkedin", "social", "leaders"),
    ("newsletter", "email", "autumn"),
)
READ = ("/docs/automations", "/docs/api", "/docs/automations/examples")
READERS, WORKERS, USES = 12, 9, 12
KEPT, MISSED = 1.15, 0.55
"""How many of the events that would keep a promise come from those who keep it, and from those who miss."""


def send(world: World, customers: list[Customer], step: Callable[[int], None]) -> int:
    """Send all events; return how many."""
    product = Source.add(name="Lumen app", kind=Source.Kind.PRODUCT, now=world.now)
    website = Source.add(name="lumen.example", kind=Source.Kind.WEBSITE, now=world.now)
    live = [customer for customer in customers if customer.live_at]
    sent = 0
    for source, events in ((website, _visits(world, customers)), (product, _use(world, live))):
        batch = list[dict[str, Any]]()
        for event in events:
            batch.append(event)
            if len(batch) == BATCH:
                sent += _append(source, batch, step)
        sent += _append(source, batch, step)
    projector.project_pending()  # from here on it is known whose people they are
    sent += _append(website, list(_reading_today(world, customers)), step)
    sent += _append(product, list(_working_today(world, live)), step)
    projector.project_pending()
    return sent


def _append(source: Source, batch: list[dict[str, Any]], step: Callable[[int], None]) -> int:
    count = len(batch)
    if count:
        inbox.append(source, batch, received_at=source.created_at)
        batch.clear()
        step(count)
    return count


def _visits(world: World, customers: list[Customer]) -> Iterator[dict[str, Any]]:
    draw = world.random
    known = [(person.email, person.name) for customer in customers for person in customer.company.people]
    for number in range(VISITORS):
        who = {"anonymousId": f"visitor-{number}"}
        at = world.day(least=0, most=720)
        source, medium, campaign = draw.choice(CAMPAIGNS)
        context = {"campaign": {"source": source, "medium": medium, "name": campaign}}
        for page in range(draw.randint(1, 6)):
            stamp = (at + timedelta(minutes=3 * page)).isoformat()
            properties = {"path": draw.choice(PATHS)}
            yield {
                "type": "page",
                "name": "Page",
                "timestamp": stamp,
                "properties": properties,
                "context": context,
                **who,
            }
        if number < len(known):
            email, name = known[number]
            yield {
                "type": "identify",
                "timestamp": at.isoformat(),
                "userId": email,
                "traits": {"email": email, "name": name},
                **who,
            }


def _reading_today(world: World, customers: list[Customer]) -> Iterator[dict[str, Any]]:
    """Yield what contacts read on the website within the last hour, again and again: it speaks of a need."""
    for number, customer in enumerate(customers[:READERS]):
        person, path = customer.company.people[0], READ[number % len(READ)]
        who = {"anonymousId": f"reader-{number}"}
        at = world.now - timedelta(minutes=50)
        traits = {"email": person.email, "name": person.name}
        yield {"type": "identify", "timestamp": at.isoformat(), "userId": person.email, "traits": traits, **who}
        for page in range(3 + number % 4):
            stamp = (at + timedelta(minutes=5 * page + 1)).isoformat()
            yield {"type": "page", "name": "Page", "timestamp": stamp, "properties": {"path": path}, **who}


def _working_today(world: World, live: list[Customer]) -> Iterator[dict[str, Any]]:
    """Yield what customers use within the last hour."""
    for number, customer in enumerate(live[:WORKERS]):
        group = f"workspace-{customer.company.number}"
        for use in range(USES):
            yield {
                "type": "track",
                "event": "Feature Used",
                "userId": f"{group}-u{use % 3}",
                "timestamp": (world.now - timedelta(minutes=3 * use + 1)).isoformat(),
                "properties": {"feature": ("data", "dashboards")[number % 2]},
                "context": {"groupId": group},
            }


def _use(world: World, live: list[Customer]) -> Iterator[dict[str, Any]]:
    """Yield each live customer's weeks; the number of events per active person is set so that all come to `EVENTS`."""
    weeks = [(customer, week) for customer in live for week in _weeks(world, customer)]
    people = sum(_active(world, customer, week) for customer, week in weeks)
    each = max(2, round(EVENTS / max(1, people)))
    for customer in live:
        group = f"workspace-{customer.company.number}"
        traits = {"name": customer.company.name, "domain": customer.company.domain}
        stamp = customer.live_at.isoformat() if customer.live_at else ""
        yield {"type": "group", "groupId": group, "userId": f"{group}-u0", "traits": traits, "timestamp": stamp}
    for customer, week in weeks:
        yield from _one_week(world, customer, week, each)


def _weeks(world: World, customer: Customer) -> Iterator[datetime]:
    week = customer.live_at or world.now
    while week < world.now:
        yield week
        week += WEEK


def _active(world: World, customer: Customer, week: datetime) -> int:
    """Return how many people use the product in a week, by the customer's profile."""
    lived = (week - (customer.live_at or week)) / WEEK
    left = (world.now - week) / WEEK
    rate = {
        "healthy": 0.86,
        "steady": 0.6,
        "growing": min(0.97, 0.4 + 0.02 * lived),
        "leaving": 0.7 if left > 6 else 0.18,  # noqa: PLR2004 - they stay away in the last six weeks
        "dormant": 0.5 if left > 12 else 0.04,  # noqa: PLR2004
    }[customer.profile]
    return max(1, round(customer.seats * rate))


def _one_week(world: World, customer: Customer, week: datetime, each: int) -> Iterator[dict[str, Any]]:
    """Yield a week of one customer: what its promises are measured by, and other use, spread over its active people."""
    draw = world.random
    group = f"workspace-{customer.company.number}"
    active = _active(world, customer, week)
    features = FEATURES[: 3 + customer.company.number % 3]
    share = (KEPT if customer.keeps else MISSED) * (0.2 if active < customer.seats * 0.3 else 1)
    measured = [(name, feature) for name, feature, count in customer.promised for _event in range(round(count * share))]
    others = max(0, each * active - len(measured))
    for number, (name, feature) in enumerate(
        [*measured, *(("Feature Used", draw.choice(features)) for _ in range(others))]
    ):
        at = week + timedelta(minutes=draw.randint(0, 10_000))
        if at < world.now:
            yield {
                "type": "track",
                "event": name,
                "userId": f"{group}-u{number % active}",
                "timestamp": at.isoformat(),
                "properties": {"feature": feature},
                "context": {"groupId": group},
            }
