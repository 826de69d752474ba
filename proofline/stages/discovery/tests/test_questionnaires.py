"""Questionnaires built, published, sent and read; answers that become needs."""

import copy

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proofline.stages.discovery.models import Need, Questionnaire, QuestionnaireLink, Reply, Study
from proofline.stages.discovery.questionnaires import answers, editing, industries
from proofline.stages.discovery.questionnaires import content as contents
from proofline.stages.discovery.questionnaires.results import nps
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db


def text_of(answer):
    return answer.content.decode()


def reply_to(link, **values):
    sent = {f"q-{name}": value for name, value in values.items()}
    answer = Client().post(reverse("discovery:questionnaire_public", args=[link.token]), {"version": "1"} | sent)
    assert answer.status_code == 302, answer.content
    return Reply.objects.latest("pk")


def test_a_questionnaire_is_built_in_the_browser(as_, sam, pain):
    browser = as_(sam)
    begun = browser.post(
        reverse("discovery:questionnaire_new"),
        {
            "title_en": "Stock",
            "title_zh": "库存",
            "languages": ["en", "zh-hans"],
            "bands": "0 = Little = 少\n10 = Much = 多",
        },
    )
    made = Questionnaire.objects.get()
    assert begun["Location"] == made.get_absolute_url()
    (section,) = made.content.sections
    new = reverse("discovery:question_new", args=[made.pk])
    options = {
        "option-key": ["", ""],
        "option-en": ["By hand", "Scanner"],
        "option-zh": ["手工", "扫码"],
        "option-points": ["10", ""],
        "option-pain": [pain.pk, ""],
        "option-need_en": ["Counting without paper", ""],
        "option-need_zh": ["", ""],
    }
    answer = browser.post(
        f"{new}?kind=one&section={section.key}",
        {"text_en": "How do you count?", "text_zh": "怎么盘点?", "required": "on"} | options,
    )
    assert answer.status_code == 302, answer.content
    how = next(made.refresh_from_db() or made.content.questions)
    assert [(option.text["zh-hans"], option.points) for option in how.options] == [("手工", 10), ("扫码", None)]
    assert how.options[0].need.pain == pain.pk
    hand = how.options[0].key
    answer = browser.post(
        f"{new}?kind=number&section={section.key}",
        {
            "text_en": "Hours?",
            "show-question": how.key,
            "show-operator": "is",
            "show-option": f"{how.key}:{hand}",
            "least": "0",
        },
    )
    assert answer.status_code == 302, answer.content
    made.refresh_from_db()
    hours = list(made.content.questions)[1]
    assert hours.show == contents.Condition(how.key, "is", hand)
    shown = text_of(browser.get(made.get_absolute_url()))
    assert "only if “How do you count?” is By hand" in shown
    assert "no 简体中文" in shown, "what is not translated is told"
    assert browser.get(reverse("discovery:question", args=[made.pk, how.key])).status_code == 200
    browser.post(reverse("discovery:questionnaire_part_move", args=[made.pk, hours.key]), {"up": "1"})
    made.refresh_from_db()
    assert "depends on a question that does not stand before it" in " ".join(editing.problems(made.content))
    browser.post(reverse("discovery:questionnaire_publication", args=[made.pk]))
    assert Questionnaire.objects.get().newest is None, "it can't be asked like this"
    browser.post(reverse("discovery:questionnaire_part_move", args=[made.pk, hours.key]), {"down": "1"})
    browser.post(reverse("discovery:questionnaire_publication", args=[made.pk]))
    assert Questionnaire.objects.get().newest.number == 1
    browser.post(reverse("discovery:question_copy", args=[made.pk, how.key]))
    browser.post(reverse("discovery:questionnaire_part_removal", args=[made.pk, hours.key]))
    keys = [question.key for question in Questionnaire.objects.get().content.questions]
    assert keys[0] == how.key
    assert len(set(keys)) == 2
    assert hours.key not in keys


