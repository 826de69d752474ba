"""The proposal: written by us, read by the customer behind a private link, and who read what."""

import io
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from proofline.kit.jobs.running import run_pending
from proofline.records.models import Evidence, Task
from proofline.stages.discovery.matching import nearest
from proofline.stages.discovery.models import Opening, Proposal, SectionReading, open_proposal, revoke
from proofline.stages.discovery.readers import readers
from proofline.stages.discovery.sending import send
from proofline.stages.discovery.today import waiting

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0"


@pytest.fixture
def sent(proposal, helen, sam):
    send(proposal, by=sam, now=timezone.now(), to=helen, expires_at=timezone.now() + timedelta(days=30))
    return proposal


@pytest.fixture
def phone():
    return Client(headers={"user-agent": PHONE})


def beacon(client, proposal, seconds):
    address = reverse("discovery:proposal_reading", args=[proposal.token])
    return client.post(address, json.dumps(seconds), content_type="application/json")


def test_a_proposal_is_written_as_people_type_it(study, case, story, as_, sam):
    page = as_(sam).get(reverse("discovery:proposal_new", args=[study.pk]))
    assert page.context["form"]["value_case"].value() == case.pk
    assert "same pain: Reports by hand, same industry: Manufacturing" in page.content.decode()
    typed = {
        "title": "Reports in minutes",
        "language": "en",
        "value_case": case.pk,
        "steps_today": "Collect figures | 90\nCopy into slides | 45\n",
        "steps_tomorrow": "Open the dashboard|15",
        "evidence": [story.pk],
    }
    answer = as_(sam).post(reverse("discovery:proposal_new", args=[study.pk]), typed)
    proposal = Proposal.objects.get()
    assert answer.url == proposal.get_absolute_url()
    assert [step.name for step in proposal.today] == ["Collect figures", "Copy into slides"]
    assert proposal.minutes_saved == 120
    assert list(proposal.evidence.all()) == [story]
    form = as_(sam).get(reverse("discovery:proposal_edit", args=[proposal.pk])).context["form"]
    assert form["steps_today"].value() == "Collect figures | 90\nCopy into slides | 45"


def test_steps_that_can_not_be_read_are_refused_and_kept(study, as_, sam):
    typed = {"title": "x", "language": "en", "steps_today": "Collect figures | soon"}
    answer = as_(sam).post(reverse("discovery:proposal_new", args=[study.pk]), typed)
    assert answer.status_code == 422
    assert "Step 1, “Collect figures”: the minutes are not a number." in answer.content.decode()
    assert "Collect figures | soon" in answer.content.decode()


def test_sending_opens_the_link_promises_the_case_and_writes_to_the_person(proposal, helen, facts, as_, sam):
    assert Client().get(proposal.public_path).status_code == 404
    day = timezone.localdate() + timedelta(days=7)
    form = {"to": helen.pk, "expires_on": day.isoformat(), "by_mail": "on"}
    assert as_(sam).post(reverse("discovery:proposal_sending", args=[proposal.pk]), form).status_code == 302
    proposal.refresh_from_db()
    assert proposal.value_case.is_frozen
    assert proposal.state(now=timezone.now()) == "sent"
    assert timezone.localdate(proposal.last_sending.expires_at - timedelta(seconds=1)) == day
    (fact,) = facts("proposal.sent")
    assert (fact["contact_id"], fact["properties"]["to"]) == (helen.pk, "Helen He")
    assert fact["properties"]["evidence"] == str(proposal.evidence.get().pk)
    run_pending()
    (message,) = mail.outbox
    assert message.to == ["helen@heron.test"]
    assert proposal.public_path in message.body


def test_a_proposal_is_not_sent_to_another_customers_person(proposal, lin, sam, now):
    with pytest.raises(ValidationError, match="another account"):
        send(proposal, by=sam, now=now, to=lin)


def test_the_page_shows_the_promise_its_formulas_and_the_proof(sent, phone):
    page = phone.get(sent.public_path).content.decode()
    for text in (
        "Proposal for Heron Robotics",
        "CN¥33,280",
        "20 h/week × 12 people × 40% = 96 h/week",
        "Reports take too long",
        "Two orders a month go to faster rivals",
        "Paid back in month 1.",
        "2 h",
        "−52 % hours",
        "Thirty days to cancel.",
        "Sam Seller",
    ):
        assert text in page, text
    assert page.count("<svg") == 9
    assert "said by" not in page


def test_nothing_typed_becomes_markup(sent, phone, sam, now):
    nasty = "<script>alert(1)</script>"
    sent.change(by=sam, now=now, title=nasty, intro=nasty, terms=nasty, steps_today=[{"name": nasty, "minutes": "5"}])
    send(sent, by=sam, now=timezone.now())
    page = phone.get(sent.public_path).content.decode()
    assert nasty not in page
    assert page.count("&lt;script&gt;alert(1)") >= 4
    text = text_of(phone.get(reverse("discovery:proposal_public_pdf", args=[sent.token])))
    assert nasty in text


