"""What followed: value reports, tickets, health week by week, renewals."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from proofline.records.models import Task, User
from proofline.stages.delivery.models import NothingPromisedError, Ticket, ValueReport
from proofline.stages.growth.models import HealthReading, Subscription
from proofline.stages.growth.models.health import WEEK, last_full_week
from proofline.stages.growth.rounds import go_round
from proofline.stages.growth.waking import wake_up_if_quiet
from proofline.stages.reach.models import Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from proofline.config.demo.customers import Customer
    from proofline.config.demo.world import World

WEEKS_READ = 4
SUBJECTS = (
    ("导出报表时格式错乱", "昨天开始，导出的报表少了一列。"), ("新同事无法登录", "收不到邀请邮件。"), ("如何设置自动发送？", "想每周一早上发给管理层。"),
    ("Dashboard loads slowly", "Since Monday it takes ten seconds."), ("How do we add a colleague?", "We have three new people."),
    ("Numbers differ from our ledger", "The total of March is off by 120."),
)  # fmt: skip


def follow(world: World, customers: list[Customer], step: Callable[[], None]) -> None:
    """Let what follows a signature happen, customer by customer."""
    for number, customer in enumerate(customers):
        with transaction.atomic():
            _tickets(world, customer, number)
            _reports(world, customer)
            _renew(world, customer)
        with transaction.atomic():
            _health(world, customer)
        step()
    _find_out(world)
    _tidy(world)


def _health(world: World, customer: Customer) -> None:
    """Read the weeks before, and do the whole round for the last one."""
    last = last_full_week(world.now)
    for weeks_ago in range(WEEKS_READ, 0, -1):
        week = last - weeks_ago * WEEK
        if customer.live_at and customer.live_at.date() < week:
            HealthReading.objects.read(customer.account, week=week, now=world.now - weeks_ago * WEEK)
            wake_up_if_quiet(customer.account, week=week, now=world.now - weeks_ago * WEEK)
    if customer.live_at and customer.live_at.date() < last:
        go_round(customer.account, week=last, now=world.now)


def _tickets(world: World, customer: Customer, number: int) -> None:
    draw = world.random
    support = User.objects.get(email="support@demo.example")
    for _ticket in range(draw.randint(0, 3)):
        first, last = (0, 3) if customer.company.chinese else (3, 6)
        subject, body = draw.choice(SUBJECTS[first:last])
        at = world.day(least=1, most=120)
        ticket: Ticket = Ticket.objects.ask(
            account=customer.account, project=customer.project, by=None, now=at, subject=subject, body=body,
            asked_by=customer.company.people[1].name, channel=Ticket.Channel.PORTAL, owner=support,
        )  # fmt: skip
        if at < world.now - timedelta(days=4) and (number % 7 or customer.profile != "leaving"):
            hours = draw.choice((2, 5, 20, 60))
            ticket.reply(
                body="我们在看。" if customer.company.chinese else "We are looking into it.",
                by=support,
                now=at + timedelta(hours=hours),
            )
            ticket.solve(
                text="已修复。" if customer.company.chinese else "Fixed.",
                by=support,
                now=at + timedelta(hours=hours + 20),
            )


def _reports(world: World, customer: Customer) -> None:
    if customer.live_at is None:
        return
    for number, days in enumerate((31, 120, 240), 1):
        at = customer.live_at + timedelta(days=days)
        if at >= world.now:
            return
        key = f"first:{customer.project.pk}" if number == 1 else None
        try:
            report = ValueReport.objects.make(customer.project, by=customer.project.owner, now=at, key=key)
        except NothingPromisedError:
            return
        if customer.project.owner:
            report.publish(by=customer.project.owner, now=at + timedelta(days=1))


def _renew(world: World, customer: Customer) -> None:
    """Renew what came to its end; those who stay away let it end, or have not decided."""
    today = world.now.date()
    for subscription in Subscription.objects.filter(account=customer.account).select_related(
        "account__owner", "tier", "product"
    ):
        while subscription.ends_on < today:
            at = world.now - timedelta(days=(today - subscription.ends_on).days + 10)
            if customer.profile == "dormant":
                subscription.cancel(reason="Nobody uses it any more", by=subscription.account.owner, now=at)
                break
            subscription.renew(months=12, monthly=subscription.monthly, by=subscription.account.owner, now=at)
        subscription.remind(today=today, now=world.now)


def _find_out(world: World) -> None:
    """Let owners decide about some of the needs that behaviour spoke of; the others wait for them."""
    for number, signal in enumerate(Signal.objects.open().order_by("pk").select_related("account__owner")):
        owner = signal.owner
        if owner and number % 3 == 0:
            signal.confirm(by=owner, now=world.now, note="已列入方案 · It goes into the proposal")
        elif owner and number % 6 == 1:
            signal.dismiss(by=owner, now=world.now, note="已有其他工具 · They have a tool for it")


def _tidy(world: World) -> None:
    """Finish the tasks that were asked for long ago."""
    for task in Task.objects.open().filter(created_at__lt=world.now - timedelta(days=21)).select_related("owner"):
        if task.owner:
            task.finish(by=task.owner, now=task.due_at or world.now)
