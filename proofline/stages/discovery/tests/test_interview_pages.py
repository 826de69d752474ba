"""Talks over HTTP: planned, held, noted, recorded."""

import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from proofline.stages.discovery.models import GuideQuestion, Interview, InterviewFile, InterviewNote, Need, Save, plan

pytestmark = pytest.mark.django_db
VTT = b"WEBVTT\n\n00:00:05.000 --> 00:00:09.000\n<v Helen He>Reports take three days &amp; nights</v>\n\n00:01:10.000 --> 00:01:12.000\nSam: Why?\n"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def at(talk):
    def at(what="", pk=None, kind="interviews"):
        return f"/{kind}/{pk or talk.pk}/{what}"

    return at


@pytest.fixture
def write(talk, as_, sam):
    """Save words as the page does."""

    def write(text, user=sam, key="abcdefgh12", **given):
        data = {"key": key, "text": text, "base": 0, "mark": text[:40], **given}
        answer = as_(user).post(f"/interviews/{talk.pk}/notes/", data, headers={"accept": "application/json"})
        return answer.status_code, json.loads(answer.content)

    return write


@pytest.fixture
def question(talk):
    return GuideQuestion.objects.ask(talk, [GuideQuestion(text="How long?", aspect="pain")])[0]


def attach(browser, talk, *files):
    return browser.post(f"/interviews/{talk.pk}/files/", {"file": list(files)}, follow=True)


def sound(name="talk.mp3"):
    return SimpleUploadedFile(name, bytes(range(256)) * 4, "audio/mpeg")


def test_a_talk_is_planned_with_its_guide(study, helen, sam, as_):
    browser, address = as_(sam), reverse("discovery:interview_new", args=[study.pk])
    page = browser.get(address).content.decode()
    assert "Manufacturing (8)" in page
    form = {"planned_at": "2026-11-05T10:00", "people": [helen.pk], "owner": sam.pk, "guide": "manufacturing"}
    answer = browser.post(address, form)
    made = Interview.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    assert (made.title, made.questions.count()) == ("Helen He", 8)
    page = browser.get(made.get_absolute_url()).content.decode()
    assert "How does an order get from sales to the shop floor" in page
    assert "Start the talk" in page
    assert made.title in browser.get(study.get_absolute_url()).content.decode()
    assert made.title in browser.get("/interviews/").content.decode()


