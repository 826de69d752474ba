"""Archive, export, rebuild and erasure beside a running server; and what is left on the disk of who was erased."""

import http.client
import json
import os
import subprocess
import sys
import time

import pytest
from pyarrow import parquet

from proofline.timeline.models.keeping import PLACES
from tests.fixtures import searching

MAIL, USER, DEVICE = "lin.chen@lotus.test", "user-lin-4711", "device-of-lin-0815"
ARCHIVE = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from proofline.timeline import archive
print(archive.archive(now=timezone.now() + timedelta(days=100)))
"""
FORGET_LEAD = """
import django; django.setup()
from proofline.kit import search
from proofline.kit.search import rebuilding
from proofline.stages.reach.models import Lead
from proofline.timeline import erasing
leads = list(Lead.objects.values_list("pk", flat=True))
with search.dropping(Lead, leads):
    Lead.objects.all().delete()
rebuilding.tidy()
erasing.sweep_log()
"""
PARTS = """
import django; django.setup()
from proofline.timeline import store
print(*(row[0] for row in store.query("SELECT path FROM system.parts WHERE NOT active")), sep="\\n")
"""


def ran(live, code):
    """Run code in a process of its own on the server's data."""
    environment = os.environ | live.environment
    environment |= {"PROOFLINE_DATA": str(live.data), "DJANGO_SETTINGS_MODULE": "proofline.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(live, *words):
    return json.loads(live.run("timeline", *words, "--json").stdout)


def send(live, key, messages):
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    connection.request("POST", "/v1/batch", json.dumps({"writeKey": key, "batch": messages}))
    assert connection.getresponse().status == 200
    connection.close()


def people(live):
    """Return how much each person did; facts are nobody's."""
    rows = asked(live, "count", "--by", "person")["rows"]
    return sorted(row["value"] for row in rows if row["key"] not in {"", "0"})


def until_heard(live):
    """Wait until the reactions heard everything, without which nothing is archived."""
    ends = time.monotonic() + 30
    code = "import django; django.setup()\nfrom proofline.timeline.models import Batch\nprint(Batch.objects.filter(reacted_at=None).count())"
    while ran(live, code).strip() != "0":
        assert time.monotonic() < ends


def doings(number):
    """What Lin does, and Wang, who mentions Lin."""
    return [
        {"type": "page", "anonymousId": DEVICE, "messageId": f"p{number}", "properties": {"path": "/pricing"}},
        {
            "type": "identify",
            "anonymousId": DEVICE,
            "userId": USER,
            "traits": {"email": MAIL},
            "messageId": f"i{number}",
        },
        {
            "type": "track",
            "userId": USER,
            "event": "Feature Used",
            "messageId": f"t{number}",
            "properties": {"by": MAIL},
        },
        {"type": "track", "userId": USER, "messageId": f"q{number}"},
        {"type": "track", "userId": "wang", "event": "Invited", "messageId": f"w{number}", "properties": {"who": MAIL}},
    ]


def places(live, *traces):
    """Return the files in the data folder in which one of the traces stands, packed or not; parts that were replaced stay for minutes."""
    inactive = tuple(ran(live, PARTS).split()) or ("-",)
    return sorted(
        (path, trace)
        for path, trace in searching.found(searching.files(live.data), traces)
        if not path.startswith(inactive)
    )


@pytest.fixture(scope="module")
def key(live):
    """A source, and what was done before and after the archive took the first half."""
    key = json.loads(live.run("source", "add", "Product", "--json").stdout)["write_key"]
    send(live, key, doings(1))
    asked(live, "count")
    until_heard(live)
    assert int(ran(live, ARCHIVE)) >= 1
    send(live, key, doings(2))
    assert people(live) == [2, 6]
    return key


def test_exported_beside_the_server(live, key, tmp_path):
    said = asked(live, "export", "--out", str(tmp_path / "out"))
    written = sum(parquet.read_metadata(path).num_rows for path in said["files"])
    assert said["events"] == written == asked(live, "count")["value"]


def test_rebuilt_beside_the_server_everything_is_as_before(live, key):
    before = [asked(live, "count", "--by", by) for by in ("event", "person", "day")]
    live.run("timeline", "rebuild")
    assert [asked(live, "count", "--by", by) for by in ("event", "person", "day")] == before
    assert asked(live, "status")["quarantined"] == 2


def test_erased_beside_the_server_not_one_byte_is_left(live, key):
    assert places(live, USER)
    refused = live.run("timeline", "erase", "--email", "nobody@lotus.test", "--yes", check=False)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Nobody is known as nobody@lotus.test" in refused.stderr
    assert live.run("timeline", "erase", "--email", MAIL, check=False).returncode == 2
    done = asked(live, "erase", "--email", MAIL, "--yes")
    removed = {"inbox": 4, "archive": 4, "store": 6, "daily": 4, "keys": 3, "quarantined": 2}
    assert done == dict.fromkeys(PLACES, 0) | removed
    assert people(live) == [2]
    ran(live, FORGET_LEAD)  # a record of the sale, which is not the timeline's to delete
    assert places(live, MAIL, USER, DEVICE) == []
    live.run("timeline", "rebuild")
    assert people(live) == [2]
    assert asked(live, "status")["quarantined"] == 0
    live.stop()
    assert places(live, MAIL, USER, DEVICE) == []
