"""Questions and sections that are shown on several conditions: built, said, checked, and followed where they are answered."""

import copy

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect

from proofline.stages.discovery.models import Questionnaire, QuestionnaireLink, Reply
from proofline.stages.discovery.questionnaires import content as contents
from proofline.stages.discovery.questionnaires import parts
from proofline.stages.discovery.questionnaires.branching import can_be, shown
from proofline.stages.discovery.questionnaires.content import Condition, Content, Question, Section
from proofline.stages.discovery.questionnaires.editing import problems
from proofline.stages.discovery.questionnaires.showing import conditions_in_words
from tests.fixtures.sale import Program

HAND = {"question": "how", "is": "is", "value": "hand"}
MANY = {"question": "hours", "is": "above", "value": "5"}
HURTS = {"question": "hurts", "is": "is", "value": "5"}


def text_of(answer):
    return answer.content.decode()


@pytest.fixture
def branched(asked):
    """Asks for tools if reports are made by hand in many hours, and for a sample if either is so."""
    spread = copy.deepcopy(asked)
    situation, pains, goals = spread["sections"]
    situation["questions"][2]["show"] = [HAND, MANY]
    pains.pop("show")
    goals["questions"][2] |= {"show": [MANY, HURTS], "show_if": "any"}
    return spread


@pytest.fixture
def sent(branched, study, helen, sam, now):
    made = Questionnaire.objects.begin(by=sam, now=now, content=contents.read(branched))
    made.publish(by=sam, now=now)
    return QuestionnaireLink.objects.send(made, by=sam, now=now, study=study, to=helen)


# The law: what is shown is what its conditions say, one by one, together.

ANSWERS = st.fixed_dictionaries({}, optional={key: st.integers(0, 3) for key in ("a", "b", "c")})
CONDITIONS = st.lists(
    st.builds(
        Condition,
        st.sampled_from(["a", "b", "c", "gone"]),
        st.sampled_from(["is", "is_not", "above", "below", "answered"]),
        st.integers(0, 3).map(str),
    ),
    min_size=1,
    max_size=5,
)


def is_shown(show, show_if, answers):
    numbers = tuple(Question(key, "number", {"en": key}) for key in ("a", "b", "c"))
    last = Question("last", "short", {"en": "Last"}, show=show, show_if=show_if)
    content = Content(title={"en": "x"}, languages=("en",), sections=(Section("s", questions=(*numbers, last)),))
    again = contents.read(contents.plain(content))
    assert again == content, "what is kept is what was built"
    return "last" in shown(again, answers)


@given(CONDITIONS, ANSWERS)
def test_several_conditions_hold_as_they_hold_one_by_one(conditions, answers):
    alone = [is_shown(one, "all", answers) for one in conditions]
    assert is_shown(tuple(conditions), "all", answers) == all(alone)
    assert is_shown(tuple(conditions), "any", answers) == any(alone)
    assert is_shown(tuple(reversed(conditions)), "any", answers) == any(alone), "in whatever order"


@given(CONDITIONS, ANSWERS)
def test_one_condition_is_the_same_alone_and_in_a_list(conditions, answers):
    one = conditions[0]
    assert {is_shown(show, mode, answers) for show in (one, (one,)) for mode in ("all", "any")} == {
        is_shown(one, "all", answers)
    }


BOUNDED = st.builds(
    lambda kind, least, more: Question("a", kind, {"en": "a"}, least=least, most=least + more),
    st.sampled_from(["number", "scale", "nps"]),
    st.integers(-2, 2),
    st.integers(1, 4),
)


@given(BOUNDED, st.sampled_from(["is", "above", "below"]), st.integers(-4, 12).map(str))
def test_a_condition_can_be_met_just_when_some_whole_answer_meets_it(question, operator, wanted):
    last = Question("last", "short", {"en": "Last"}, show=Condition("a", operator, wanted))
    content = Content(title={"en": "x"}, languages=("en",), sections=(Section("s", questions=(question, last)),))
    least, most = question.bounds
    met = any("last" in shown(content, {"a": answer}) for answer in range(least, most + 1))
    assert can_be(question, operator, wanted) == met
    assert ("depends on an answer" in "".join(problems(content))) == (not met)


@pytest.mark.parametrize(
    ("kind", "operator", "value", "said"),
    [
        ("number", "above", "abc", "Write a number"),
        ("nps", "above", "10", "from 0 to 10"),
        ("scale", "is", "7", "from 1 to 5"),
        ("date", "below", "next week", "2026-11-30"),
    ],
)
def test_a_condition_that_no_answer_meets_is_refused_beside_what_was_typed(kind, operator, value, said):
    question = Question("a", kind, {"en": "a"})
    with pytest.raises(ValidationError, match=said):
        parts.condition({"question": "a", "operator": operator, "value": value}, [question])


def test_what_was_kept_with_one_condition_is_read_and_written_as_it_was(asked):
    content = contents.read(asked)
    assert content.question("hours").conditions == (Condition("how", "is", "hand"),)
    assert contents.plain(content)["sections"][0]["questions"][1]["show"] == HAND
    assert contents.plain(content)["sections"][1]["show"] == MANY


