"""A talk that was held with a customer: guide, notes at their seconds, a need with the whys below it, what was left for the next talk."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from proofline.stages.discovery.interviewing import guides
from proofline.stages.discovery.interviewing.asking import ask_why
from proofline.stages.discovery.interviewing.seconds import clock
from proofline.stages.discovery.models import GuideQuestion, InterviewFile, InterviewNote, Save, conclude, plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.config.demo.stories import Story
    from proofline.stages.discovery.models import Interview, Study

Line = tuple[int, int | None, str]
"""(second, which question of the guide it answers, what they said)."""
SAID: dict[bool, Sequence[Line]] = {
    True: (
        (65, 0, "每周一由两个人从三套系统导数，拼到中午才有一份周报。"),
        (210, 2, "用的是 Excel，2019 年起就这样，没有人敢改那张表。"),
        (415, 3, "最费时间的是对数：销售和财务的口径不一样。"),
        (600, 4, "上个月报错一次库存，多进了一批货，现在还压着。"),
    ),
    False: (
        (65, 0, "Every Monday two people pull figures from three systems; the report is there by noon."),
        (210, 2, "It is Excel, since 2019, and nobody dares to touch that sheet."),
        (415, 3, "What takes longest is agreeing the numbers: sales and finance count differently."),
        (600, 4, "Last month a wrong stock figure made them order twice; the goods still stand there."),
    ),
}
WHY = {
    True: (480, "数字对不上，周会先吵半小时，决定要拖到下一周。", "每月约有两单因为报价晚而丢掉"),
    False: (480, "The weekly meeting begins with half an hour of argument, and decisions wait a week.", "About two orders a month go to whoever quoted first"),
}  # fmt: skip
NEXT = {True: "向董事会演示之前的第二次访谈", False: "Second talk, before the board sees it"}
LOSS = {True: (Decimal(60_000), "CNY"), False: (Decimal(8_000), "USD")}
LENGTH = 41 * 60
IN_WORDS = {True: "访谈文字稿.vtt", False: "transcript.vtt"}


def hold(story: Story, study: Study) -> None:
    """Hold a talk with two people of a customer, and plan the next, which asks what this one left open."""
    chinese, at = story.company.chinese, story.began + timedelta(days=4)
    talk = plan(
        study, by=story.seller, now=at - timedelta(days=1), people=story.contacts[:2], planned_at=at, minutes=45
    )
    guide = guides.every()[0].asked("zh-hans" if chinese else "en")
    questions = GuideQuestion.objects.ask(talk, guide)
    talk.start(by=story.seller, now=at)
    for second, answers, text in SAID[chinese]:
        _note(story, talk, text, second=second, question=None if answers is None else questions[answers])
    third = InterviewNote.objects.get(interview=talk, second=415)
    need, _is_new = third.become_need(by=story.seller, now=at + timedelta(seconds=430))
    second, why, loss = WHY[chinese]
    amount, currency = LOSS[chinese]
    ask_why(
        talk, need, by=story.seller, now=at + timedelta(seconds=second), text=why, contact=story.contacts[0], loss=loss, loss_amount=amount, loss_currency=currency,
    )  # fmt: skip
    questions[-1].cross_off(by=story.seller, now=at, reason="预算已在邮件里确认" if chinese else "Confirmed by e-mail")
    written = SimpleUploadedFile(IN_WORDS[chinese], _transcript(story, chinese=chinese).encode())
    InterviewFile.objects.attach(talk, written, by=story.seller, now=at + timedelta(seconds=LENGTH))
    conclude(talk, by=story.seller, now=at + timedelta(seconds=LENGTH))
    then = story.world.now.replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=2)
    plan(study, by=story.seller, now=at + timedelta(seconds=LENGTH), people=story.contacts[:1], planned_at=then, minutes=60, title=NEXT[chinese])  # fmt: skip


def _note(story: Story, talk: Interview, text: str, *, second: int, question: GuideQuestion | None) -> None:
    InterviewNote.objects.write(
        talk,
        Save(text),
        key=f"demo-{talk.pk}-{second}",
        by=story.seller,
        now=(talk.began_at or talk.planned_at) + timedelta(seconds=second),
        second=second,
        question=question,
        contact=story.contacts[0],
    )


def _transcript(story: Story, *, chinese: bool) -> str:
    """Return what a meeting program wrote of the talk: each answer, some seconds before it was noted."""
    lines = ["WEBVTT", ""]
    second, why, loss = WHY[chinese]
    said = sorted([*((at, text) for at, _question, text in SAID[chinese]), (second, why), (second + 20, loss)])
    for at, text in said:
        begins, ends = (f"{clock(moment).rjust(5, '0')}.000" for moment in (at - 12, at))
        lines += [f"{begins} --> {ends}", f"<v {story.contacts[0]}>{text}", ""]
    return "\n".join(lines)
