"""A talk in a real browser: notes saved as typed, through a lost connection, by two writers at once, down to the loss."""

import math
import struct
import wave

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from proofline.stages.discovery.interviewing import guides
from proofline.stages.discovery.models import GuideQuestion, Interview, InterviewNote, Need, plan

pytestmark = pytest.mark.django_db(transaction=True)
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nHelen: Reports take three days\n\n00:03.000 --> 00:04.000\nSam: Why?\n"


@pytest.fixture
def talk(study, helen, sam):
    talk = plan(study, by=sam, now=timezone.now(), people=[helen])
    GuideQuestion.objects.ask(talk, guides.free("How long does it take?\nWho decides?", aspect="pain"))
    return talk


@pytest.fixture
def desk(browser, live_server):
    """Open a window of somebody's, signed in: `desk(sam)`."""
    opened = []

    def desk(user, **size):
        client = Client()
        client.force_login(user)
        context = browser.new_context(viewport={"width": 1440, "height": 900, **size})
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])
        opened.append(context)
        return context.new_page()

    yield desk
    for context in opened:
        context.close()


def saved(page):
    expect(page.locator("[data-status]")).to_have_text("Saved")


def write(page, text):
    page.get_by_label("New note").press_sequentially(text)
    page.get_by_label("New note").press("Enter")


def test_a_talk_is_noted_down_to_the_loss(live_server, desk, talk, sam, screenshots):
    page = desk(sam)
    page.goto(f"{live_server.url}{talk.get_absolute_url()}")
    page.get_by_role("button", name="Start the talk").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("button", name="How long does it take?").click()
    expect(page.get_by_label("New note")).to_be_focused()
    write(page, "Reports take <b>three</b> days")
    note = page.locator("[data-note]").first
    expect(note.get_by_role("button", name="Need")).to_be_visible()
    expect(page.locator(".guide-answered")).to_contain_text("How long does it take?")
    note.get_by_role("button", name="Need").click()
    needs = page.locator("#needs")
    expect(needs.get_by_text("Reports take <b>three</b> days")).to_be_visible()
    for text, loss, amount in (("Plans are late", "", ""), ("We quote late", "Two orders a month", "60000")):
        needs.get_by_role("link", name="Why?").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Why does it matter?").fill(text)
        dialog.get_by_label("Business loss").fill(loss)
        dialog.get_by_label("Loss a month").fill(amount)
        dialog.get_by_role("button", name="Keep the answer").click()
        expect(dialog).to_be_hidden()
        expect(needs.get_by_text(text)).to_be_visible()
    expect(needs.get_by_text("Two orders a month")).to_be_visible()
    expect(needs.get_by_role("link", name="Why?")).to_have_count(0)
    page.screenshot(path=screenshots / "interview.png")
    page.get_by_role("button", name="Close the interview").click()
    expect(page.get_by_text("held", exact=True)).to_be_visible()
    talk = Interview.objects.get()
    assert (talk.conclusion.notes, talk.conclusion.needs, talk.conclusion.answered) == (3, 3, 1)
    assert [need.text for need in Need.objects.order_by("pk")][1:] == ["Plans are late", "We quote late"]
    assert all(note.second is not None for note in talk.notes.all())


def test_what_is_typed_without_a_connection_is_kept_and_sent_again(live_server, desk, talk, sam):
    page = desk(sam)
    page.goto(f"{live_server.url}{talk.get_absolute_url()}")
    write(page, "Before")
    saved(page)
    page.context.set_offline(True)
    write(page, "In the tunnel")
    page.get_by_label("New note").press_sequentially("Half a thou")
    expect(page.locator("[data-status]")).to_contain_text("Not saved yet")
    expect(page.locator("[data-note]").last.get_by_role("textbox")).to_have_value("In the tunnel")
    assert InterviewNote.objects.count() == 1
    page.context.set_offline(False)
    saved(page)
    page.get_by_label("New note").press_sequentially("ght")
    saved(page)
    page.context.set_offline(True)
    page.locator("[data-note]").first.get_by_role("textbox").fill("Before the tunnel")
    expect(page.locator("[data-status]")).to_contain_text("Not saved yet")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator(".talk-unsaved")).to_have_count(0)
    expect(page.locator("[data-note]").first.get_by_role("textbox")).to_have_value("Before the tunnel")
    assert sorted(InterviewNote.objects.values_list("text", flat=True)) == [
        "Before the tunnel",
        "Half a thought",
        "In the tunnel",
    ]


def test_two_who_write_see_each_other_and_overwrite_nothing(live_server, desk, talk, sam, mei):
    one, other = desk(sam), desk(mei)
    for page in (one, other):
        page.goto(f"{live_server.url}{talk.get_absolute_url()}")
    write(one, "Three days")
    saved(one)
    theirs = other.locator("[data-note]").first.get_by_role("textbox")
    expect(theirs).to_have_value("Three days", timeout=10_000)
    theirs.focus()
    one.locator("[data-note]").first.get_by_role("textbox").fill("Three long days")
    saved(one)
    theirs.fill("Three days, says Helen")
    alert = other.get_by_role("alert").filter(has_text="wrote meanwhile")
    expect(alert).to_contain_text("Sam Seller wrote meanwhile:Three long days")
    assert InterviewNote.objects.get().text == "Three long days"
    alert.get_by_role("button", name="Keep both").click()
    saved(other)
    assert InterviewNote.objects.get().text == "Three long days\nThree days, says Helen"


def test_times_lead_into_the_recording(live_server, desk, talk, sam, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "kept"
    sound = tmp_path / "talk.wav"
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(struct.pack("<h", int(8000 * math.sin(n / 9))) for n in range(8000 * 5)))
    words = tmp_path / "talk.vtt"
    words.write_text(VTT)
    page = desk(sam, width=390, height=844)
    page.goto(f"{live_server.url}{talk.get_absolute_url()}")
    page.get_by_label("Recording or transcript").set_input_files([sound, words])
    page.get_by_role("button", name="Attach").click()
    page.get_by_role("button", name="0:03").click()
    expect(page.locator("#recording [aria-current]")).to_contain_text("Why?")
    assert page.locator("audio").evaluate("player => player.currentTime") >= 3
    page.get_by_label("Search the transcript").fill("THREE")
    expect(page.get_by_text("Reports take three days")).to_be_visible()
    expect(page.locator(".transcript-cue", has_text="Why?")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
