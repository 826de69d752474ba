"""What a customer says of a proposal: beside what it is about, answered by us, settled; nothing typed is lost or becomes markup."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proofline.kit.jobs.running import run_pending
from proofline.outreach.models import OptOut
from proofline.records.models import Notification
from proofline.stages.discovery.admitting import guard
from proofline.stages.discovery.admitting import public as admitting
from proofline.stages.discovery.admitting.visitors import Visitor
from proofline.stages.discovery.conversing import public as conversing
from proofline.stages.discovery.conversing.speaking import comment
from proofline.stages.discovery.models import ProposalComment, ProposalThread
from proofline.stages.discovery.reactions import forget_person
from proofline.stages.discovery.sending import send
from proofline.stages.discovery.today import waiting
from proofline.timeline.traces import Traces
from tests.fixtures.sale import Program

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"


@pytest.fixture(autouse=True)
def unhurried_readers():
    for pace in (conversing.SPEAKING, guard.GUESSING, admitting.ASKING, admitting.ENTERING):
        pace.forget()


@pytest.fixture
def sent(proposal, helen, sam):
    send(proposal, by=sam, now=timezone.now(), to=helen)
    return proposal


@pytest.fixture
def phone():
    return Client(headers={"user-agent": PHONE})


def say(browser, proposal, anchor, text, **more):
    address = reverse("discovery:proposal_comments", args=[proposal.token])
    return browser.post(address, {"anchor": anchor, "text": text} | more)


@pytest.fixture
def asked(sent, helen):
    line = sent.value_case.lines.get()
    who = Visitor("Helen He", helen.email, helen)
    said = comment(sent, anchor=f"line-{line.pk}", basis=line.name, text="Is 12 right?", who=who, now=timezone.now())
    return said.thread


@pytest.mark.parametrize("where", ["text", "name", "email", "anchor"])
def test_what_no_store_keeps_is_refused_or_left_out_and_stays_typed(sent, phone, where):
    typed = {"anchor": "needs", "text": "Is this all?", "name": "Bo", "email": "bo@umbrella.test"}
    answer = phone.post(
        reverse("discovery:proposal_comments", args=[sent.token]),
        typed | {where: typed[where][:2] + "\0" + typed[where][2:]},
    )
    if where in {"text", "name"}:
        assert answer.status_code == 422
        assert "This text has characters that can’t be kept." in answer.content.decode().replace("&#x27;", "’")
    else:
        assert answer.status_code == 302
        assert ProposalThread.objects.get().anchor == "needs"
    assert ProposalComment.objects.count() == (where not in {"text", "name"})


def test_what_was_spoken_about_in_chinese_has_not_changed_for_a_seller_who_works_in_english(sent, phone, as_, sam, now):
    sent.change(by=sam, now=now, language="zh-hans")
    send(sent, by=sam, now=timezone.now())
    line = sent.value_case.lines.get()
    assert say(phone, sent, f"line-{line.pk}", "每周 20 小时？", name="何海伦").status_code == 302
    page = as_(sam).get(sent.get_absolute_url()).content.decode()
    assert "每周 20 小时？" in page
    assert "Said when this read" not in page


def test_a_customer_comments_on_a_line_and_the_seller_hears_of_it(sent, helen, phone, as_, sam, facts):
    line = sent.value_case.lines.get()
    answer = say(phone, sent, f"line-{line.pk}", "Only 10 of us\r\ndo that.")
    assert answer.url == f"{sent.public_path}#talk-line-{line.pk}"
    said = ProposalComment.objects.get()
    assert (said.name, said.contact, said.by) == ("Helen He", helen, None)
    assert (
        said.basis == "Collecting figures: 20 h/week × 12 people × 40% = 96 h/week; × CN¥80/h × 52/12 = CN¥33,280/month"
    )
    page = phone.get(sent.public_path).content.decode()
    assert "Only 10 of us<br>do that." in page
    ours = as_(sam).get(sent.get_absolute_url()).content.decode()
    assert "Only 10 of us<br>do that." in ours
    assert "waits for an answer" in ours
    (fact,) = facts("proposal.commented")
    assert (fact["contact_id"], fact["properties"]["text"]) == (helen.pk, "Only 10 of us\ndo that.")
    (told,) = Notification.objects.filter(user=sam, kind="proposal_comment")
    assert str(told) == "Helen He commented on “Reporting at Heron”"
    (item,) = (item for item in waiting(sam, timezone.now()) if item.kind == "Question in a proposal")
    assert (item.title, item.note) == ("Heron Robotics", "Helen He: Only 10 of us\ndo that.")
    assert as_(sam).get(reverse("discovery:proposals")).status_code == 200


@pytest.mark.parametrize("kind", ["summary", "needs", "value", "evidence", "terms", "need", "line", "story"])
def test_every_part_can_be_commented(sent, phone, kind):
    keys = {
        "need": sent.study.needs.order_by("-pk").first().pk,
        "line": sent.value_case.lines.get().pk,
        "story": sent.evidence.get().pk,
    }
    anchor = f"{kind}-{keys[kind]}" if kind in keys else kind
    assert f'id="talk-{anchor}"' in phone.get(sent.public_path).content.decode()
    assert say(phone, sent, anchor, "Why?").status_code == 302
    assert ProposalThread.objects.get().anchor == anchor


def test_who_speaks_is_asked_once_where_the_link_is_nobodys(proposal, lin, phone, sam):
    send(proposal, by=sam, now=timezone.now())
    first = say(phone, proposal, "value", "Whose rate is that?", name="")
    assert first.status_code == 422
    assert "Type your name." in first.content.decode()
    assert "Whose rate is that?</textarea>" in first.content.decode()
    wrong = say(phone, proposal, "value", "Whose?", name="Hu", email="hu@")
    assert wrong.status_code == 422
    assert "This is not an e-mail address." in wrong.content.decode()
    assert say(phone, proposal, "value", "Whose?", name=" Hu  Hao ", email="hu@heron.test").status_code == 302
    assert "as Hu Hao" in phone.get(proposal.public_path).content.decode()
    assert say(phone, proposal, "terms", "And this?").status_code == 302
    assert {(said.name, said.email) for said in ProposalComment.objects.all()} == {("Hu Hao", "hu@heron.test")}


@pytest.mark.parametrize(
    ("text", "trouble"), [("  ", "Write what you want to say."), ("x" * 2001, "At most 2000 characters.")]
)
def test_what_can_not_be_kept_stays_in_the_form(sent, phone, text, trouble):
    answer = say(phone, sent, "value", text)
    assert answer.status_code == 422
    assert trouble in answer.content.decode()
    assert text.strip() in answer.content.decode()
    assert not ProposalComment.objects.exists()


def test_a_place_that_is_not_there_loses_nothing(sent, phone):
    for anchor in ("line-999999", "x" * 300, "", "value'\"<"):
        answer = say(phone, sent, anchor, "Look at this")
        assert answer.status_code == 422, anchor
        assert "Look at this</textarea>" in answer.content.decode()


def test_nothing_said_becomes_markup(sent, phone, as_, sam):
    nasty = "<script>alert(1)</script>"
    say(phone, sent, "value", nasty, name=nasty)
    for page in (phone.get(sent.public_path), as_(sam).get(sent.get_absolute_url())):
        assert nasty not in page.content.decode()
        assert "&lt;script&gt;alert(1)" in page.content.decode()


def test_we_answer_in_place_and_the_customer_reads_it_there_and_by_mail(asked, sent, phone, as_, sam, facts):
    answer = as_(sam).post(reverse("discovery:thread_answers", args=[asked.pk]), {"text": "Helen counted them."})
    assert answer.url == asked.get_absolute_url()
    assert "Helen counted them." in phone.get(sent.public_path).content.decode()
    (fact,) = facts("proposal.answered")
    assert fact["properties"]["text"] == "Helen counted them."
    run_pending()
    (message,) = mail.outbox
    assert message.to == ["helen@heron.test"]
    assert "Helen counted them." in message.body
    assert f"{sent.public_path}#talk-{asked.anchor}" in message.body
    assert ProposalThread.objects.get().state == "answered"
    assert not ProposalThread.objects.waiting().exists()


def test_no_mail_without_consent(asked, helen, as_, sam, now):
    OptOut.objects.create(contact=helen, at=now)
    address = reverse("discovery:thread_answers", args=[asked.pk])
    page = as_(sam).post(address, {"text": "Yes."}, follow=True).content.decode()
    assert "No e-mail was sent" in page
    run_pending()
    assert not mail.outbox


def test_an_answer_that_says_nothing_is_refused(asked, as_, sam):
    for text, trouble in ((" ", "Write what you want to say."), ("y" * 2001, "At most 2000 characters.")):
        answer = as_(sam).post(reverse("discovery:thread_answers", args=[asked.pk]), {"text": text})
        assert answer.status_code == 422
        assert trouble in answer.content.decode()
    assert "y" * 2001 in answer.content.decode()


def test_a_settled_thread_opens_again_with_the_customers_next_word(asked, sent, phone, as_, sam, facts):
    for _again in range(2):
        as_(sam).post(reverse("discovery:thread_settling", args=[asked.pk]))
    assert len(facts("proposal.settled")) == 1
    assert ProposalThread.objects.get().state == "settled"
    assert not ProposalThread.objects.waiting().exists()
    say(phone, sent, asked.anchor, "And yet")
    assert ProposalThread.objects.get().state == "waiting"
    assert ProposalThread.objects.waiting().get() == asked


def test_a_comment_keeps_what_stood_there_when_the_line_changes_or_goes(proposal, need, helen, phone, as_, sam, now):
    send(proposal, by=sam, now=timezone.now(), to=helen)
    say(phone, proposal, f"need-{need.pk}", "Far too long")
    need.change(by=sam, now=now, text="Reports are late")
    for page in (phone.get(proposal.public_path), as_(sam).get(proposal.get_absolute_url())):
        assert "Said when this read: Reports take too long" in page.content.decode()
    proposal.change(by=sam, now=now, terms="Other terms")
    say(phone, proposal, "terms", "Which court?")
    proposal.change(by=sam, now=now, terms="")
    send(proposal, by=sam, now=timezone.now(), to=helen)
    for page in (phone.get(proposal.public_path), as_(sam).get(proposal.get_absolute_url())):
        assert "What was said of parts that are gone" in page.content.decode()
        assert "Which court?" in page.content.decode()
    assert say(phone, proposal, "terms", "Still asking").status_code == 302


def test_comments_are_slowed_down(sent, phone):
    answers = [say(phone, sent, "value", f"Comment {number}").status_code for number in range(16)]
    assert answers == [302] * 15 + [429]


def test_we_do_not_speak_as_the_customer(sent, as_, sam):
    assert say(as_(sam), sent, "value", "Hello").url == sent.get_absolute_url()
    assert not ProposalComment.objects.exists()
    assert "<textarea" not in as_(sam).get(reverse("discovery:proposal_preview", args=[sent.pk])).content.decode()


def test_a_closed_link_takes_no_comment(sent, phone, as_, sam):
    as_(sam).post(reverse("discovery:proposal_revocation", args=[sent.pk]))
    assert say(phone, sent, "value", "Hello").status_code == 410


def test_who_may_answer(asked, as_, sam, rita, olga):
    for name in ("thread_answers", "thread_settling"):
        address = reverse(f"discovery:{name}", args=[asked.pk])
        assert as_(olga).post(address, {"text": "x"}).status_code == 404
        assert as_(rita).post(address, {"text": "x"}).status_code == 403
        assert as_(sam).post(address, {"text": "x"}).status_code == 302


def test_many_comments_take_no_more_questions(sent, helen, phone, django_assert_max_num_queries):
    for anchor in ("summary", "value", "needs", "terms", "evidence"):
        for number in range(4):
            comment(
                sent,
                anchor=anchor,
                basis="x",
                text=f"{number}",
                who=Visitor("Helen He", contact=helen),
                now=timezone.now(),
            )
    phone.get(sent.public_path)
    with django_assert_max_num_queries(40):
        phone.get(sent.public_path)


def test_who_is_erased_is_taken_out_of_what_was_said(asked, sent, helen, phone):
    say(phone, sent, "value", "Write to helen@heron.test", name="Somebody", email="helen@heron.test")
    assert forget_person(Traces(frozenset(), frozenset({("email", "helen@heron.test")}))) >= 2
    assert not [said for said in ProposalComment.objects.all() if "helen@heron.test" in said.text + said.email]


def test_a_form_that_is_sent_twice_says_it_once(sent, phone, as_, sam):
    for _turn in range(2):
        assert say(phone, sent, "value", "Is this all?").status_code == 302
    assert ProposalComment.objects.count() == 1
    thread = ProposalThread.objects.get()
    for _turn in range(2):
        as_(sam).post(reverse("discovery:thread_answers", args=[thread.pk]), {"text": "Yes."})
    assert [said.text for said in ProposalComment.objects.order_by("pk")] == ["Is this all?", "Yes."]
    say(phone, sent, "value", "Is this all?")
    assert ProposalComment.objects.count() == 3


def test_two_comments_at_once_begin_one_thread(sent, helen):
    now = timezone.now()
    for minutes in range(2):
        who = Visitor("Helen He", contact=helen)
        comment(sent, anchor="value", basis="x", text="x", who=who, now=now + timedelta(minutes=minutes))
    assert ProposalThread.objects.count() == 1


def test_the_api_changes_proposals_reads_and_answers_what_customers_say(asked, sent, story, sam, rita, olga, now):
    def call(user, method, path, body=None):
        return Program(user, now).call(method, path, body)

    change = {"terms": "Sixty days.", "evidence_ids": [], "steps_today": [{"name": "Copy", "minutes": "30"}]}
    told = call(sam, "patch", f"/proposals/{sent.pk}", change).json()
    assert (told["terms"], told["evidence_ids"], told["steps_today"]) == (
        "Sixty days.",
        [],
        [{"name": "Copy", "minutes": "30"}],
    )
    assert call(sam, "patch", f"/proposals/{sent.pk}", {"evidence_ids": [story.pk, 999_999]}).status_code == 422
    assert call(sam, "patch", f"/proposals/{sent.pk}", {"steps_today": [{"minutes": "3"}]}).status_code == 422
    assert call(sam, "patch", f"/proposals/{sent.pk}", {"value_case_id": None}).status_code == 422
    assert call(rita, "patch", f"/proposals/{sent.pk}", change).status_code == 403
    assert call(olga, "patch", f"/proposals/{sent.pk}", change).status_code == 404
    (thread,) = call(sam, "get", "/proposal-threads").json()["items"]
    assert (thread["state"], thread["comments"][0]["text"]) == ("waiting", "Is 12 right?")
    answered = call(sam, "post", f"/proposal-threads/{asked.pk}/answers", {"text": "Yes."})
    assert (answered.status_code, answered.json()["state"]) == (201, "answered")
    assert call(sam, "post", f"/proposal-threads/{asked.pk}/answers", {"text": " "}).status_code == 422
    assert call(sam, "post", f"/proposal-threads/{asked.pk}/settling").json()["state"] == "settled"
    assert call(sam, "post", f"/proposals/{sent.pk}/sending", {"asks_code": True}).status_code == 422


def test_a_block_of_our_own_without_a_heading_can_be_commented(proposal, helen, phone, sam, now):
    block = {"key": "block-a", "kind": "text", "text": "We begin small."}
    proposal.change(by=sam, now=now, blocks=[block])
    send(proposal, by=sam, now=timezone.now(), to=helen)
    assert 'id="talk-block-a"' in phone.get(proposal.public_path).content.decode()
    assert say(phone, proposal, "block-a", "How small?").status_code == 302
    assert ProposalComment.objects.get().basis == "We begin small."
