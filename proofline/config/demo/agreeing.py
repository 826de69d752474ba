"""What the demo's customers said to the figures that their value cases rest on, and the templates that lines begin with."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from proofline.records.models import Pain
from proofline.stages.discovery.agreeing.answering import Speaker, answer
from proofline.stages.discovery.agreeing.models import PremiseKind, Verdict
from proofline.stages.discovery.agreeing.premises import agreement_of
from proofline.stages.discovery.models import Assumption, LineTemplate, ValueCaseLink

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.config.demo.stories import Story
    from proofline.stages.discovery.models import ValueCase

DOUBTS = 0.3


def agree(story: Story, case: ValueCase) -> None:
    """Let the customer answer by link: most figures are right, of some they ask."""
    chinese = story.company.chinese
    at, who = story.after(8), story.contacts[1]
    Assumption.objects.add(
        case,
        by=story.seller,
        now=at,
        text="所有部门在第一个月内都开始使用" if chinese else "All departments use it within the first month",
        source_note=who.name,
        said_on=at.date(),
    )
    link = ValueCaseLink.objects.share(case, by=story.seller, now=at, to=who)
    speaker = Speaker(contact=who, link=link)
    doubts = story.world.random.random() < DOUBTS
    for premise in agreement_of(case).premises:
        if doubts and premise.kind is PremiseKind.IMPROVEMENT:
            note = "第一个季度能达到吗？" if chinese else "Within the first quarter already?"
            answer(case, premise, who=speaker, verdict=Verdict.QUESTIONED, note=note, now=at)
            doubts = False
        else:
            answer(case, premise, who=speaker, verdict=Verdict.AGREED, now=at)


def templates(*, now: datetime) -> None:
    """Write a template for the first pains of the catalogue."""
    rows = (
        (
            "每周做报表的时间 · Hours a week on reports",
            "每周花多少小时做报表？· How many hours a week go into reports?",
        ),
        (
            "每周核对数据的时间 · Hours a week on checks",
            "每周花多少小时核对？· How many hours a week go into checking?",
        ),
    )
    for pain, (name, question) in zip(Pain.objects.order_by("pk").prefetch_related("metrics"), rows, strict=False):
        LineTemplate.objects.add(
            by=None,
            now=now,
            pain=pain,
            metric=pain.metrics.first(),
            name=name,
            question=question,
            unit="h/week",
            rate_amount=Decimal(120),
            currency="CNY",
            rate_per="h",
            rate_source="平均人力成本 · Average cost of staff",
        )
