"""Exports in Settings and through the API: who may, from the choice of a time to the file and its end."""

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pyarrow import parquet

from proofline.kit.jobs.progress import JobState, JobStatus
from proofline.kit.jobs.running import run_pending
from proofline.records.models import Workspace
from proofline.timeline import erasing, identity, inbox
from proofline.timeline.models import Export, Source
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db
PATH = "/settings/exports/"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    """Give each test a data folder of its own."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def source(now):
    """Of three events at noon of three days in Shanghai."""
    source = Source.add(name="Product", now=now)
    noon = datetime(2026, 10, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    used = {"type": "track", "event": "Used", "userId": "lin"}
    days = [{**used, "timestamp": (noon + timedelta(days=day)).isoformat()} for day in range(3)]
    inbox.append(source, days, now)
    return source


@pytest.fixture
def made(source, ada, as_):
    """An export of two of the days, ready."""
    answer = as_(ada).post(f"{PATH}new/", {"first": "2026-10-01", "last": "2026-10-02"})
    run_pending()
    return answer["Location"]


def content(answer):
    return b"".join(answer.streaming_content)


def test_an_administrator_chooses_days_and_gets_a_file(source, ada, as_):
    browser = as_(ada)
    assert f'href="{PATH}"' in browser.get("/settings/").content.decode()
    assert "Nothing exported yet" in browser.get(PATH).content.decode()
    form = browser.get(f"{PATH}new/").content.decode()
    assert "company’s time zone, Asia/Shanghai" in form
    page = browser.post(f"{PATH}new/", {"first": "2026-10-01", "last": "2026-10-02"})["Location"]
    waiting = browser.get(page).content.decode()
    assert "every 1s" in waiting
    assert "You can leave this page" in waiting
    assert browser.get(f"{page}file/").status_code == 404
    assert "Waiting" in browser.get(PATH).content.decode()
    run_pending()
    ready = browser.get(page).content.decode()
    assert "every 1s" not in ready
    assert "1 Oct 2026 to 2 Oct 2026" in ready
    assert f'href="{page}file/"' in ready
    assert "A file is kept for 7 days." in ready
    listed = browser.get(PATH).content.decode()
    for said in ("Ready", "1 Oct 2026 to 2 Oct 2026", "Ada Admin", "KB", "Erasing a person removes all files"):
        assert said in listed
    answer = browser.get(f"{page}file/")
    assert answer["Content-Disposition"] == 'attachment; filename="events-2026-10-01-2026-10-02.parquet"'
    assert answer["Content-Type"] == "application/vnd.apache.parquet"
    assert parquet.read_table(io.BytesIO(content(answer))).num_rows == 2


def test_the_workspaces_time_zone_counts(source, ada, as_):
    Workspace.current().change(by=ada, now=timezone.now(), time_zone="America/Los_Angeles")
    page = as_(ada).post(f"{PATH}new/", {"first": "2026-10-01", "last": "2026-10-01"})["Location"]
    run_pending()
    rows = parquet.read_table(io.BytesIO(content(as_(ada).get(f"{page}file/")))).to_pylist()
    assert [row["at"].isoformat() for row in rows] == ["2026-10-02T04:00:00+00:00"]  # the evening before, over there


def test_nothing_chosen_means_everything_until_now(source, ada, as_):
    page = as_(ada).post(f"{PATH}new/", {"first": "", "last": ""})["Location"]
    run_pending()
    assert "All until" in as_(ada).get(page).content.decode()
    assert Export.objects.get().events >= 3


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-10-02", "2026-10-01", "The last day is before the first."),
        ("2999-01-01", "", "Nothing has happened yet on this day"),
        ("1700-01-01", "2026-10-01", "is out of range"),
        ("soon", "", "Enter a valid date."),
    ],
)
def test_a_time_that_makes_no_sense_is_said_at_its_field(source, ada, as_, first, last, said):
    answer = as_(ada).post(f"{PATH}new/", {"first": first, "last": last})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert f'value="{first}"' in answer.content.decode()
    assert not Export.objects.exists()


def test_its_progress_is_shown(source, ada, as_, monkeypatch):
    page = as_(ada).post(f"{PATH}new/", {"first": "", "last": ""})["Location"]
    running = JobStatus(state=JobState.RUNNING, attempts=1, done=1500, total=6000)
    monkeypatch.setattr(Export, "job_status", running)
    assert "1,500 of 6,000 events." in as_(ada).get(page).content.decode()
    assert "25 %" in as_(ada).get(PATH).content.decode()
    monkeypatch.setattr(Export, "job_status", JobStatus(state=JobState.DEAD, attempts=5))
    assert "could not be written" in as_(ada).get(page).content.decode()
    assert "Failed" in as_(ada).get(PATH).content.decode()


def test_it_is_removed_by_hand_and_by_an_erasure(made, ada, as_):
    browser = as_(ada)
    erasing.erase(person=identity.resolve(user="lin"), by=ada.pk, now=timezone.now())
    assert "Somebody was erased" in browser.get(made).content.decode()
    assert browser.get(f"{made}file/").status_code == 404
    again = browser.post(f"{PATH}new/", {"first": "2026-10-01", "last": ""})["Location"]
    run_pending()
    assert browser.post(f"{again}removal/")["Location"] == PATH
    assert "Removed by hand" in browser.get(again).content.decode()
    assert browser.get(f"{again}file/").status_code == 404


def test_who_may_export(made, ada, mei, sam, rita, mark, as_):
    for user in (mei, sam, rita, mark):
        browser = as_(user)
        assert PATH not in browser.get("/settings/").content.decode()
        for address in (PATH, f"{PATH}new/", made, f"{made}file/"):
            assert browser.get(address).status_code == 403
        for address in (f"{PATH}new/", f"{made}removal/"):
            assert browser.post(address).status_code == 403
    assert Export.objects.get().state == "done"
    mei.change(own_scope="all")  # a manager who sees all records
    assert content(as_(mei).get(f"{made}file/"))
    ada.change(own_scope="own")
    assert as_(ada).get(made).status_code == 200
    assert as_(ada).get(f"{PATH}999/").status_code == 404


def test_the_same_through_the_api(source, ada, mei, rita, now):
    api = Program(ada, now)
    begun = api.call("post", "/exports", {"from": "2026-10-02", "to": "2026-10-03"})
    assert begun.status_code == 202
    said = begun.json()
    assert (said["state"], said["from"], said["to"]) == ("waiting", "2026-10-01T16:00:00Z", "2026-10-02T16:00:00Z")
    address = f"/exports/{said['id']}"
    assert api.call("get", f"{address}/file").status_code == 404
    run_pending()
    done = api.get(address)
    assert (done["state"], done["events"], done["by_id"], done["removal"]) == ("done", 1, ada.pk, "")
    assert done["expires_at"] > done["done_at"]
    assert api.get("/exports")["items"] == [done]
    file = api.call("get", f"{address}/file")
    whole = content(file)
    assert (len(whole), parquet.read_table(io.BytesIO(whole)).num_rows) == (done["size"], 1)
    for user in (mei, rita):
        other = Program(user, now)
        for method, path in (("get", "/exports"), ("get", f"{address}/file"), ("delete", address)):
            assert other.call(method, path).status_code == 403
        assert other.call("post", "/exports", {}).status_code == 403
    assert api.call("delete", address).status_code == 204
    assert api.get(address)["state"] == "removed"
    assert api.call("get", f"{address}/file").status_code == 404
    assert api.call("get", f"/exports/{2**63}").status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"from": "2026-10-02", "to": "2026-10-01"}, "to"),
        ({"from": "yesterday"}, "from"),
        ({"from": "2999-01-01"}, "from"),
        ({"from": 7}, "body.from"),
    ],
)
def test_a_bad_time_is_a_problem_of_its_field(source, ada, now, body, field):
    answer = Program(ada, now).call("post", "/exports", body)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]


def test_everything_when_nothing_is_said(source, ada, now):
    said = Program(ada, now).call("post", "/exports", {}).json()
    assert said["from"] is None
    run_pending()
    assert Export.objects.get().events >= 3
