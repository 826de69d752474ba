"""A study of the healthy customer: a need with the why behind it, a value case, a proposal."""

from decimal import Decimal

import pytest

from proofline.records.models import Evidence, Pain, ValueMetric
from proofline.stages.discovery.calculators.views import public as calculators
from proofline.stages.discovery.models import Need, Proposal, Questionnaire, QuestionnaireLink, Study, ValueCase, plan
from proofline.stages.discovery.questionnaires import content as contents
from proofline.stages.discovery.questionnaires.views import answering, entering

INTRO = "You lose two working days a week to reports that nobody reads twice."


@pytest.fixture
def study(healthy, helen, sam, now):
    return Study.objects.open_study(by=sam, now=now, account=healthy, title="Reporting at Heron", contact=helen)


@pytest.fixture
def pain(suite):
    metric = ValueMetric.objects.create(name="Hours on reports", unit="h/week", formula="hours × people")
    pain = Pain.objects.create(name="Reports by hand")
    pain.metrics.set([metric])
    pain.modules.set(suite.modules.filter(name="Reports"))
    return pain


@pytest.fixture
def need(study, pain, helen, sam, now):
    return Need.objects.record(by=sam, now=now, study=study, text="Reports take too long", pain=pain, stated_by=helen)


@pytest.fixture
def deep(need, study, sam, now):
    return Need.objects.record(
        by=sam,
        now=now,
        study=study,
        kind=Need.Kind.DEEP,
        because_of=need,
        text="Decisions come a week late",
        loss="Two orders a month go to faster rivals",
        loss_amount=Decimal(60_000),
        loss_currency="CNY",
    )


@pytest.fixture
def talk(study, helen, sam, now):
    return plan(study, by=sam, now=now, people=[helen], place="https://meet.test/heron")


@pytest.fixture
def case(study, need, sam, now):
    case = ValueCase.objects.draft(by=sam, now=now, study=study, investment_once=22_000, investment_monthly=1_500)
    case.add_line(
        by=sam,
        now=now,
        need=need,
        name="Collecting figures",
        quantity=Decimal(20),
        unit="h/week",
        people=12,
        low=Decimal("0.3"),
        expected=Decimal("0.4"),
        high=Decimal("0.5"),
        rate_amount=Decimal(80),
        rate_per="h",
        source_note="Helen He, 2 Nov",
    )
    return case


@pytest.fixture
def story(pain, leaving):
    story = Evidence.objects.create(
        kind="story",
        title="How a workshop halved its reporting",
        result="−52 % hours",
        sector="Manufacturing",
        permission=True,
    )
    story.pains.set([pain])
    return story


@pytest.fixture
def proposal(study, case, deep, story, sam, now):
    return Proposal.objects.draft(
        by=sam,
        now=now,
        study=study,
        intro=INTRO,
        terms="Thirty days to cancel.",
        steps_today=[{"name": "Collect figures", "minutes": "90"}, {"name": "Copy into slides", "minutes": "45"}],
        steps_tomorrow=[{"name": "Open the dashboard", "minutes": "15"}],
        runs_a_week=5,
        evidence=[story],
    )


@pytest.fixture
def line_form(need, pain):
    """What a person types to add a line."""
    return {
        "name": "Correcting invoices",
        "quantity": "10",
        "unit": "h / week",
        "people": "1",
        "low": "25",
        "expected": "50",
        "high": "62.5",
        "rate_amount": "60",
        "rate_per": "h",
        "pain": pain.pk,
        "need": need.pk,
    }


def words(english, chinese=""):
    return {"en": english, "zh-hans": chinese} if chinese else {"en": english}


@pytest.fixture
def asked(pain):
    """A questionnaire with a question of each kind, branching, points, needs, and one text that is not translated."""
    yes_no = [{"key": "yes", "text": words("Yes", "是")}, {"key": "no", "text": words("No", "否")}]
    by_hand = {"text": words("Reports without hand work", "报表不再手工做"), "pain": pain.pk}
    how = [
        {"key": "hand", "text": words("By hand", "手工"), "points": 10, "need": by_hand},
        {"key": "tool", "text": words("With a tool", "用工具"), "points": 2},
    ]
    few = [
        {"key": "rare", "text": words("rarely", "很少"), "points": 1},
        {"key": "often", "text": words("often", "经常"), "points": 3},
    ]
    situation = [
        {
            "key": "how",
            "kind": "one",
            "text": words("How are reports made?", "报表怎么做?"),
            "required": True,
            "options": how,
        },
        {
            "key": "hours",
            "kind": "number",
            "text": words("Hours a week", "每周小时数"),
            "least": 0,
            "most": 168,
            "show": {"question": "how", "is": "is", "value": "hand"},
        },
        {
            "key": "tools",
            "kind": "several",
            "text": words("Which tools?"),
            "options": [*yes_no, {"key": "other", "text": words("Other", "其他")}],
        },
        {
            "key": "which",
            "kind": "short",
            "text": words("Which other?", "哪些?"),
            "show": {"question": "tools", "is": "contains", "value": "other"},
        },
    ]
    pains = [
        {"key": "hurts", "kind": "scale", "text": words("How much does it hurt?", "有多痛?"), "scored": True},
        {
            "key": "grid",
            "kind": "matrix",
            "text": words("How often?", "多久一次?"),
            "rows": [{"key": "late", "text": words("Late", "迟到")}, {"key": "wrong", "text": words("Wrong", "出错")}],
            "options": few,
        },
        {"key": "rank", "kind": "ranking", "text": words("What matters?", "什么重要?"), "options": yes_no},
        {"key": "nps", "kind": "nps", "text": words("Would you recommend us?", "会推荐我们吗?")},
    ]
    goals = [
        {"key": "since", "kind": "date", "text": words("By when?", "到什么时候?")},
        {"key": "wish", "kind": "long", "text": words("What would be different?", "会有什么不同?")},
        {"key": "sample", "kind": "file", "text": words("A report of today", "今天的报表")},
    ]
    return {
        "title": words("Reporting today", "今天的报表"),
        "languages": ["en", "zh-hans"],
        "intro": words("Ten minutes.", "十分钟。"),
        "sections": [
            {"key": "situation", "title": words("Situation", "现状"), "aspect": "situation", "questions": situation},
            {
                "key": "pain",
                "title": words("Pain", "痛点"),
                "aspect": "pain",
                "questions": pains,
                "show": {"question": "hours", "is": "above", "value": "5"},
            },
            {"key": "goal", "title": words("Goal", "目标"), "aspect": "goal", "questions": goals},
        ],
        "bands": [
            {"least": 0, "text": words("Little to win", "空间不大")},
            {"least": 15, "text": words("Much to win", "空间很大")},
        ],
        "tells_score": True,
    }


@pytest.fixture
def questionnaire(asked, sam, now):
    made = Questionnaire.objects.begin(by=sam, now=now, content=contents.read(asked), sector="Manufacturing")
    made.publish(by=sam, now=now)
    return made


@pytest.fixture
def link(questionnaire, study, helen, sam, now):
    return QuestionnaireLink.objects.send(questionnaire, by=sam, now=now, study=study, to=helen)


@pytest.fixture
def public_link(questionnaire, sam, now):
    return QuestionnaireLink.objects.send(questionnaire, by=sam, now=now, is_public=True)


@pytest.fixture(autouse=True)
def unhurried():
    """Nobody waits for what another test did."""
    calculating = (calculators.GUESSING, calculators.RECKONING, calculators.LEAVING)
    for pace in (entering.GUESSING, answering.BEGINNING, answering.SAVING, *calculating):
        pace.forget()
