"""How the demo company works at each stage, and what it has done of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from proofline.enablement import kinds
from proofline.enablement.guiding import guides
from proofline.enablement.models import Playbook, tick
from proofline.records.models import Account, User
from proofline.stages.closing.models import Deal, DealStage
from proofline.stages.delivery.models import Project, Ticket
from proofline.stages.discovery.models import Study
from proofline.stages.growth.models import Subscription
from proofline.stages.reach.models import Lead

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MOST = 40
"""Of each kind so many of the newest records have something done."""

# stage, kind, title, title in Chinese, steps: what to do, in Chinese, state ("#2": the second stage of deals)
BOOKS: tuple[tuple[str, str, str, str, tuple[tuple[str, str, str], ...]], ...] = (
    ("reach", "lead", "First contact", "首次联系", (
        ("Read what they looked at before you call", "联系前先看对方浏览过什么", "lead.waiting"),
        ("Call within an hour, while the page is still open", "一小时内致电，趁对方还在看页面", "lead.waiting"),
        ("Ask what made them look today", "问清是什么让对方今天来了解", "lead.waiting"),
        ("Qualify the lead, or turn it down with the reason", "转为商机，或写明原因后放弃", "lead.waiting"),
        ("Introduce the consultant by name", "介绍解决方案顾问给对方", "lead.qualified"),
    )),
    ("discovery", "", "From pain to number", "从痛点到数字", (
        ("Ask how the work is done today", "问清现在的工作怎么做", "study.needs"),
        ("Ask what it costs: hours, errors, money", "问清代价：工时、差错、金额", "study.needs"),
        ("Put the largest loss into a formula with them", "和对方一起把最大的损失写成公式", "study.value"),
        ("Let the customer check every number of the value case", "请客户核对价值测算中的每个数字", "study.value"),
        ("Show the proposal in a talk, never by mail alone", "当面讲解方案，不只发邮件", "study.draft"),
        ("Ask who else reads it, and what they doubt", "问清还有谁会看，他们担心什么", "study.sent"),
    )),
    ("closing", "", "To a signature", "从机会到签约", (
        ("Know who decides and who pays", "弄清谁决策、谁付款", "#1"),
        ("Find a champion inside", "在客户内部找到支持者", "#1"),
        ("Agree on the numbers with the decision maker", "与决策人确认数字", "#2"),
        ("Offer three tiers, and recommend one", "提供三档方案，并推荐一档", "#3"),
        ("Agree on the day of signing and count back from it", "约定签约日期，并倒排计划", "#4"),
        ("Hand the promises over to delivery in a talk", "当面把承诺移交给交付团队", "deal.won"),
        ("Ask what decided it, and write it down", "问清输在哪里，并记录下来", "deal.lost"),
    )),
    ("delivery", "project", "To go-live", "上线之路", (
        ("Read the promises aloud in the first meeting", "首次会议上逐条宣读承诺", "project.requirements"),
        ("Agree on how each promise is measured", "约定每项承诺如何测量", "project.requirements"),
        ("Let users touch the prototype within two weeks", "两周内让用户试用原型", "project.prototype"),
        ("Accounts open, training done", "账号开通，培训完成", "project.user_test"),
        ("See that the metric is being measured", "确认指标已在采集", "project.go_live"),
        ("Present the first value report in person", "当面讲解第一份价值验证报告", "project.live"),
    )),
    ("delivery", "ticket", "A good answer", "好的答复", (
        ("Say when the next word comes", "告知下一次回复的时间", "ticket.new"),
        ("See it happen yourself before you solve it", "先亲自复现，再着手解决", "ticket.answered"),
        ("Ask whether it is solved for them too", "向客户确认问题已解决", "ticket.solved"),
    )),
    ("growth", "", "Keep and grow", "留住并成长", (
        ("Call the sponsor: why does nobody log in?", "致电对接人：为什么没人登录？", "account.tier-dormant"),
        ("Show a new colleague around each month", "每月带一位新同事上手", "account.tier-growing"),
        ("Invite them to the beta group", "邀请加入内测群", "account.tier-high_value"),
        ("Make a plan for the weakest measure of health", "针对健康度最弱的一项制定计划", "account.health-red"),
        ("Send the kept promises before you talk about the renewal", "谈续约前先发送已兑现的承诺", "account.renewal"),
        ("Ask for a story and a referral", "请客户分享案例并转介绍", ""),
    )),
)  # fmt: skip


def write(*, now: datetime) -> None:
    """Write the playbooks of all stages."""
    by = User.objects.get(email="manager@demo.example")
    ladder = DealStage.objects.ladder()
    stages = {f"#{number}": f"deal.stage-{stage.pk}" for number, stage in enumerate(ladder, 1)}
    for position, (stage, kind, title, title_zh, steps) in enumerate(BOOKS, 1):
        playbook = Playbook.objects.write(
            by=by, now=now, stage=stage, kind=kind, title=title, title_zh=title_zh, position=position
        )
        for text, text_zh, state in steps:
            playbook.add_step(text=text, text_zh=text_zh, state=stages.get(state, state))


def follow(*, now: datetime) -> None:
    """Tick what was done: of each record, what its state has left behind, and in turn a step or two more."""
    for name, records in _records():
        kind = kinds.named(name)
        for number, record in enumerate(records):
            by = getattr(record, "owner", None)
            if by is not None:
                with transaction.atomic():
                    _tick(kind, record, number % 3, by=by, now=now)


def _tick(kind: kinds.Kind, record: Any, more: int, *, by: User, now: datetime) -> None:
    for guide in guides(kind, record, now=now):
        here = next((place for place, line in enumerate(guide.lines) if line.applies), 0)
        done = guide.lines[: here + more] if kind.name != "account" else guide.lines[-1:] * more
        for place, line in enumerate(done):
            tick(line.step, record, by=by, now=now - timedelta(days=len(done) - place, hours=place + more))


def _records() -> Iterator[tuple[str, Any]]:
    yield "lead", Lead.objects.waiting().select_related("owner").order_by("-pk")[:MOST]
    yield "study", Study.objects.select_related("owner").order_by("-pk")[:MOST]
    yield "deal", Deal.objects.open().select_related("owner", "stage").order_by("-pk")[:MOST]
    yield "project", Project.objects.select_related("owner").order_by("-pk")[:MOST]
    yield "ticket", Ticket.objects.select_related("owner").order_by("-pk")[:MOST]
    customers = Subscription.objects.running().values("account")
    yield "account", Account.objects.filter(pk__in=customers).select_related("owner").order_by("-pk")[:MOST]
