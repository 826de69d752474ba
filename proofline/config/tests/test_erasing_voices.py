"""Recordings of talks when somebody is erased: their own go, those with others are told of in the erasure's report, with the choice to delete them."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proofline.records.models import Contact
from proofline.stages.discovery.models import ErasedVoice, InterviewFile, Study, plan
from proofline.timeline import erasing, identity, inbox
from proofline.timeline.models import Source
from proofline.timeline.projector import project_pending
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db
MAIL = "yue@crane.test"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DATA_DIR = settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def yue(sam, now, leaving):
    source = Source.add(name="Product", now=now)
    contact = Contact.objects.add(by=sam, now=now, name="Yue", email=MAIL, account=leaving, owner=sam)
    told = {"type": "identify", "userId": "yue-4711", "traits": {"email": MAIL}}
    inbox.append(source, [told], timezone.now())
    project_pending()
    return contact


@pytest.fixture
def talked(sam, now, leaving, yue):
    """Return `talked(title, people)`: the recording of a talk with them."""
    study = Study.objects.open_study(by=sam, now=now, account=leaving, title="Reports", contact=yue)

    def talked(title, people):
        talk = plan(study, by=sam, now=now, people=people, title=title)
        sound = SimpleUploadedFile(f"{title}.mp3", b"sound")
        return InterviewFile.objects.attach(talk, sound, by=sam, now=now)

    return talked


@pytest.fixture
def erased(yue, talked, sam, now, leaving, django_capture_on_commit_callbacks):
    """Yue is erased, after talks alone, with Wang, with Wang without her, and with nobody named; return her number."""
    wang = Contact.objects.add(by=sam, now=now, name="Wang", account=leaving, owner=sam)
    talked("alone", [yue])
    talked("together", [yue, wang])
    talked("without", [wang])
    talked("nobody", [])
    person = identity.resolve(user="yue-4711")
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(person=person, by=sam.pk, now=timezone.now())
    return person


def names():
    return sorted(InterviewFile.objects.values_list("interview__title", flat=True))


def test_the_recording_of_a_talk_with_them_alone_goes_from_the_disk_too(erased):
    assert names() == ["nobody", "together", "without"]
    kept = {one.file.name.rpartition("/")[2] for one in InterviewFile.objects.all()}
    assert set(default_storage.listdir("interviews")[1]) == kept


def test_the_others_are_told_in_the_report_and_deleted_there(erased, as_, ada, django_capture_on_commit_callbacks):
    report = reverse("records:visitor_erasure", args=[erased])
    page = as_(ada).get(report).content.decode()
    together = InterviewFile.objects.get(interview__title="together")
    assert f"{together.interview.get_absolute_url()}#recording" in page
    assert "nobody.mp3" in page
    assert "without.mp3" not in page
    with django_capture_on_commit_callbacks(execute=True):
        gone = as_(ada).post(reverse("discovery:interview_file_removal", args=[together.pk]), {"next": report})
    assert (gone.status_code, gone["Location"]) == (302, report)
    assert names() == ["nobody", "without"]
    assert "together.mp3" not in as_(ada).get(report).content.decode().replace("Removed: together.mp3", "")
    assert ErasedVoice.objects.get().recording.name == "nobody.mp3"


def test_the_talk_itself_and_programs_say_so(erased, as_, sam, now):
    together = InterviewFile.objects.get(interview__title="together")
    assert "somebody in it was erased" in as_(sam).get(together.interview.get_absolute_url()).content.decode()
    told = Program(sam, now).call("get", f"/interviews/{together.interview_id}/files").json()["items"]
    assert [one["has_erased_voice"] for one in told] == [True]
    without = InterviewFile.objects.get(interview__title="without")
    assert "somebody in it was erased" not in as_(sam).get(without.interview.get_absolute_url()).content.decode()


def test_more_recordings_ask_the_store_no_more(talked, as_, sam, now):
    first = talked("first", [])
    files = f"/interviews/{first.interview_id}/files"
    api, browser, page = Program(sam, now), as_(sam), first.interview.get_absolute_url()
    asked = []
    for _turn in range(2):
        for ask in (lambda: api.get(files), lambda: browser.get(page)):
            ask()
            with CaptureQueriesContext(connection) as queries:
                ask()
            asked.append(len(queries))
        for number in range(3):
            InterviewFile.objects.attach(
                first.interview, SimpleUploadedFile(f"more-{number}.mp3", b"sound"), by=sam, now=now
            )
    assert asked[:2] == asked[2:]


def test_before_it_is_asked_what_becomes_of_recordings(yue, as_, ada):
    person = identity.resolve(user="yue-4711")
    page = as_(ada).get(reverse("records:visitor_erasure", args=[person])).content.decode()
    assert "Recordings of talks that nobody else of the customer was in are deleted" in page


def test_the_way_back_leads_nowhere_else(erased, as_, sam):
    together = InterviewFile.objects.get(interview__title="together")
    there = reverse("discovery:interview_file_removal", args=[together.pk])
    answer = as_(sam).post(there, {"next": "https://elsewhere.test/"})
    assert answer["Location"].startswith(together.interview.get_absolute_url())
    assert Client().get(reverse("records:visitor_erasure", args=[erased])).status_code == 302
