"""The calculator on the demo company's website, and what visitors left there."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import translation

from proofline.records.models import Pain, User
from proofline.stages.discovery.calculators.asking import ask
from proofline.stages.discovery.models import Calculation, Calculator, CalculatorLine, CalculatorVisit

if TYPE_CHECKING:
    from datetime import datetime

WORDS = {
    "name": "报表算一算 · What do reports cost you",
    "title_en": "What do reports by hand cost you?",
    "title_zh": "手工做报表，一年花掉多少？",
    "intro_en": "Your own figures, two minutes. You see every step of the calculation.",
    "intro_zh": "用您自己的数字，两分钟算清楚，每一步都看得见。",
    "consent_en": "Lumen may write to me about this result.",
    "consent_zh": "同意明见就这份结果与我联系。",
}
LINES = (
    ("Collecting figures for reports", "汇总报表数据", 6, 8, "0.25", "0.35", "0.5"),
    ("Checking figures again", "反复核对数据", 3, 5, "0.2", "0.3", "0.4"),
)
VISITS = 84
LEFT = (
    # name, company, e-mail, language, days ago, hours, people
    ("许岚", "江南轻工", "xulan@jiangnan-light.example", "zh-hans", 6, ("8", "12"), ("4", "6")),
    ("Ellen Park", "Foxglove Retail", "ellen@foxglove.example", "en", 3, ("10", "20"), ("5", "8")),
    ("韩旭", "北辰仪表", "hanxu@beichen.example", "zh-hans", 1, ("5", "9"), ("2", "9")),
)


def build(*, now: datetime) -> None:
    """Put a calculator in two languages on the website, with what three visitors left."""
    by, at = User.objects.get(email="manager@demo.example"), now - timedelta(days=60)
    seller = User.objects.get(email="seller@demo.example")
    made = Calculator.objects.begin(
        by=by,
        now=at,
        owner=seller,
        source="官网计算器",
        currency="CNY",
        investment_once=Decimal(18_000),
        seat_price=Decimal(168),
        seats=number(10, least=1, most=1000),
        origins=["https://www.lumen.example"],
        **WORDS,
    )
    pains = [*Pain.objects.order_by("pk").prefetch_related("metrics")]
    for (english, chinese, hours, people, low, expected, high), pain in zip(LINES, pains, strict=False):
        inputs = {
            "quantity": number(hours, least=1, most=60),
            "people": number(people, least=1, most=1000),
            "improvement": {"value": expected, "least": low, "most": high},
            "rate": number(90, least=20, most=1000),
        }
        metric = pain.metrics.first()
        CalculatorLine.add_to(
            made,
            by=by,
            now=at,
            name_en=english,
            name_zh=chinese,
            unit="h/week",
            pain=pain,
            metric=metric,
            inputs=inputs,
        )
    made.publish(by=by, now=at)
    _visit(made, since=at, now=now)
    for name, company, email, language, days, *typed in LEFT:
        _leave(made, typed, language, now=now - timedelta(days=days), name=name, company=company, email=email)


def _visit(made: Calculator, *, since: datetime, now: datetime) -> None:
    """Let visitors open it, and some of them calculate; the later, the more."""
    for number_of_visit in range(1, VISITS + 1):
        opened = since + (now - since) * (number_of_visit / (VISITS + 1)) ** 0.7
        visit = CalculatorVisit.objects.note(
            made, now=opened, visitor=f"visitor-{number_of_visit}", embedded=number_of_visit % 4 > 0
        )
        if number_of_visit % 7 in {1, 4}:
            visit.use(now=opened + timedelta(minutes=1))


def number(value: int, *, least: int, most: int) -> dict[str, object]:
    """Return a number that visitors are asked for."""
    return {"value": str(value), "asked": True, "least": str(least), "most": str(most)}


def _leave(made: Calculator, typed: list[tuple[str, str]], language: str, *, now: datetime, **person: str) -> None:
    given: dict[str, str] = {}
    for line, (hours, people) in zip(made.ordered_lines, typed, strict=True):
        given |= {f"line-{line.pk}-quantity": hours, f"line-{line.pk}-people": people}
    with translation.override(language):
        asked = ask(made, language=language, given=given)
    assert asked.sheet is not None, asked.errors
    Calculation.objects.receive(made, now=now, sheet=asked.sheet, language=language, **person)