def test_evidence_that_may_not_be_shown_is_not_shown(sent, story, phone, sam, now):
    story.change(by=sam, now=now, permission=False)
    assert "−52 % hours" not in phone.get(sent.public_path).content.decode()


def test_the_page_speaks_the_customers_language(sent, phone, sam, now):
    sent.change(by=sam, now=now, language="zh-hans")
    send(sent, by=sam, now=timezone.now())
    answer = phone.get(sent.public_path)
    page = answer.content.decode()
    assert '<html lang="zh-hans"' in page
    assert "20 小时/周 × 12 人 × 40% = 96 小时/周" in page
    assert "¥33,280" in page


def test_opening_is_recorded_once_a_visit_and_asks_the_owner_to_follow_up(sent, helen, phone, facts, sam):
    phone.get(sent.public_path)
    phone.get(sent.public_path)
    Client(headers={"user-agent": DESK}).get(sent.public_path)
    first, second = Opening.objects.order_by("pk")
    assert first.reader != second.reader
    assert (first.ip, first.user_agent) == ("127.0.0.1", PHONE)
    told, _second = facts("proposal.opened")
    assert (told["contact_id"], told["account_id"], told["properties"]["first"]) == (
        helen.pk,
        sent.study.account_id,
        True,
    )
    task = Task.objects.get()
    assert (task.owner, task.url) == (sam, sent.get_absolute_url())
    assert "Heron Robotics opened the proposal" in task.title