def test_what_a_form_of_the_builder_does_not_take_is_said(as_, sam, questionnaire):
    browser = as_(sam)
    new = reverse("discovery:question_new", args=[questionnaire.pk])
    for path, values, text in (
        (f"{new}?kind=short", {}, "Write the question."),
        (
            f"{new}?kind=one",
            {"text_en": "x", "option-en": ["a"], "option-points": ["many"]},
            "Points are whole numbers.",
        ),
        (f"{new}?kind=one", {"text_en": "x", "option-en": [""], "option-need_en": ["need"]}, "no words"),
        (
            f"{new}?kind=short",
            {"text_en": "x", "show-question": "wish", "show-operator": "above", "show-value": "3"},
            "of that kind",
        ),
        (f"{new}?kind=short", {"text_en": "x", "show-question": "how", "show-operator": "is"}, "Choose an option"),
        (reverse("discovery:questionnaire_edit", args=[questionnaire.pk]), {"languages": ["en"]}, "Write a title"),
        (
            reverse("discovery:questionnaire_edit", args=[questionnaire.pk]),
            {"languages": ["en"], "title_en": "x", "bands": "much"},
            "is not of the form",
        ),
    ):
        answer = browser.post(path, values)
        assert answer.status_code == 422, path
        assert text in text_of(answer), (path, text_of(answer))
    assert browser.get(f"{new}?kind=poem").status_code == 404
    assert browser.get(reverse("discovery:question", args=[questionnaire.pk, "gone"])).status_code == 404


def test_every_kind_of_question_has_its_form(as_, sam, questionnaire):
    new = reverse("discovery:question_new", args=[questionnaire.pk])
    for kind in contents.QuestionKind:
        assert as_(sam).get(f"{new}?kind={kind}").status_code == 200
    for question in questionnaire.content.questions:
        address = reverse("discovery:question", args=[questionnaire.pk, question.key])
        assert as_(sam).get(address).status_code == 200, question.kind
    assert as_(sam).get(reverse("discovery:questionnaire_section", args=[questionnaire.pk, "pain"])).status_code == 200


def test_a_form_that_is_saved_as_it_was_changes_nothing(as_, sam, questionnaire, asked):
    before = Questionnaire.objects.get().draft
    section = reverse("discovery:questionnaire_section", args=[questionnaire.pk, "pain"])
    as_(sam).post(
        section,
        {
            "title_en": "Pain",
            "title_zh": "痛点",
            "aspect": "pain",
            "show-question": "hours",
            "show-operator": "above",
            "show-value": "5",
        },
    )
    assert Questionnaire.objects.get().draft == before


@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (lambda content: content["sections"].clear(), "no question"),
        (lambda content: content["sections"][0]["questions"][0]["options"].pop(), "two options"),
        (lambda content: content["sections"][1].update(show={"question": "wish", "is": "answered"}), "does not stand before"),
        (lambda content: content["sections"][0]["questions"][1]["show"].update(value="gone"), "does not offer"),
        (lambda content: content["sections"][0]["questions"][1].update(least=200), "no number at all"),
    ],
)  # fmt: skip
def test_what_can_not_be_asked_is_not_published(asked, spoil, text, sam, now):
    spoilt = copy.deepcopy(asked)
    spoil(spoilt)
    made = Questionnaire.objects.begin(by=sam, now=now, content=contents.read(spoilt))
    with pytest.raises(ValidationError, match=text):
        made.publish(by=sam, now=now)


def test_only_what_is_not_translated_is_missing(asked):
    found = editing.missing(contents.read(asked))
    assert [(one.part, one.language) for one in found] == [("tools", "简体中文")]


def test_publishing_the_same_again_makes_no_version(questionnaire, sam, now):
    assert questionnaire.publish(by=sam, now=now).number == 1
    assert not questionnaire.is_ahead


def test_a_questionnaire_is_sent_from_the_study_and_what_comes_back_stands_there(as_, sam, study, questionnaire, helen):
    browser = as_(sam)
    assert "Let them tell you first: a questionnaire" in text_of(browser.get(study.get_absolute_url()))
    address = reverse("discovery:study_questionnaire", args=[study.pk])
    sent = browser.post(address, {"questionnaire": questionnaire.pk, "to": helen.pk})
    assert sent.status_code == 302, sent.content
    link = QuestionnaireLink.objects.get()
    assert (link.contact, link.study, link.is_public) == (helen, study, False)
    assert link.public_path in text_of(browser.get(study.get_absolute_url()))
    reply = reply_to(link, how="hand", hours="6")
    page = text_of(browser.get(study.get_absolute_url()))
    assert reply.get_absolute_url() in page
    assert link.public_path not in page, "it is answered"
    assert "from an answer" in page, "and the need says so"
    assert f"{reply.get_absolute_url()}#how" in page