def test_what_is_wrong_in_the_plan_is_said_and_what_was_typed_stays(study, lin, sam, as_):
    address = reverse("discovery:interview_new", args=[study.pk])
    answer = as_(sam).post(address, {"planned_at": "soon", "title": "Talk <b>", "people": [lin.pk], "guide": "none"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Talk &lt;b&gt;" in page
    assert not Interview.objects.exists()


def test_the_talk_starts_pauses_goes_on_and_is_closed(talk, at, sam, as_):
    browser = as_(sam)
    for verb, state in (("start", "running"), ("pause", "paused"), ("start", "running"), ("conclusion", "held")):
        assert browser.post(at(f"{verb}/")).status_code == 302
        assert Interview.objects.get().state == state
    assert browser.post(at("start/"), follow=True).content.decode().count("closed already") == 1
    assert browser.post(at("conclusion/")).status_code == 302
    assert browser.post(at("calling-off/"), {"reason": "x"}).status_code == 302
    assert Interview.objects.get().state == "held"


def test_the_clock_is_corrected_by_hand(talk, at, sam, as_):
    browser = as_(sam)
    assert "Start the talk first" in browser.post(at("clock/"), {"clock": "1:00"}).content.decode()
    browser.post(at("start/"))
    for wrong in ("soon", "1:99", "-1:00", "99999"):
        answer = browser.post(at("clock/"), {"clock": wrong})
        assert (answer.status_code, wrong in answer.content.decode()) == (422, True)
    assert browser.post(at("clock/"), {"clock": "1:02：05"}).status_code == 302
    assert abs(Interview.objects.get().seconds(now=timezone.now()) - 3725) < 5


def test_notes_are_saved_as_they_are_typed(talk, write, question, helen):
    status, found = write("Rep", second="75", question=question.pk, contact=helen.pk)
    assert (status, found["version"]) == (200, 1)
    assert "1:15" in found["html"]
    status, found = write("Reports <script>", base=1)
    assert (status, found["version"]) == (200, 2)
    assert "Reports &lt;script&gt;" in found["html"]
    note = InterviewNote.objects.get()
    assert (note.question, note.contact, note.second) == (question, helen, 75)


def test_a_note_of_two_writers_is_told_not_overwritten(write, cleo):
    write("Three days")
    write("Two days", user=cleo, base=1)
    status, found = write("Three long days", base=1)
    assert (status, found["text"], found["by"], found["version"]) == (409, "Two days", "Cleo Consultant", 2)
    assert write("Three long days", base=found["version"])[0] == 200


def test_nothing_typed_is_no_note_and_an_emptied_one_is_gone(talk, write):
    assert write("")[1]["version"] == 0
    write("Oops")
    assert write("", base=1)[1]["html"] == ""
    assert not talk.notes.standing().exists()


@pytest.mark.parametrize(
    ("given", "status"),
    [({"key": "x"}, 422), ({"key": "../../etc"}, 422), ({"second": "9" * 30}, 200), ({"second": "999999"}, 422), ({"base": "x"}, 200), ({"question": "0x1"}, 200)],
)  # fmt: skip
def test_a_saving_that_makes_no_sense_breaks_nothing(given, status, write):
    assert write("Words", **given)[0] == status


def test_a_note_that_is_too_long_is_told(write):
    status, found = write("x" * 20_001)
    assert status == 422
    assert "20000" in found["error"].replace(",", "")


def test_a_note_that_no_store_keeps_is_refused(write, talk):
    assert write("Ten hours\0")[0] == 422
    assert not talk.notes.exists()


def test_a_form_without_script_keeps_the_note_too(talk, at, sam, as_):
    as_(sam).post(at("start/"))
    assert as_(sam).post(at("notes/"), {"text": "By hand"}).status_code == 302
    note = InterviewNote.objects.get()
    assert (note.text, note.second) == ("By hand", 0)


def test_what_others_write_comes_by_itself(at, write, sam, rita, as_):
    browser = as_(rita)
    first = browser.get(at("live/")).json()
    assert (first["order"], first["notes"]) == ([], [])
    write("Three days")
    found = browser.get(at("live/"), {"since": first["stamp"]}).json()
    assert [note["key"] for note in found["notes"]] == ["abcdefgh12"]
    assert "textarea" not in found["notes"][0]["html"]
    InterviewNote.objects.update(changed_at=timezone.now() - timedelta(minutes=5))
    found = browser.get(at("live/"), {"since": found["stamp"]}).json()
    assert (found["order"], found["notes"]) == (["abcdefgh12"], [])
    for since in ("x", "2026-13-45T00:00", "2026-01-01"):
        assert browser.get(at("live/"), {"since": since}).status_code == 200


def test_a_note_becomes_a_need_and_its_why_is_asked(talk, at, write, helen, sam, as_):
    browser, pk = as_(sam), write("Reports take three days", contact=helen.pk)[1]["pk"]
    browser.post(at("need/", pk, "interview-notes"))
    browser.post(at("need/", pk, "interview-notes"))
    need = Need.objects.get()
    address = f"{at('why/')}?need={need.pk}"
    assert "Reports take three days" in browser.get(address).content.decode()
    assert browser.post(address, {}).status_code == 422
    answer = browser.post(address, {"loss_amount": "5", "loss": "Orders"})
    assert (answer.status_code, "in which currency" in answer.content.decode()) == (422, True)
    given = {"text": "Plans <i>late</i>", "loss": "Two orders", "loss_amount": "60000", "loss_currency": "CNY"}
    deep = browser.post(address, given | {"contact": helen.pk})
    below = Need.objects.get(because_of=need)
    assert deep["Location"].endswith(f"#need-{below.pk}")
    page = browser.get(at()).content.decode()
    assert "Plans &lt;i&gt;late&lt;/i&gt;" in page
    assert "CN¥60,000 a month" in page
    assert "from an interview" in browser.get(talk.study.get_absolute_url()).content.decode()
    for odd in ("", "?need=x", "?need=99999999999999999999"):
        assert browser.get(at("why/") + odd).status_code == 302


def test_a_note_is_corrected(talk, at, write, question, need, helen, sam, as_):
    pk = write("Three days")[1]["pk"]
    address, browser = at("", pk, "interview-notes"), as_(sam)
    assert "Three days" in browser.get(address).content.decode()
    form = {"second": "2:05", "question": question.pk, "contact": helen.pk, "needs": [need.pk]}
    assert browser.post(address, form).status_code == 302
    note = InterviewNote.objects.get()
    assert (note.clock, note.question, note.contact, [*note.needs.all()]) == ("2:05", question, helen, [need])
    assert browser.post(address, form | {"second": "then"}).status_code == 422
    assert browser.post(address, form | {"second": ""}).status_code == 302
    assert InterviewNote.objects.get().second is None


def test_a_note_is_removed_and_put_back(talk, at, write, sam, as_):
    browser, pk = as_(sam), write("Three days")[1]["pk"]
    page = browser.post(at("removal/", pk, "interview-notes"), follow=True).content.decode()
    assert reverse("discovery:interview_note_restoration", args=[pk]) in page
    assert not talk.notes.standing().exists()
    browser.post(at("restoration/", pk, "interview-notes"))
    assert talk.notes.standing().exists()


def test_questions_are_added_crossed_off_and_taken_out(talk, at, question, sam, as_):
    browser = as_(sam)
    assert browser.post(at("questions/"), {}).status_code == 422
    assert browser.post(at("questions/"), {"text": "x" * 1001}).status_code == 422
    given = {"text": "Who decides?\n\n By <b>when</b>?\nHow long?", "aspect": "goal", "guide": "retail"}
    assert browser.post(at("questions/"), given).status_code == 302
    assert talk.questions.count() == 1 + 2 + 8
    assert "By &lt;b&gt;when&lt;/b&gt;?" in browser.get(at()).content.decode()
    crossing = at("crossing/", question.pk, "interview-questions")
    assert browser.post(crossing, {"reason": ""}).status_code == 422
    assert browser.post(crossing, {"reason": "Known"}).status_code == 302
    assert "crossed off: Known" in browser.get(at()).content.decode()
    browser.post(at("return/", question.pk, "interview-questions"))
    browser.post(at("removal/", question.pk, "interview-questions"))
    assert not talk.questions.filter(pk=question.pk).exists()


def test_a_question_carried_over_says_from_where_and_is_not_simply_dropped(talk, study, at, question, sam, as_, now):
    browser = as_(sam)
    browser.post(at("conclusion/"))
    following = plan(study, by=sam, now=now + timedelta(days=1), title="Second talk")
    page = browser.get(following.get_absolute_url()).content.decode()
    assert "left open in" in page
    assert "goes on in" in browser.get(at()).content.decode()
    carried = following.questions.get()
    page = browser.post(at("removal/", carried.pk, "interview-questions"), follow=True).content.decode()
    assert "Cross it off, and say why." in page
    assert following.questions.count() == 1


def test_a_recording_is_played_from_any_second(talk, at, sam, as_):
    browser = as_(sam)
    assert "talk.mp3" in attach(browser, talk, sound()).content.decode()
    pk = InterviewFile.objects.get().pk
    address = at("", pk, "interview-files")
    whole = browser.get(f"{address}?show=1")
    assert (whole["Content-Type"], whole["Accept-Ranges"], len(whole.getvalue())) == ("audio/mpeg", "bytes", 1024)
    for asked, span in (("bytes=10-19", slice(10, 20)), ("bytes=1000-", slice(1000, 1024)), ("bytes=-4", slice(1020, 1024)), ("bytes=1000-9999", slice(1000, 1024))):  # fmt: skip
        part = browser.get(f"{address}?show=1", headers={"range": asked})
        assert (part.status_code, part.getvalue()) == (206, (bytes(range(256)) * 4)[span]), asked
    assert browser.get(f"{address}?show=1", headers={"range": "bytes=5000-"}).status_code == 416
    for odd in ("bytes=x", "bytes=-", "bytes=0-1,4-5", "lines=1-2"):
        assert len(browser.get(f"{address}?show=1", headers={"range": odd}).getvalue()) == 1024
    saved = browser.get(address)
    assert saved["Content-Disposition"].startswith("attachment")
    assert len(saved.getvalue()) == 1024


def test_a_transcript_stands_beside_the_notes(talk, at, write, sam, as_):
    browser = as_(sam)
    write("She sighs", second="60")
    page = attach(browser, talk, SimpleUploadedFile("talk.vtt", VTT)).content.decode()
    assert page.index("Reports take three days &amp; nights") < page.index("transcript-note") < page.index("Why?</p>")
    found = InterviewFile.objects.get()
    assert found.cues == [[5, "Helen He", "Reports take three days & nights"], [70, "Sam", "Why?"]]
    assert browser.get(at("offset/", found.pk, "interview-files")).status_code == 200
    browser.post(at("offset/", found.pk, "interview-files"), {"offset": "-0:30"})
    assert [cue.second for cue in InterviewFile.objects.get().spoken] == [-25, 40]
    given = browser.get(f"{at('', found.pk, 'interview-files')}?show=1")
    assert given["Content-Disposition"].startswith("attachment")
    assert given.getvalue() == VTT
    browser.post(at("removal/", found.pk, "interview-files"))
    assert not InterviewFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("talk.exe", b"MZ", "of no type that is taken"), ("talk.vtt", b"WEBVTT\n\n", "no words"), ("talk.txt", b"\x00\x01\xff\x80", "no text")],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_with_the_reason(name, content, said, talk, sam, as_):
    page = attach(as_(sam), talk, SimpleUploadedFile(name, content)).content.decode()
    assert said in page
    assert not InterviewFile.objects.exists()


def test_a_recording_that_is_too_large_is_refused(talk, sam, as_, settings):
    settings.RECORDING_MB = 0
    assert "larger than 0 MB" in attach(as_(sam), talk, sound()).content.decode()


def test_planned_talks_wait_on_today_and_stand_in_the_calendar(study, helen, sam, tom, as_):
    now = timezone.now()
    talk = plan(study, by=sam, now=now, people=[helen], place="Room 4")
    assert talk.title in as_(sam).get("/").content.decode()
    day = timezone.localdate(now)
    assert talk.title in as_(sam).get(f"/calendar/day/{day}/").content.decode()
    as_(sam).post(f"/interviews/{talk.pk}/calling-off/", {"reason": "Ill"})
    assert talk.get_absolute_url() not in as_(sam).get(f"/calendar/day/{day}/").content.decode()


def test_who_is_erased_is_taken_out_of_what_was_said(talk, sam, now, django_capture_on_commit_callbacks):
    from proofline.stages.discovery.reactions import forget_person
    from proofline.timeline.traces import Traces

    InterviewNote.objects.write(talk, Save("Write to helen@heron.test"), key="k" * 10, by=sam, now=now)
    vtt = VTT.replace(b"Why?", "写信给 helen@heron.test".encode())
    InterviewFile.objects.attach(talk, SimpleUploadedFile("talk.vtt", vtt), by=sam, now=now)
    traces = Traces(frozenset(), frozenset({("email", "helen@heron.test")}))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_person(traces) == 3
    assert "helen@heron.test" not in InterviewNote.objects.get().text
    assert InterviewFile.objects.get().cues[0] == [5, "Helen He", "Reports take three days & nights"]
    kept = InterviewFile.objects.get()
    assert "helen@heron.test" not in str(kept.cues)
    with kept.file.open("rb") as file:
        said = file.read()
    assert "写信给".encode() in said
    assert b"helen@heron.test" not in said
    assert kept.size == len(said)
    assert default_storage.listdir("interviews")[1] == [kept.file.name.partition("/")[2]]