@pytest.mark.parametrize("show", [[], "how", [HAND] * 11, [[HAND]], [HAND, {"question": "how", "is": "like"}]])
def test_conditions_that_are_none_are_told(asked, show):
    asked["sections"][0]["questions"][2]["show"] = show
    with pytest.raises(ValidationError, match="questions"):
        contents.read(asked)


def test_conditions_are_said_and_checked(branched):
    content = contents.read(branched)
    tools, sample = content.question("tools"), content.question("sample")
    assert conditions_in_words(content, tools, "en") == (
        "“How are reports made?” is By hand, and “Hours a week” is above 5"
    )
    assert conditions_in_words(content, sample, "en") == ("“Hours a week” is above 5, or “How much does it hurt?” is 5")
    with translation.override("zh-hans"):
        assert conditions_in_words(content, tools, "zh-hans") == "“报表怎么做?” 等于 手工，并且 “每周小时数” 大于 5"
        assert conditions_in_words(content, sample, "zh-hans").count("，或者") == 1
    assert problems(content) == []
    first = branched["sections"][0]["questions"]
    later, gone = {"question": "wish", "is": "answered"}, HAND | {"value": "gone"}
    tool = HAND | {"value": "tool"}
    for show, mode, text in (
        ([HAND, later], "all", "does not stand before"),
        ([HAND, gone], "any", "does not offer"),
        ([HAND, tool], "all", "is never shown"),
    ):
        first[2] |= {"show": show, "show_if": mode}
        (told,) = problems(contents.read(branched))
        assert text in told
    first[2]["show_if"] = "any"
    assert problems(contents.read(branched)) == []


@pytest.mark.django_db
def test_several_conditions_are_built_and_taken_away_without_code(as_, sam, questionnaire):
    browser, address = as_(sam), reverse("discovery:question", args=[questionnaire.pk, "wish"])
    rows = {
        "show-question": ["how", "hours", ""],
        "show-operator": ["is", "above", "answered"],
        "show-option": ["how:hand", "", ""],
        "show-value": ["", "5", ""],
    }
    values = {"text_en": "What would be different?", "text_zh": "会有什么不同?", "show_if": "any"}
    assert browser.post(address, values | rows).status_code == 302
    wish = Questionnaire.objects.get().content.question("wish")
    assert (wish.show, wish.show_if) == ((Condition("how", "is", "hand"), Condition("hours", "above", "5")), "any")
    assert "only if “How are reports made?” is By hand, or “Hours a week” is above 5" in text_of(
        browser.get(questionnaire.get_absolute_url())
    )
    form = browser.get(address).context["form"]
    assert [row["question"].value() for row in form.conditions] == ["how", "hours"]
    assert form["show_if"].value() == "any"
    wrong = browser.post(address, values | rows | {"show-value": ["", "", ""]})
    assert wrong.status_code == 422
    assert "Say which value." in text_of(wrong)
    assert [row["operator"].value() for row in wrong.context["form"].conditions] == ["is", "above", "answered"]
    many = {name: entries * 5 for name, entries in rows.items()}
    assert "At most 10 rows." in text_of(browser.post(address, values | many))
    browser.post(address, values | {name: entries[:1] for name, entries in rows.items()})
    wish = Questionnaire.objects.get().content.question("wish")
    assert (wish.show, wish.show_if) == (Condition("how", "is", "hand"), "all")
    browser.post(address, values)
    assert Questionnaire.objects.get().content.question("wish").show is None


@pytest.mark.django_db
def test_a_condition_on_what_stands_later_by_now_is_not_lost_unseen(as_, sam, questionnaire):
    browser, address = as_(sam), reverse("discovery:question", args=[questionnaire.pk, "hours"])
    browser.post(reverse("discovery:questionnaire_part_move", args=[questionnaire.pk, "hours"]), {"up": "1"})
    assert "How are reports made? (does not stand before)" in text_of(browser.get(address))
    typed = {"text_en": "Hours", "show-question": "how", "show-operator": "is", "show-option": "", "show-value": ""}
    answer = browser.post(address, typed)
    assert answer.status_code == 422
    assert "choose another, or take the condition away" in text_of(answer)