def test_a_link_may_be_mailed(as_, sam, study, questionnaire, helen):
    from proofline.outreach.models import Message

    address = reverse("discovery:study_questionnaire", args=[study.pk])
    as_(sam).post(address, {"questionnaire": questionnaire.pk, "to": helen.pk, "by_mail": "on"})
    assert QuestionnaireLink.objects.get().public_path in Message.objects.get(contact=helen).body


def test_a_retired_questionnaire_and_a_draft_are_not_sent(questionnaire, study, sam, now, as_):
    as_(sam).post(reverse("discovery:questionnaire_retirement", args=[questionnaire.pk]))
    with pytest.raises(ValidationError, match="Publish"):
        QuestionnaireLink.objects.send(Questionnaire.objects.get(), by=sam, now=now, study=study)
    as_(sam).post(reverse("discovery:questionnaire_return", args=[questionnaire.pk]))
    assert QuestionnaireLink.objects.send(Questionnaire.objects.get(), by=sam, now=now, study=study)


def test_a_person_of_another_customer_is_not_sent_to(questionnaire, study, lin, sam, now):
    with pytest.raises(ValidationError, match="another account"):
        QuestionnaireLink.objects.send(questionnaire, by=sam, now=now, study=study, to=lin)


def test_an_answer_becomes_a_need_with_one_click_and_only_once(as_, sam, link, study, helen):
    reply = reply_to(link, how="tool", wish="Figures <b>each</b> morning")
    answer = reply.rows["wish"]
    for _time in range(2):
        as_(sam).post(reverse("discovery:answer_need", args=[answer.pk]))
    need = Need.objects.get(study=study)
    assert (need.text, need.answer, need.stated_by) == ("Figures <b>each</b> morning", answer, helen)
    assert "Figures &lt;b&gt;each&lt;/b&gt; morning" in text_of(as_(sam).get(reply.get_absolute_url()))


def test_a_public_reply_is_placed_in_a_study_and_its_rules_apply_there(as_, sam, public_link, study, questionnaire):
    token = (
        Client()
        .post(reverse("discovery:questionnaire_beginning", args=[public_link.token]), {"name": "Ann"})["Location"]
        .split("/")[-2]
    )
    Client().post(reverse("discovery:questionnaire_public", args=[token]), {"q-how": "hand", "q-hours": "9"})
    reply = Reply.objects.get()
    assert reply.is_submitted
    assert not Need.objects.exists()
    browser = as_(sam)
    browser.post(reverse("discovery:answer_need", args=[reply.rows["how"].pk]))
    assert not Need.objects.exists(), "there is no study for it"
    assert "Choose discovery" in text_of(browser.get(reply.get_absolute_url()))
    browser.post(reverse("discovery:reply_study", args=[reply.pk]), {"study": study.pk})
    assert Need.objects.get().study == study
    with pytest.raises(ValidationError, match="another discovery"):
        Reply.objects.get().place(Study.objects.open_study(by=sam, now=reply.begun_at, account=study.account))


def test_results_count_what_was_asked(as_, sam, olga, questionnaire, study, now, public_link):
    for hours, hurts in (("8", "5"), ("10", "3"), ("2", "1")):
        link = QuestionnaireLink.objects.send(questionnaire, by=sam, now=now, study=study)
        reply_to(link, how="hand", hours=hours, hurts=hurts, nps="9")
    address = reverse("discovery:questionnaire_results", args=[questionnaire.pk])
    shown = text_of(as_(sam).get(address))
    assert "median 8, from 2 to 10" in shown
    assert "mean 4.0 of 5" in shown, "who was not asked does not count"
    assert "NPS 100" in shown
    assert "Nobody has handed in answers yet" in text_of(as_(olga).get(address))
    told = Program(sam, now).get(f"/questionnaires/{questionnaire.pk}/results")
    assert told["submitted"] == 3
    assert told["questions"][0]["counts"] == [{"label": "By hand", "count": 3}, {"label": "With a tool", "count": 0}]


def test_the_net_promoter_score_is_the_promoters_less_the_detractors():
    assert nps([10, 9, 8, 7, 6, 0]) == 0
    assert nps([9, 9, 9, 0]) == 50


