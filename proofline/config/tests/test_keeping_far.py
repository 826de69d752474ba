"""Erasing, letting go, archiving, exporting and rebuilding with the events on a ClickHouse server."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from pyarrow import parquet

from proofline.config import cli
from proofline.kit.jobs.running import run_pending
from proofline.timeline import (
    archive,
    changing,
    dailies,
    erasing,
    exports,
    identity,
    inbox,
    jobs,
    query,
    rebuilding,
    seen,
    store,
)
from proofline.timeline.engine import UnavailableError
from proofline.timeline.models import Erasure, Export, Source
from proofline.timeline.projector import project_pending
from proofline.timeline.tests import conftest
from proofline.timeline.tests.test_erasing import DEVICE, MAIL, USER, everywhere, told, track

pytestmark = pytest.mark.django_db
_alone = conftest._alone
LONG_AGO = datetime(2026, 6, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _far(clickhouse, settings, tmp_path, monkeypatch):
    """Give each test a database of its own at the server, and a data folder of its own here."""
    settings.DATA_DIR = tmp_path
    settings.INBOX_DAYS = timedelta(days=90)
    settings.RETENTION = None
    settings.EVENTS_URL = clickhouse.url(database=tmp_path.name)
    for name in ("_owner", "_asker", "_server", "_failed"):
        monkeypatch.setattr(store, name, None)
    yield
    store.clear()
    store.close()


@pytest.fixture
def source(now):
    return Source.add(name="Product", now=now)


@pytest.fixture
def lin(source, now):
    """Lin and Wang did the same long ago, which is archived, and now; Wang speaks of Lin."""
    person = told(source, now)
    inbox.append(source, [track("wang", "Invited", to=MAIL, at="2026-10-01T08:00:00Z")], now)
    project_pending()
    archive.archive(now=now)
    return person


def asked(capsys, *words):
    """Return the JSON that the command answers."""
    assert cli.main(["timeline", *words, "--json"]) == cli.DONE
    return json.loads(capsys.readouterr().out)


def counts():
    daily = "SELECT day, event, label, sum(times) FROM daily_people GROUP BY ALL ORDER BY ALL"
    return [query.count(by=by) for by in ("person", "event", "day")], store.query(daily)


def test_it_is_the_server_that_answers(clickhouse, lin, tmp_path):
    assert store.folder() is None
    assert not store.is_owner()
    assert not (tmp_path / "events").exists()
    assert store.query("SELECT currentDatabase()") == [(tmp_path.name,)]


def test_a_person_is_erased_and_a_rebuild_brings_nothing_back(lin, capsys):
    wang = identity.resolve(user="wang")
    assert MAIL in everywhere().lower()
    said = asked(capsys, "erase", "--email", MAIL, "--yes")
    removed = {"inbox": 3, "archive": 3, "store": 6, "daily": 6, "keys": 3}
    assert {name: said[name] for name in removed} == removed
    project_pending()
    for trace in (MAIL, USER, DEVICE):
        assert trace not in everywhere().lower()
    assert dict(query.count(by="person")) == {str(wang): 5}
    ((told_of,),) = store.query("SELECT toJSONString(properties) FROM events WHERE event = 'Invited'")
    assert json.loads(told_of) == {"feature": "Reports", "to": "erased", "at": "2026-10-01T08:00:00Z"}
    before = counts()
    assert cli.main(["timeline", "rebuild"]) == cli.DONE
    assert capsys.readouterr().out == "Rebuilt: 5 events.\n"
    assert counts() == before


def test_what_is_too_old_leaves(source, now, capsys, settings):
    for day in range(0, 130, 10):
        inbox.append(source, [track("u1", messageId=f"m{day}")], LONG_AGO + timedelta(days=day))
    project_pending()
    settings.RETENTION = timedelta(days=100)
    whole = dict(query.count(by="day"))
    said = asked(capsys, "archive")
    left = dict(query.count(by="day"))
    assert min(left) >= "2026-07-25"
    assert said["dropped"] == len(whole) - len(left) > 0
    assert said["archived"] > 0
    before = counts()
    rebuilding.rebuild()
    assert counts() == before
    changing.sweep()
    assert counts() == before


def test_events_leave_as_a_file(lin, now, tmp_path, capsys):
    said = asked(capsys, "export", "--out", str(tmp_path / "all.parquet"))
    assert said["events"] == parquet.read_metadata(tmp_path / "all.parquet").num_rows == 11
    exports.ask(from_="2026-06-01", to="2026-07-01", zone="Asia/Shanghai", by=None, now=now)
    run_pending()
    assert Export.objects.get().events == 5


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("words", ["ALTER TABLE events DELETE", "INSERT INTO events ", "MASK"])
def test_a_connection_that_is_lost_meanwhile_changes_nothing(lin, clickhouse, words, when, now):
    clickhouse.cut(words, when=when)
    erasure = erasing.begin(person=lin, by=None, now=now)
    jobs.erase.enqueue(erasure=erasure.pk)
    run_pending(now=now + timedelta(days=60))
    assert not (clickhouse.folder / f"cut-{when}").exists()
    erasure.refresh_from_db()
    assert erasure.done_at
    assert (erasure.numbers()["store"], bytes(erasure.aside), erasure.altered) == (6, b"", [])
    project_pending()
    assert MAIL not in everywhere().lower()
    before = counts()
    assert query.count(event="Invited") == [("", 1)]
    rebuilding.rebuild()
    assert counts() == before


def test_while_the_server_is_away_an_erasure_waits(lin, clickhouse, now):
    clickhouse.stop()
    try:
        with pytest.raises(UnavailableError):
            erasing.erase(person=lin, by=None, now=now)
    finally:
        clickhouse.start()
    assert Erasure.objects.unfinished().count() == 1
    jobs.finish_erasures.call()
    assert Erasure.objects.unfinished().count() == 0
    assert MAIL not in everywhere().lower()


def test_a_change_that_takes_longer_than_the_server_answers_is_awaited(
    clickhouse, source, now, settings, tmp_path, monkeypatch
):
    known, waited = changing._await, []
    monkeypatch.setattr(changing, "_await", lambda *words, **named: waited.append(known(*words, **named)) or waited[-1])
    inbox.append(source, [track("u1", messageId=f"m{number}") for number in range(3)], now)
    project_pending()
    store.close()
    settings.EVENTS_URL = clickhouse.url(database=tmp_path.name, ca_cert=clickhouse.certificate, send_receive_timeout=1)
    changing.delete("events", "sleepEachRow(0.9) = 0 AND event = 'Feature Used'")
    assert True in waited
    assert store.query("SELECT count() FROM events") == [(0,)]


def test_as_many_are_asked_for_at_a_time_as_a_server_reads(source, now):
    inbox.append(source, [track("u1", messageId=f"m{number}") for number in range(3)], now)
    project_pending()
    known = [one for (one,) in store.query("SELECT lower(hex(id)) FROM events")]
    many = known + [uuid.uuid4().hex for _ in range(10_000)]
    assert seen.stored(many) == set(known)
    dailies.mend_of(many)
    assert store.query("SELECT sum(times) FROM daily_people") == [(3,)]


def test_on_a_cluster_all_of_it_is_the_same(clickhouse, source, now, settings, capsys):
    clickhouse.stop()
    clickhouse.cluster = "proof"
    clickhouse.start()
    try:
        settings.EVENTS_CLUSTER = "proof"
        person = told(source, now)
        inbox.append(source, [track("wang", "Invited", to=MAIL)], now)
        project_pending()
        archive.archive(now=now)
        assert asked(capsys, "erase", "--person", str(person), "--yes")["store"] == 6
        assert MAIL not in everywhere().lower()
        before = counts()
        assert before[0][0] == [(str(identity.resolve(user="wang")), 5)]
        rebuilding.rebuild()
        assert counts() == before
        settings.RETENTION = timedelta(days=100)
        assert asked(capsys, "archive")["dropped"] == 2
        assert query.count() == [("", 3)]
        store.clear()
        store.close()
    finally:
        settings.EVENTS_CLUSTER = ""
        clickhouse.stop()
        clickhouse.cluster = ""
        clickhouse.start()
