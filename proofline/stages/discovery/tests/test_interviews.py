"""Talks through the model's verbs: the clock, notes of several writers, whys, what stays open, how a talk ends."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from proofline.records.models import Contact, User
from proofline.stages.discovery.interviewing import guides
from proofline.stages.discovery.interviewing.asking import ask_why
from proofline.stages.discovery.models import (
    GuideQuestion,
    InterviewNote,
    Need,
    OverError,
    Reply,
    Save,
    StaleNoteError,
    call_off,
    chains,
    conclude,
    plan,
)
from proofline.timeline.models import Batch
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def note(talk, sam, now):
    def note(text, key="k" * 10, by=sam, base=0, mark="", tried=(), **first):
        save = Save(text, base=base, mark=mark, tried=tried)
        return InterviewNote.objects.write(talk, save, key=key, by=by, now=now, **first)

    return note


@pytest.fixture
def ask(talk):
    def ask(*texts, into=talk):
        return GuideQuestion.objects.ask(into, guides.free("\n".join(texts)))

    return ask


def states(interview):
    return {question.text: question.state for question in interview.questions.with_state()}


def later(now, **span):
    return now + timedelta(**span)


def test_a_talk_is_called_after_whom_one_talks_to_and_led_by_who_plans_it(talk, sam, helen, now):
    assert (talk.title, talk.owner, talk.planned_at, talk.state) == ("Helen He", sam, now, "planned")
    assert list(talk.people.all()) == [helen]


def test_people_of_another_customer_are_refused(study, talk, lin, sam, now):
    with pytest.raises(ValidationError, match="another account"):
        plan(study, by=sam, now=now, people=[lin])
    with pytest.raises(ValidationError, match="another account"):
        talk.change(by=sam, now=now, people=[lin])


def test_the_clock_runs_without_the_pauses(talk, sam, now):
    assert talk.seconds(now=now) == 0
    talk.start(by=sam, now=now)
    talk.start(by=sam, now=later(now, seconds=30))
    assert (talk.state, talk.seconds(now=later(now, seconds=60))) == ("running", 60)
    talk.pause(now=later(now, seconds=60))
    assert (talk.state, talk.seconds(now=later(now, hours=1))) == ("paused", 60)
    talk.start(by=sam, now=later(now, hours=1))
    assert talk.seconds(now=later(now, hours=1, seconds=15)) == 75


def test_a_corrected_clock_takes_the_notes_along(talk, note, sam, now):
    with pytest.raises(ValidationError, match="Start the talk first"):
        talk.set_clock(10, now=now)
    talk.start(by=sam, now=now)
    note("Early", second=30)
    note("Without a time", key="n" * 10)
    talk.set_clock(400, now=later(now, seconds=100))
    assert talk.seconds(now=later(now, seconds=100)) == 400
    assert sorted(talk.notes.values_list("second", "text"), key=str) == [(330, "Early"), (None, "Without a time")]
    talk.pause(now=later(now, seconds=100))
    with pytest.raises(ValidationError, match="day"):
        talk.set_clock(90_000, now=later(now, seconds=100))


def test_a_note_is_saved_as_it_is_typed(note, talk):
    note("Repor", mark="m1", second=12)
    note("Reports take", base=1, mark="m2")
    (kept,) = talk.notes.all()
    assert (kept.text, kept.version, kept.clock) == ("Reports take", 2, "0:12")


def test_a_saving_that_arrives_twice_counts_once(note):
    note("Reports", mark="m1")
    again = note("Reports", mark="m1")
    assert again.version == 1


def test_a_saving_whose_answer_was_lost_is_followed_by_the_next(note):
    note("Repor", mark="m1")
    assert note("Reports take", mark="m2", tried=("m1",)).text == "Reports take"


def test_two_writers_do_not_overwrite_each_other(note, talk, cleo):
    note("Reports take three days", mark="m1")
    note("Reports take two days", base=1, mark="m2", by=cleo)
    with pytest.raises(StaleNoteError) as refused:
        note("Reports take three days each", base=1, mark="m3")
    assert (refused.value.note.text, refused.value.note.changed_by) == ("Reports take two days", cleo)
    assert talk.notes.get().text == "Reports take two days"


def test_a_removed_note_comes_back_and_so_it_does_when_somebody_writes_on(note, talk, sam, now):
    kept = note("Reports")
    kept.remove(by=sam, now=now)
    assert not talk.notes.standing().exists()
    kept.restore(now=now)
    assert talk.notes.standing().exists()
    kept.remove(by=sam, now=now)
    note("Reports take", base=1)
    assert talk.notes.standing().get().text == "Reports take"


def test_a_note_answers_a_question_of_its_talk_alone(note, ask, talk, study, helen, lin, sam, now):
    other = plan(study, by=sam, now=now, title="Second")
    (foreign,) = ask("Why now?", into=other)
    kept = note("Since May")
    with pytest.raises(ValidationError, match="another talk"):
        kept.correct(by=sam, now=now, question=foreign)
    kept.refresh_from_db()
    with pytest.raises(ValidationError, match="another account"):
        kept.correct(by=sam, now=now, contact=lin)
    kept.refresh_from_db()
    (own,) = ask("Since when?")
    kept.correct(by=sam, now=now, question=own, contact=helen, second=75)
    kept.refresh_from_db()
    assert (kept.question, kept.contact, kept.clock) == (own, helen, "1:15")
    assert states(talk) == {"Since when?": "answered"}


def test_a_note_becomes_one_need_however_often_one_clicks(note, study, helen, sam, now):
    kept = note("Reports\n take  three days", contact=helen)
    need, is_new = kept.become_need(by=sam, now=now)
    assert (need.text, need.kind, need.stated_by, is_new) == ("Reports take three days", "surface", helen, True)
    assert kept.become_need(by=sam, now=now) == (need, False)
    assert list(kept.needs.all()) == [need]


def test_a_note_without_words_is_no_need(note, sam, now):
    with pytest.raises(ValidationError, match="blank"):
        note("").become_need(by=sam, now=now)


def test_the_whys_go_down_to_the_loss(note, talk, study, helen, sam, now):
    talk.start(by=sam, now=now)
    surface, _new = note("Reports take three days", second=10).become_need(by=sam, now=now)
    deep = ask_why(talk, surface, by=sam, now=later(now, seconds=95), text="Plans are late", contact=helen)
    last = ask_why(
        talk, deep, by=sam, now=now, loss="Two orders a month", loss_amount=Decimal(60_000), loss_currency="CNY"
    )
    assert last == deep
    ((chain,),) = [chains(study)]
    (below,) = chain.reasons
    assert (below.need.text, below.need.kind, below.need.note.clock) == ("Plans are late", "deep", "1:35")
    assert below.need.loss_text == "Two orders a month · CN¥60,000 a month"
    assert [one.text for one in talk.notes.in_order()] == ["Reports take three days", "Plans are late"]


def test_why_is_not_asked_of_another_customers_need(talk, leaving, sam, now):
    from proofline.stages.discovery.models import Study

    foreign = Study.objects.open_study(by=sam, now=now, account=leaving)
    need = Need.objects.record(by=sam, now=now, study=foreign, text="Other")
    with pytest.raises(ValidationError, match="another customer"):
        ask_why(talk, need, by=sam, now=now, text="Because")
    assert not talk.notes.exists()


def test_a_guide_fits_the_industry_and_asks_nothing_twice(talk):
    guide = guides.fitting("Manufacturing")
    assert guides.fitting("制造") == guide
    assert guides.fitting("Fishing").slug == "general"
    made = GuideQuestion.objects.ask(talk, guide.asked("zh-hans"))
    assert [question.aspect for question in talk.questions.with_state()] == sorted(
        (one.aspect for one in made), key=["situation", "pain", "goal"].index
    )
    assert GuideQuestion.objects.ask(talk, guide.asked("zh-hans")) == []
    assert all(one.source == "制造" for one in made)


def test_every_guide_asks_about_situation_pain_and_goal_in_both_languages():
    for guide in guides.every():
        assert {aspect for aspect, _words in guide.questions} == {"situation", "pain", "goal"}
        assert all(words["en"].strip() and words["zh-hans"].strip() for _aspect, words in guide.questions)


def test_what_a_questionnaire_left_open_is_asked_in_the_talk(link, study, talk, now):
    reply = Reply.objects.begin(link, version=link.questionnaire.newest, now=now, language="en")
    reply.save_answers({"how": "hand"}, now=now)
    ((found, left),) = guides.replies_left_open(study)
    assert found == reply
    assert "how" not in {question.text for question in left}
    made = GuideQuestion.objects.ask(talk, left)
    assert {(one.reply, one.source) for one in made} == {(reply, reply.content.title["en"])}


def test_open_questions_go_on_to_the_next_talk_by_themselves(talk, study, ask, note, sam, now):
    answered, _left, crossed = ask("How long?", "Who decides?", "By when?")
    note("Three days", question=answered)
    crossed.cross_off(by=sam, now=now, reason="They told us by mail")
    conclude(talk, by=sam, now=now)
    assert states(talk) == {"How long?": "answered", "Who decides?": "open", "By when?": "crossed"}
    following = plan(study, by=sam, now=later(now, days=1))
    (carried,) = following.questions.all()
    assert (carried.text, carried.carried_from.interview) == ("Who decides?", talk)
    assert states(talk)["Who decides?"] == "carried"
    with pytest.raises(ValidationError, match="Cross it off"):
        carried.remove()
    assert not plan(study, by=sam, now=now, title="Third").questions.exists()


def test_open_questions_go_on_to_a_talk_that_is_planned_already(talk, study, ask, sam, now):
    ask("Who decides?", "By when?")
    following = plan(study, by=sam, now=now, planned_at=later(now, days=7))
    ask("By when?", into=following)
    plan(study, by=sam, now=now, planned_at=later(now, days=9))
    conclude(talk, by=sam, now=now)
    assert {question.text: question.carried_from.interview for question in following.questions.all()} == {
        "Who decides?": talk,
        "By when?": talk,
    }
    assert set(states(talk).values()) == {"carried"}


def test_a_talk_called_off_leaves_its_questions_to_the_next(talk, study, ask, sam, now):
    ask("Who decides?")
    call_off(talk, by=sam, now=now, reason="Ill")
    assert talk.__class__.objects.get(pk=talk.pk).state == "called_off"
    assert [question.text for question in plan(study, by=sam, now=now).questions.all()] == ["Who decides?"]


def test_a_crossing_needs_a_reason(ask, sam, now):
    (question,) = ask("Who decides?")
    with pytest.raises(ValidationError):
        question.cross_off(by=sam, now=now, reason="")
    question.cross_off(by=sam, now=now, reason="Known")
    question.put_back()
    assert GuideQuestion.objects.with_state().get().state == "open"


def test_closing_tells_what_came_of_the_talk_once(talk, ask, note, sam, now):
    talk.start(by=sam, now=now)
    (question,) = ask("How long?")
    note("Three days", question=question).become_need(by=sam, now=now)
    closed = conclude(talk, by=sam, now=later(now, minutes=42))
    assert (closed.seconds, closed.notes, closed.needs, closed.questions, closed.answered) == (2520, 1, 1, 1, 1)
    for verb in (conclude, call_off):
        with pytest.raises(OverError):
            verb(talk, by=sam, now=now)
    with pytest.raises(OverError):
        talk.start(by=sam, now=now)
    told = [batch.content for batch in Batch.objects.all() if b"interview.held" in bytes(batch.content)]
    assert len(told) == 1


def test_talks_follow_a_contact_that_becomes_another(talk, helen, healthy, sam, now):
    from proofline.records import merging

    other = Contact.objects.add(by=sam, now=now, name="H. He", account=healthy, owner=sam)
    talk.people.set([other])
    merging.merge(helen, other, take=None, by=sam, now=now)
    assert list(talk.people.all()) == [helen]


def test_a_colleague_who_leaves_takes_no_note_along(note, cleo):
    kept = note("Said", by=cleo)
    User.objects.filter(pk=cleo.pk).delete()
    kept.refresh_from_db()
    assert (kept.text, kept.by) == ("Said", None)


def test_a_note_is_not_overwritten_by_a_program_that_did_not_read_it(note, sam, now):
    kept, api = note("We copy the figures."), Program(sam, now)
    unread = api.call("patch", f"/interview-notes/{kept.pk}", {"text": "We type them."})
    assert (unread.status_code, unread.json()["errors"][0]["field"]) == (422, "version")
    read = api.get(f"/interviews/{kept.interview_id}/notes")["items"][0]
    api.patch(f"/interview-notes/{kept.pk}", {"text": "We type them.", "version": read["version"]})
    kept.refresh_from_db()
    assert kept.text == "We type them."
