"""The columnar store on a ClickHouse server: the same answers, and nothing lost while it is away."""

import http.client
import json
import threading
import time
import uuid

import clickhouse_connect
import pytest

from proofline.timeline.tests.test_live import ran, until, write_key
from tests.fixtures import waiting
from tests.fixtures.live import Live

COUNTS = (
    "import django; django.setup()\n"
    "from proofline.timeline import store\n"
    "print(*store.query('SELECT count(), uniqExact(id) FROM events WHERE source != {none:String}', {'none': ''})[0])"
)
WAITING = (
    "import django; django.setup()\n"
    "from proofline.timeline.models import Batch\n"
    "print(sum(Batch.objects.pending().values_list('count', flat=True)))"
)


@pytest.fixture(scope="module")
def far(prepared, clickhouse, tmp_path_factory):
    """Proofline with its events at the ClickHouse server."""
    with prepared.server(tmp_path_factory.mktemp("far") / "data", {"EVENTS_URL": clickhouse.url()}) as live:
        live.start()
        yield live


@pytest.fixture
def direct(clickhouse):
    """A handle of the client library, without Proofline."""
    client = clickhouse_connect.get_client(
        interface="https",
        host="127.0.0.1",
        port=clickhouse.port,
        username=clickhouse.user,
        password=clickhouse.password,
        ca_cert=str(clickhouse.certificate),
        dedicated_pool=True,
    )
    yield client
    client.close()


def send(live, key, count=10, ids=()):
    """Send events and return the status of the answer."""
    ids = ids or [uuid.uuid4().hex for _ in range(count)]
    batch = [{"type": "track", "userId": "u1", "event": "Far Seen", "messageId": one} for one in ids]
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=30)
    connection.request("POST", "/v1/batch", json.dumps({"writeKey": key, "batch": batch}))
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def until_health(live, wanted):
    ends = time.monotonic() + 30
    while live.health() != wanted:
        assert time.monotonic() < ends, live.log
        time.sleep(0.05)


def test_events_reach_the_server_and_every_question_is_answered_from_there(far, direct):
    key = write_key(far)
    assert send(far, key, 300) == 200
    found = until(far, inbox=0)
    assert (found["projected"] >= 300, found["quarantined"]) == (True, 0)
    assert direct.query("SELECT count(), uniqExact(id) FROM events.events WHERE event = 'Far Seen'").result_rows == [
        (300, 300)
    ]
    assert far.health() == 200
    assert json.loads(far.run("metric", "leads.count", "--json").stdout)["metric"] == "leads.count"
    assert not (far.data / "events").exists()


def test_it_is_rebuilt_there(far, direct):
    key = write_key(far, "Rebuilt")
    send(far, key, 20)
    before = until(far, inbox=0)["projected"]
    assert f"Rebuilt: {before:,} events." in far.run("timeline", "rebuild").stdout
    assert direct.query("SELECT count(), uniqExact(id) FROM events.events").result_rows == [(before, before)]


def test_on_the_command_line_a_wrong_password_is_one_line(far, clickhouse):
    url = clickhouse.url(password="not it")
    wrong = Live(far.data, far.environment | {"EVENTS_URL": url}).run("timeline", "status", "--json", check=False)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == (
        f"proofline: The ClickHouse server at https://127.0.0.1:{clickhouse.port} "
        "refuses user name and password of EVENTS_URL\n"
    )


def test_while_the_password_is_wrong_events_wait_and_then_count(far, clickhouse):
    key = write_key(far, "Locked out")
    before = until(far, inbox=0)["projected"]
    right = clickhouse.password
    clickhouse.stop()
    clickhouse.password = "another"
    clickhouse.start()
    try:
        until_health(far, 503)
        assert [send(far, key) for _ in range(5)] == [200] * 5
        far.stop()
        far.start(status=503)  # nor does it help to start again
        assert send(far, key) == 200
        assert ran(far, WAITING).strip() == "60"
        assert "another" not in far.log
        assert right not in far.log
    finally:
        clickhouse.stop()
        clickhouse.password = right
        clickhouse.start()
    until_health(far, 200)
    assert until(far, inbox=0)["projected"] == before + 60


def test_a_connection_lost_under_load_loses_and_doubles_nothing(far, clickhouse):
    key = write_key(far, "Loaded")
    before = until(far, inbox=0)["projected"]
    acknowledged, stop = [], threading.Event()

    def load():
        while not stop.is_set():
            ids = [uuid.uuid4().hex for _ in range(20)]
            if send(far, key, ids=ids) == 200:
                acknowledged.extend(ids)

    with waiting.threads(load, load):
        try:
            for _round in range(2):
                time.sleep(0.7)
                clickhouse.stop()
                until_health(far, 503)
                clickhouse.start()
                until_health(far, 200)
        finally:
            stop.set()
    found = until(far, inbox=0)
    assert len(acknowledged) > 100
    assert (found["projected"] - before, found["quarantined"]) == (len(acknowledged), 0)
    rows, ids = ran(far, COUNTS).split()
    assert rows == ids


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_insert_whose_connection_is_cut_is_made_once(far, clickhouse, when):
    key = write_key(far, "Cut")
    before = until(far, inbox=0)
    clickhouse.cut("INSERT INTO events ", when=when)
    send(far, key, 1)  # a single one, which would be kept in quarantine were it the event's fault
    found = until(far, inbox=0)
    assert not (clickhouse.folder / f"cut-{when}").exists()
    assert found["projected"] - before["projected"] == 1
    assert found["quarantined"] == before["quarantined"]
    rows, ids = ran(far, COUNTS).split()
    assert rows == ids


@pytest.fixture
def cluster(clickhouse):
    """The server as the only member of a cluster."""
    clickhouse.stop()
    clickhouse.cluster = "proof"
    clickhouse.start()
    yield clickhouse
    clickhouse.stop()
    clickhouse.cluster = ""
    clickhouse.start()


def test_one_setting_makes_it_a_cluster(prepared, cluster, tmp_path):
    spread = {"EVENTS_URL": cluster.url(database="spread"), "EVENTS_CLUSTER": "proof"}
    with prepared.server(tmp_path / "data", spread) as live:
        live.start()
        send(live, write_key(live), 30)
        assert until(live, inbox=0)["projected"] == 30
        assert live.run("timeline", "rebuild").stdout == "Rebuilt: 30 events.\n"
        assert json.loads(live.run("metric", "leads.count", "--json").stdout)["value"] == 0


def test_a_cluster_needs_a_server(far):
    environment = far.environment | {"EVENTS_URL": "", "EVENTS_CLUSTER": "proof"}
    alone = Live(far.data, environment).run("timeline", "status", check=False)
    assert alone.returncode == 2
    assert "EVENTS_URL has to name one of its ClickHouse servers" in alone.stderr