@pytest.mark.django_db
def test_who_answers_is_asked_as_the_conditions_say_and_results_count_that(as_, sam, now, sent):
    address = reverse("discovery:questionnaire_saving", args=[sent.token])

    def save(**values):
        fields = {f"q-{name}": value for name, value in values.items()}
        return set(Client().post(address, fields | {"version": "1", "changed": [*values]}).json()["shown"])

    assert not {"tools", "sample"} & save(how="hand")
    assert {"tools", "sample"} <= save(hours="6")
    assert not {"tools", "sample"} & save(hours="5")
    assert "sample" in save(hurts="5"), "either is enough"
    save(hours="6", tools="yes")
    assert not {"tools", "hours"} & save(how="tool"), "hours that are not asked for are not many"
    Client().post(sent.public_path, {"version": "1", "q-how": "tool", "q-hours": "6", "q-tools": "yes", "q-hurts": "5"})
    assert Reply.objects.get().is_submitted
    told = {
        one["question"]: one
        for one in Program(sam, now).get(f"/questionnaires/{sent.questionnaire_id}/results")["questions"]
    }
    assert (told["tools"]["answers"], told["hurts"]["answers"]) == (0, 1)
    assert told["tools"]["condition"] == "“How are reports made?” is By hand, and “Hours a week” is above 5"
    page = text_of(as_(sam).get(reverse("discovery:questionnaire_results", args=[sent.questionnaire_id])))
    assert "only if “Hours a week” is above 5, or “How much does it hurt?” is 5" in page


@pytest.mark.django_db
def test_without_a_script_what_follows_from_answers_is_asked_before_it_is_handed_in(sent):
    browser = Client()
    seen = browser.get(sent.public_path).context["sheet"].shown
    first = browser.post(sent.public_path, {"version": "1", "q-how": "hand", "q-hours": "", "seen": " ".join(seen)})
    assert first.status_code == 422
    assert "further questions" in text_of(first)
    assert "hours" in first.context["sheet"].shown
    assert not Reply.objects.get().is_submitted
    again = browser.post(
        sent.public_path,
        {"version": "1", "q-how": "hand", "q-hours": "", "seen": " ".join(first.context["sheet"].shown)},
    )
    assert again.status_code == 302, "what is left open was seen"


@pytest.mark.django_db
def test_the_preview_says_when_a_question_is_asked_and_customers_are_not_told(as_, sam, sent):
    preview = text_of(as_(sam).get(reverse("discovery:questionnaire_preview", args=[sent.questionnaire_id])))
    assert "only if “How are reports made?” is By hand, and “Hours a week” is above 5" in preview
    assert "only if" not in text_of(Client().get(sent.public_path))


@pytest.mark.django_db(transaction=True)
def test_conditions_are_put_together_in_the_browser_and_followed_at_once(
    live_server, page, sam, sent, now, browser, screenshots
):
    window, inside = page, Client()
    inside.force_login(sam)
    window.context.add_cookies(
        [{"name": "sessionid", "value": inside.cookies["sessionid"].value, "url": live_server.url}]
    )
    window.goto(f"{live_server.url}{reverse('discovery:question', args=[sent.questionnaire_id, 'wish'])}")
    part = window.get_by_role("group", name="Show only if")
    expect(part.get_by_label("How many of the conditions")).to_be_hidden()
    expect(part.get_by_label("What its answer has to be")).to_be_hidden()
    part.get_by_label("Question").select_option(label="How are reports made?")
    part.get_by_label("Option").select_option(label="With a tool")
    expect(part.get_by_label("Which value")).to_be_hidden()
    part.get_by_role("button", name="Add condition").click()
    part.get_by_label("Question").nth(1).select_option(label="How much does it hurt?")
    operator = part.get_by_label("What its answer has to be").nth(1)
    assert "contains" not in operator.locator("option:not([disabled])").all_inner_texts(), "a scale contains nothing"
    operator.select_option(label="is above")
    part.get_by_label("Which value").nth(1).fill("3")
    part.get_by_role("button", name="Add condition").click()
    part.get_by_role("button", name="Remove condition").nth(2).click()
    part.get_by_label("How many of the conditions").select_option(label="any of these is true")
    window.screenshot(path=screenshots / "questionnaire-conditions.png", full_page=True)
    window.get_by_role("button", name="Save").click()
    expect(window.get_by_text("only if “How are reports made?” is With a tool, or “How much")).to_be_visible()
    phone = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    Questionnaire.objects.get().publish(by=sam, now=now)
    phone.goto(f"{live_server.url}{sent.public_path}")
    wish = phone.get_by_label("What would be different?")
    expect(wish).to_be_hidden()
    phone.get_by_text("With a tool").click()
    expect(wish).to_be_visible()
    phone.get_by_text("By hand").click()
    expect(wish).to_be_hidden()
    phone.context.close()
    window.goto(f"{live_server.url}{reverse('discovery:questionnaire_preview', args=[sent.questionnaire_id])}")
    told = window.locator(".answer-when", has_text="only if “How are reports made?” is With a tool, or")
    expect(told).to_be_visible()
    window.get_by_text("With a tool", exact=True).click()
    expect(window.get_by_label("What would be different?")).to_be_visible()
    expect(told.get_by_text("What would be different?")).to_be_hidden()


@pytest.mark.django_db(transaction=True)
def test_a_phone_without_scripts_is_asked_what_follows_too(live_server, browser, sent):
    phone = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False).new_page()
    phone.goto(f"{live_server.url}{sent.public_path}")
    phone.get_by_text("By hand").click()
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.get_by_role("alert").filter(has_text="further questions")).to_be_visible()
    phone.get_by_label("Hours a week").fill("12")
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.get_by_text("Which tools?")).to_be_visible()
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    phone.context.close()