def test_templates_can_be_asked_at_once_in_both_languages(as_, sam):
    assert len(industries.every()) >= 3
    for one in industries.every():
        assert (editing.problems(one.content), editing.missing(one.content)) == ([], []), one.slug
        assert {section.aspect for section in one.content.sections} >= {"situation", "pain", "goal"}
        assert any(option.need for question in one.content.questions for option in question.options)
    assert industries.every()[0].content.title["en"] in text_of(
        as_(sam).get(reverse("discovery:questionnaire_templates"))
    )
    as_(sam).post(reverse("discovery:questionnaire_from_template", args=[industries.every()[0].slug]))
    assert Questionnaire.objects.get().publish(by=sam, now=Questionnaire.objects.get().created_at).number == 1


def test_a_questionnaire_is_called_and_found_in_both_languages(as_, sam, now):
    as_(sam).post(
        reverse("discovery:questionnaire_new"),
        {"title_en": "Stock", "title_zh": "库存盘点", "languages": ["en", "zh-hans"]},
    )
    page, list_page = Questionnaire.objects.get().get_absolute_url(), reverse("discovery:questionnaires")
    for language, title in (("en", "Stock"), ("zh-hans", "库存盘点")):
        sam.change(by=sam, now=now, language=language)
        browser = as_(sam)
        for address in (page, list_page, f"{list_page}?q=Stock", f"{list_page}?q=盘点"):
            assert title in text_of(browser.get(address)), (language, address)
        assert page in text_of(browser.get("/search/palette/", {"q": "盘点"}))
        assert page in text_of(browser.get("/search/palette/", {"q": "Stock"}))


def test_the_lists_hold_only_what_one_may_see(as_, sam, rita, olga, link, questionnaire):
    reply = reply_to(link, how="tool")
    for user, sees in ((sam, True), (rita, True), (olga, False)):
        assert (str(reply.contact) in text_of(as_(user).get(reverse("discovery:replies")))) == sees
        assert questionnaire.title in text_of(as_(user).get(reverse("discovery:questionnaires")))
        assert (str(link.contact) in text_of(as_(user).get(questionnaire.get_absolute_url()))) == sees


def test_who_is_erased_is_taken_out_of_what_was_answered(link):
    from proofline.timeline import identity
    from proofline.timeline.traces import Traces

    person = identity.tie(email="ann.smith@heron.test", contact=link.contact_id, account=link.study.account_id)
    reply = reply_to(link, how="tool", wish="Write to ann.smith@heron.test please")
    Reply.objects.update(name="Ann", email="ann.smith@heron.test")
    assert Reply.objects.forget(Traces.of(person)) == 2
    reply = Reply.objects.get()
    assert reply.email == "erased"
    assert reply.rows["wish"].value == "Write to erased please"
    assert "ann.smith" not in reply.rows["wish"].text


def test_a_page_of_answers_asks_the_store_no_more_for_more_answers(
    as_, sam, questionnaire, study, now, django_assert_max_num_queries
):
    for _time in range(6):
        reply_to(QuestionnaireLink.objects.send(questionnaire, by=sam, now=now, study=study), how="hand", hours="8")
    browser = as_(sam)
    browser.get(reverse("discovery:questionnaire_results", args=[questionnaire.pk]))
    with django_assert_max_num_queries(16):
        browser.get(reverse("discovery:questionnaire_results", args=[questionnaire.pk]))


def test_the_list_in_the_api_asks_the_store_no_more_for_more_questionnaires(
    sam, asked, questionnaire, now, django_assert_num_queries
):
    api = Program(sam, now)
    api.get("/questionnaires")
    with CaptureQueriesContext(connection) as before:
        api.get("/questionnaires")
    draft = Questionnaire.objects.begin(by=sam, now=now, content=contents.read(asked))
    retired = Questionnaire.objects.begin(by=sam, now=now, content=contents.read(asked))
    retired.publish(by=sam, now=now)
    retired.retire(by=sam, now=now)
    with django_assert_num_queries(len(before)):
        found = {one["id"]: (one["version"], one["retired"]) for one in api.get("/questionnaires")["items"]}
    assert found == {questionnaire.pk: (1, False), draft.pk: (None, False), retired.pk: (1, True)}
    retired.bring_back()
    assert not retired.is_retired


def test_the_day_of_an_answer_is_told_in_the_language_of_who_answers(asked):
    day = contents.Question(key="day", kind="date", text={"en": "When?"})
    content = contents.read(asked)
    assert answers.in_words(content, day, "2027-07-01", "zh-hans") == "2027年7月1日"
    assert answers.in_words(content, day, "2027-07-01", "en") == "1 Jul 2027"