def test_robots_and_we_ourselves_do_not_count(sent, as_, sam):
    Client(headers={"user-agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}).get(sent.public_path)
    Client(headers={"user-agent": DESK, "sec-purpose": "prefetch;prerender"}).get(sent.public_path)
    as_(sam).get(sent.public_path)
    as_(sam).get(reverse("discovery:proposal_preview", args=[sent.pk]))
    assert not Opening.objects.exists()


def test_what_is_read_adds_up_by_section(sent, phone, facts, as_, sam):
    phone.get(sent.public_path)
    assert beacon(phone, sent, {"value": 20, "price": 5}).status_code == 204
    assert beacon(phone, sent, {"value": 55}).status_code == 204
    (reader,) = readers(sent)
    assert [(name, time) for name, time, _seconds in reader.sections] == [
        ("What it is worth", "1 min"),
        ("What it costs", "5 s"),
    ]
    assert sorted(fact["properties"]["section"] for fact in facts("proposal.read")) == ["price", "value"]
    page = as_(sam).get(sent.get_absolute_url()).content.decode()
    assert "Reader 1" in page
    assert "iPhone" in page


@pytest.mark.parametrize(
    "seconds", [{"secrets": 5}, {"value": -5}, {"value": 10**9}, {"value": True}, {"value": "5"}, {"value": 1.5}]
)
def test_readings_out_of_reason_are_left_out(sent, phone, seconds):
    phone.get(sent.public_path)
    assert beacon(phone, sent, seconds).status_code == 204
    assert not SectionReading.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", "x" * 5000])
def test_a_broken_beacon_is_refused(sent, phone, body):
    address = reverse("discovery:proposal_reading", args=[sent.token])
    assert phone.post(address, body, content_type="application/json").status_code == 400


def test_who_did_not_open_the_page_has_read_nothing(sent, phone):
    assert beacon(phone, sent, {"value": 5}).status_code == 204
    assert not SectionReading.objects.exists()


def test_an_expired_link_says_whom_to_ask(proposal, helen, phone, sam):
    past = timezone.now() - timedelta(days=2)
    send(proposal, by=sam, now=past, to=helen, expires_at=past + timedelta(days=1))
    assert proposal.state(now=timezone.now()) == "expired"
    for name in ("proposal_public", "proposal_public_pdf"):
        answer = phone.get(reverse(f"discovery:{name}", args=[proposal.token]))
        assert answer.status_code == 410
        assert "sam@proofline.test" in answer.content.decode()
        assert "33,280" not in answer.content.decode()
    assert not Opening.objects.exists()


def test_a_closed_link_opens_again_when_it_is_sent_again(sent, phone, as_, sam):
    as_(sam).post(reverse("discovery:proposal_revocation", args=[sent.pk]))
    assert phone.get(sent.public_path).status_code == 410
    send(sent, by=sam, now=timezone.now())
    assert phone.get(sent.public_path).status_code == 200


def test_a_guessed_or_altered_link_is_not_found(sent, phone):
    for token in ("guess", sent.token[:-1], sent.token.swapcase()):
        assert phone.get(reverse("discovery:proposal_public", args=[token])).status_code == 404


def test_what_was_promised_is_not_exchanged(sent, study, sam, now):
    other = sent.value_case.new_version(by=sam, now=now)
    with pytest.raises(ValidationError, match="begin a new proposal"):
        sent.change(by=sam, now=now, value_case=other)


def text_of(answer):
    assert answer["Content-Type"] == "application/pdf"
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())


def test_the_pdf_says_the_same(sent, phone):
    text = text_of(phone.get(reverse("discovery:proposal_public_pdf", args=[sent.token])))
    for part in (
        "Proposal for Heron Robotics",
        "CN¥33,280",
        "20 h/week × 12 people × 40% = 96 h/week",
        "Decisions come a week late",
        "Paid back in month 1.",
        "Copy into slides",
        "2 h less each time",
        "−52 % hours",
        "Thirty days to cancel.",
    ):
        assert part in text, part


def test_the_nearest_evidence_comes_first_and_only_what_may_be_shown(study, need, story, suite, sam, now):
    def tell(title, **fields):
        return Evidence.objects.create(kind="story", title=title, **({"permission": True} | fields))

    sector_only = tell("Same industry", sector="manufacturing")
    tell("Far away", sector="banking", result="+9 %")
    tell("Secret", sector="manufacturing", permission=False)
    tell("Expired", sector="manufacturing", valid_until=timezone.localdate() - timedelta(days=1))
    tell("Their own", sector="manufacturing", account=study.account)
    found = nearest(study, language="en", today=timezone.localdate())
    assert [match.evidence for match in found] == [story, sector_only]
    assert found[0].why[:2] == ["same pain: Reports by hand", "same industry: Manufacturing"]


def test_what_has_expired_or_may_not_be_shown_any_more_is_shown_no_more(sent, story, phone):
    assert story.title in phone.get(sent.public_path).content.decode()
    story.valid_until = timezone.localdate() - timedelta(days=1)
    story.save()
    assert story.title not in phone.get(sent.public_path).content.decode()
    story.valid_until, story.permission = None, False
    story.save()
    assert story.title not in phone.get(sent.public_path).content.decode()


def test_what_is_fresh_comes_before_what_is_as_near_but_old(study, need, story):
    story.published_on = timezone.localdate() - timedelta(days=800)
    story.save()
    fresh = Evidence.objects.create(
        kind="story", title="Fresh", result="−9 %", sector="Manufacturing", permission=True,
        published_on=timezone.localdate() - timedelta(days=30),
    )  # fmt: skip
    fresh.pains.set([need.pain])
    found = nearest(study, language="en", today=timezone.localdate())
    assert [match.evidence for match in found] == [fresh, story]
    assert "of the last year" in found[0].why


def test_many_pieces_of_evidence_take_no_more_questions(study, need, story, django_assert_num_queries):
    for number in range(30):
        more = Evidence.objects.create(kind="story", title=f"Story {number}", sector="Manufacturing", permission=True)
        more.pains.set([need.pain])
    with django_assert_num_queries(7):
        found = nearest(study, language="en", today=timezone.localdate())
        assert len([match.evidence.account for match in found]) == 8


def test_reading_time_has_a_limit(sent, phone):
    phone.get(sent.public_path)
    for _again in range(3):
        beacon(phone, sent, {"value": 14_000})
    assert SectionReading.objects.get().seconds == 14_400


def test_the_first_opening_is_told_as_first_only_once(sent, facts, now):
    for reader in ("a", "b"):
        open_proposal(sent, now=now, reader=reader, ip=None, user_agent="")
    assert [fact["properties"]["first"] for fact in facts("proposal.opened")] == [True, False]


def test_closing_the_link_is_told(sent, facts, sam, now):
    revoke(sent, by=sam, now=now)
    (fact,) = facts("proposal.revoked")
    assert fact["properties"]["proposal"] == sent.title


def test_work_saved_a_week(proposal):
    assert proposal.hours_saved_a_week == Decimal(10)


def test_today_asks_for_a_word_about_what_nobody_opened(proposal, helen, sam, tom, now):
    send(proposal, by=sam, now=now, to=helen, expires_at=now + timedelta(days=10))
    assert [item.kind for item in waiting(sam, now + timedelta(days=1))] == []
    (item,) = waiting(sam, now + timedelta(days=4))
    assert (item.kind, item.title, item.money.amount) == ("Proposal not opened", "Heron Robotics", 33_280)
    assert list(waiting(tom, now + timedelta(days=4))) == []
    open_proposal(proposal, now=now, reader="a", ip=None, user_agent="")
    assert [item.kind for item in waiting(sam, now + timedelta(days=4))] == []
    assert [item.kind for item in waiting(sam, now + timedelta(days=8))] == ["Link closes soon"]
    assert [item.kind for item in waiting(sam, now + timedelta(days=11))] == []
