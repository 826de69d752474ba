"""A proposal behind a code by e-mail; who reads it, and whether it was passed on."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proofline.kit.jobs.running import run_pending
from proofline.records.models import Notification
from proofline.stages.discovery.admitting import guard
from proofline.stages.discovery.admitting import public as admitting
from proofline.stages.discovery.models import AccessCode, Opening, ProposalComment, open_proposal
from proofline.stages.discovery.readers import readers
from proofline.stages.discovery.sending import send

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0"


@pytest.fixture(autouse=True)
def unhurried_readers():
    for pace in (guard.GUESSING, admitting.ASKING, admitting.ENTERING):
        pace.forget()


@pytest.fixture
def locked(proposal, helen, sam):
    send(proposal, by=sam, now=timezone.now(), to=helen, asks_code=True)
    return proposal


@pytest.fixture
def phone():
    return Client(headers={"user-agent": PHONE})


def at(name, proposal):
    return reverse(f"discovery:{name}", args=[proposal.token])


def code_for(browser, proposal, email):
    """Ask for a code and return it from the mail; "" where none came."""
    mail.outbox.clear()
    answer = browser.post(at("proposal_code", proposal), {"email": email})
    assert answer.status_code == 200
    assert f"If {email} may read it" in answer.content.decode()
    run_pending()
    if not mail.outbox:
        return ""
    assert mail.outbox[0].to == [email]
    return re.search(r"\b\d{6}\b", mail.outbox[0].body)[0]


def enter(browser, proposal, email, code):
    return browser.post(at("proposal_entry", proposal), {"email": email, "code": code})


def let_in(browser, proposal, email="helen@heron.test"):
    assert enter(browser, proposal, email, code_for(browser, proposal, email)).url == proposal.public_path


def test_without_a_code_nothing_is_shown_and_nothing_is_done(locked, phone):
    page = phone.get(locked.public_path)
    assert "Type your e-mail address" in page.content.decode()
    pages = [page, phone.get(at("proposal_public_pdf", locked))]
    pages += [phone.post(at(name, locked), {"text": "x"}) for name in ("proposal_comments", "proposal_public_add_ons")]
    pages.append(phone.post(at("proposal_reading", locked), '{"value": 5}', content_type="application/json"))
    assert [answer.status_code for answer in pages] == [200, 200, 403, 403, 403]
    for answer in pages:
        assert answer["Content-Type"].startswith("text/html")
        for secret in ("33,280", locked.title, "helen@"):
            assert secret not in answer.content.decode()
    assert not Opening.objects.exists()
    assert not ProposalComment.objects.exists()


def test_the_addressee_gets_a_code_that_opens_everything_once(locked, helen, phone):
    code = code_for(phone, locked, "Helen@Heron.test")
    assert enter(phone, locked, "helen@heron.test", f"{code[:3]} {code[3:]}").url == locked.public_path
    page = phone.get(locked.public_path).content.decode()
    assert "CN¥33,280" in page
    assert "as Helen He" in page
    assert phone.get(at("proposal_public_pdf", locked))["Content-Type"] == "application/pdf"
    phone.post(at("proposal_comments", locked), {"anchor": "value", "text": "x", "name": "Somebody else"})
    assert ProposalComment.objects.get().contact == helen
    assert enter(Client(), locked, "helen@heron.test", code).status_code == 422
    assert code not in AccessCode.objects.get().digest


def test_whether_an_address_is_the_right_one_is_not_told(locked, phone):
    answers = [
        phone.post(at("proposal_code", locked), {"email": email}) for email in ("helen@heron.test", "eve@evil.test")
    ]
    varies = re.compile(r"helen@heron\.test|eve@evil\.test|CSRFToken\": \"\w+")
    texts = [varies.sub("", answer.content.decode()) for answer in answers]
    assert texts[0] == texts[1]
    run_pending()
    assert [message.to for message in mail.outbox] == [["helen@heron.test"]]
    assert enter(phone, locked, "eve@evil.test", "000000").status_code == 422


def test_a_code_is_over_after_ten_minutes_five_tries_or_a_newer_one(locked, phone, helen):
    now, email = timezone.now(), helen.email

    def issue(at=now):
        return AccessCode.objects.issue(locked, email=email, now=at)

    def take(code, at=now):
        return AccessCode.objects.take(locked, email=email, code=code, now=at)

    old = issue()
    assert not take(old, now + timedelta(minutes=10))
    first, second = issue(), issue()
    assert first == second or not take(first)
    assert take(second)
    assert not take(second)
    tried = issue()
    wrong = f"{(int(tried) + 1) % 10**6:06d}"
    assert not any(take(wrong) for _try in range(5))
    assert not take(tried)


def test_colleagues_only_where_that_was_allowed(locked, helen, phone, sam):
    assert code_for(phone, locked, "hu@heron.test") == ""
    send(locked, by=sam, now=timezone.now(), to=helen, asks_code=True, lets_colleagues_in=True)
    let_in(phone, locked, "hu@heron.test")
    assert "CN¥33,280" in phone.get(locked.public_path).content.decode()
    assert code_for(Client(), locked, "hu@heron.test.evil.test") == ""
    send(locked, by=sam, now=timezone.now(), to=helen, asks_code=True)
    assert "33,280" not in phone.get(locked.public_path).content.decode()


def test_a_code_needs_somewhere_to_go(proposal, helen, as_, sam, now):
    with pytest.raises(ValidationError, match="e-mail address"):
        send(proposal, by=sam, now=now, asks_code=True)
    helen.email = "helen@gmail.com"
    with pytest.raises(ValidationError, match="everybody may use"):
        send(proposal, by=sam, now=now, to=helen, asks_code=True, lets_colleagues_in=True)
    form = {"to": "", "asks_code": "on"}
    answer = as_(sam).post(reverse("discovery:proposal_sending", args=[proposal.pk]), form)
    assert answer.status_code == 422
    assert "the code is sent there" in answer.content.decode()
    form["to"] = helen.pk
    assert as_(sam).post(reverse("discovery:proposal_sending", args=[proposal.pk]), form).status_code == 302
    assert proposal.last_sending.asks_code
    assert "a code by e-mail" in as_(sam).get(proposal.get_absolute_url()).content.decode()


def test_a_cookie_is_good_for_its_own_proposal_alone(locked, helen, study, phone, sam, now):
    let_in(phone, locked)
    other = type(locked).objects.draft(by=sam, now=now, study=study, title="Another")
    send(other, by=sam, now=timezone.now(), to=helen, asks_code=True)
    phone.cookies["proposal-admitted"]["path"] = "/"
    assert "Type your e-mail address" in phone.get(other.public_path).content.decode()
    phone.cookies["proposal-admitted"] = "helen@heron.test:forged:sign"
    assert "33,280" not in phone.get(locked.public_path).content.decode()


def test_codes_are_slowed_down(locked, phone):
    answers = [phone.post(at("proposal_code", locked), {"email": "helen@heron.test"}).status_code for _try in range(6)]
    assert answers == [200] * 5 + [429]
    tries = [enter(phone, locked, "helen@heron.test", "123456").status_code for _try in range(16)]
    assert tries == [422] * 15 + [429]


@pytest.mark.parametrize("email", ["", "x", "a@b", "é" * 400, "a\r\nBcc: b@c.de"])
def test_what_is_no_address_is_told(locked, phone, email):
    answer = phone.post(at("proposal_code", locked), {"email": email})
    assert answer.status_code == 422
    assert "This is not an e-mail address." in answer.content.decode()


def test_the_same_person_on_two_devices_is_one_reader_where_a_code_names_them(locked, phone, as_, sam, facts):
    desk = Client(headers={"user-agent": DESK})
    for browser in (phone, desk):
        let_in(browser, locked)
        browser.get(locked.public_path)
    (reader,) = readers(locked)
    assert reader.email == "helen@heron.test"
    assert facts("proposal.forwarded") == []
    page = as_(sam).get(locked.get_absolute_url()).content.decode()
    assert "helen@heron.test" in page
    assert "assed on" not in page


def test_a_colleague_who_reads_is_told_by_name(locked, helen, phone, as_, sam, facts):
    send(locked, by=sam, now=timezone.now(), to=helen, asks_code=True, lets_colleagues_in=True)
    let_in(phone, locked, "hu@heron.test")
    phone.get(locked.public_path)
    assert "Passed on to hu@heron.test." in as_(sam).get(locked.get_absolute_url()).content.decode()
    (fact,) = facts("proposal.forwarded")
    assert fact["properties"]["others"] == "hu@heron.test"


def test_passing_on_is_noticed_once_and_told_as_probable(proposal, helen, as_, sam, facts):
    send(proposal, by=sam, now=timezone.now(), to=helen)
    for number, browser in enumerate((PHONE, PHONE, DESK, "Mozilla/5.0 (Linux; Android 15)")):
        open_proposal(proposal, now=timezone.now(), reader=f"r{number}", ip=f"192.0.2.{number}", user_agent=browser)
        assert len(facts("proposal.forwarded")) == (number >= 2)
    assert Notification.objects.filter(user=sam, kind="proposal_forwarded").count() == 1
    page = as_(sam).get(proposal.get_absolute_url()).content.decode()
    assert "Opened on 3 devices and in 4 places: probably passed on." in page


@pytest.mark.parametrize(
    "program",
    [
        "Mozilla/5.0 (Windows NT 10.0; Microsoft Outlook 16.0; ms-office)",
        "Mozilla/5.0 SkypeUriPreview Preview/0.5",
        "LinkedInBot/1.0",
        "curl/8.5.0",
        "python-requests/2.32",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "Barracuda Sentinel (EE)",
    ],
)
def test_programs_that_look_at_links_do_not_count(proposal, sam, program):
    send(proposal, by=sam, now=timezone.now())
    assert Client(headers={"user-agent": program}).get(proposal.public_path).status_code == 200
    assert not Opening.objects.exists()


def test_asking_for_the_head_alone_is_not_reading(proposal, phone, sam):
    send(proposal, by=sam, now=timezone.now())
    assert phone.head(proposal.public_path).status_code == 200
    assert not Opening.objects.exists()
    phone.get(proposal.public_path)
    assert Opening.objects.count() == 1
