"""Segment's own libraries for servers, as they come from their registries, against a real server."""

import gzip
import json
import secrets
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from segment.analytics.client import Client

from tests.fixtures import waiting
from tests.fixtures.network import BROKEN_OFF

LONG_AGO = datetime(2021, 3, 4, 5, 6, 7, 123_000, tzinfo=UTC)


@pytest.fixture
def source():
    return f"Product {secrets.token_hex(4)}"


@pytest.fixture
def key(aside, source):
    return aside.write_key(source)


@contextmanager
def python(key, url, **options):
    """The Python library; whatever it could not deliver fails the test."""
    refused = []
    client = Client(key, host=url, on_error=lambda error, _items: refused.append(error), **options)
    yield client
    waiting.at_once(client.shutdown)
    assert refused == []


def told(events):
    return sorted((one["kind"], one["event"]) for one in events)


EVERY_METHOD = [
    ("alias", "Aliased"),
    ("group", "Grouped"),
    ("identify", "Identified"),
    ("page", "Page Viewed"),
    ("screen", "Screen Viewed"),
    ("track", "Feature Used"),
    ("track", "Visited"),
]


@pytest.mark.parametrize("packed", [False, True])
def test_every_method_of_the_python_library(live, aside, source, key, packed):
    name = secrets.token_hex(4)
    with python(key, live.url, gzip=packed) as client:
        client.track(event="Visited", anonymous_id=f"a-{name}")
        client.identify(f"u-{name}", {"email": f"{name}@lotus.test", "plan": "pro"})
        client.track(f"u-{name}", "Feature Used", {"feature": "Reports", "number": 7})
        client.page(f"u-{name}", "Docs", "Start", {"path": "/start"})
        client.screen(f"u-{name}", "App", "Home", {"tab": 2})
        client.group(f"u-{name}", f"g-{name}", {"name": "Lotus"})
        client.alias(f"a-{name}", f"u-{name}")
    found = aside.arrived(source, len(EVERY_METHOD))
    assert told(found) == EVERY_METHOD
    by = {one["event"]: one["properties"] for one in found}
    assert by["Feature Used"] == {"feature": "Reports", "number": 7}
    assert by["Identified"] == {"email": f"{name}@lotus.test", "plan": "pro"}
    assert (by["Page Viewed"]["path"], by["Page Viewed"]["name"]) == ("/start", "Start")
    assert (by["Screen Viewed"]["tab"], by["Screen Viewed"]["name"]) == (2, "Home")
    assert by["Grouped"] == {"name": "Lotus", "groupId": f"g-{name}"}
    assert len({aside.canonical(one["person"]) for one in found}) == 1
    assert aside.quarantined(source) == []


def test_history_keeps_its_times(live, aside, source, key):
    with python(key, live.url) as client:
        client.track("u1", "Plan Bought", {"plan": "pro"}, timestamp=LONG_AGO)
        client.track("u1", "Plan Bought", {"plan": "pro"})
    old, new = aside.arrived(source, 2)
    assert old["at"] == "2021-03-04 05:06:07.123"
    assert abs(datetime.fromisoformat(new["at"]).replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds() < 60


@pytest.mark.parametrize("packed", [False, True])
def test_what_the_python_library_sends_again_counts_once(network, aside, source, key, packed):
    with network(503, BROKEN_OFF, 429) as between:
        with python(key, between.url, gzip=packed, upload_size=50, max_retries=5) as client:
            for number in range(120):
                client.track("u1", "Feature Used", {"number": number})
            waiting.at_once(client.flush)
        assert set(between.statuses) == {200}
        assert len(between.statuses) >= 3 + 120 // 50
        assert {headers.get("content-encoding") for _path, headers, _status in between.passed} == {
            "gzip" if packed else None
        }
    found = aside.arrived(source, 120)
    assert sorted(one["properties"]["number"] for one in found) == list(range(120))


def test_the_python_library_hears_that_its_key_is_wrong(live, aside, source, key):
    refused = []
    client = Client("no-such-key", host=live.url, on_error=lambda error, _items: refused.append(error))
    client.track("u1", "Feature Used")
    waiting.at_once(client.shutdown)
    assert [error.status for error in refused] == [401]


NODE = """
import { Analytics } from "@segment/analytics-node";
const [host, writeKey, name] = process.argv.slice(-3);
const client = new Analytics({ host, writeKey, flushAt: 3, maxRetries: 5 });
const troubles = [];
client.on("error", (error) => troubles.push(error));
const delivered = (call) => new Promise((done) => call((error) => done(error ? String(error) : null)));
const userId = "u-" + name;
const answers = await Promise.all([
  delivered((done) => client.track({ anonymousId: "a-" + name, event: "Visited" }, done)),
  delivered((done) => client.identify({ userId, traits: { email: name + "@lotus.test" } }, done)),
  delivered((done) => client.track({ userId, event: "Feature Used", properties: { feature: "Reports" },
    timestamp: new Date("2021-03-04T05:06:07.123Z") }, done)),
  delivered((done) => client.page({ userId, name: "Start", properties: { path: "/start" } }, done)),
  delivered((done) => client.screen({ userId, name: "Home" }, done)),
  delivered((done) => client.group({ userId, groupId: "g-" + name, traits: { name: "Lotus" } }, done)),
  delivered((done) => client.alias({ userId, previousId: "a-" + name }, done)),
  client.closeAndFlush(),
]);
console.log(JSON.stringify({ answers: answers.filter(Boolean), troubles }));
"""


def test_every_method_of_the_node_library_also_over_a_bad_network(node, network, aside, source, key):
    name = secrets.token_hex(4)
    with network(503, BROKEN_OFF) as between:
        assert node(NODE, between.url, key, name) == {"answers": [], "troubles": []}
        assert set(between.statuses) == {200}
        assert len(between.statuses) >= 5
    found = aside.arrived(source, len(EVERY_METHOD))
    assert told(found) == EVERY_METHOD
    assert [one["at"] for one in found if one["event"] == "Feature Used"] == ["2021-03-04 05:06:07.123"]
    assert len({aside.canonical(one["person"]) for one in found}) == 1
    assert aside.quarantined(source) == []


def test_a_batch_by_hand_with_one_bad_event(live, aside, source, key):
    import urllib.request

    good = {"type": "track", "userId": "u1", "event": "Fine"}
    body = json.dumps({"batch": [good, {"type": "track", "userId": "u1"}, good], "writeKey": key}).encode()
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    for path in ("/v1/batch", "/v1/import"):
        request = urllib.request.Request(live.url + path, gzip.compress(body), headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert json.loads(answer.read()) == {"success": True}
    assert told(aside.arrived(source, 4)) == [("track", "Fine")] * 4
    assert aside.quarantined(source) == ["event is required"] * 2
