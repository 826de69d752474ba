"""PostHog's own library, as it comes from its registry, and the requests of its older ones, against a real server."""

import base64
import gzip
import json
import secrets
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from posthog import Posthog

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
def library(key, url, **options):
    """The Python library; whatever it could not deliver fails the test."""
    refused = []
    client = Posthog(key, host=url, on_error=lambda error, _items: refused.append(error), **options)
    yield client
    waiting.at_once(client.shutdown)
    assert refused == []


def told(events):
    return sorted((one["kind"], one["event"]) for one in events)


def said(events, name):
    return next(one["properties"] for one in events if one["event"] == name)


@pytest.mark.parametrize("packed", [False, True])
def test_everything_that_the_library_sends(live, aside, source, key, packed):
    name = secrets.token_hex(4)
    user, visitor, company = f"u-{name}", f"v-{name}", f"c-{name}"
    campaign = {"utm_source": "wechat", "utm_campaign": "autumn"}
    with library(key, live.url, gzip=packed) as client:
        nobody = {"$process_person_profile": False}
        client.capture("Visited", distinct_id=visitor, properties={**nobody, **campaign})
        client.alias(visitor, user)
        client.set(distinct_id=user, properties={"email": f"{name}@lotus.test", "plan": "pro"})
        client.group_identify("company", company, {"name": "Lotus"}, distinct_id=user)
        client.capture("Report Opened", distinct_id=user, properties={"report": "churn"}, groups={"company": company})
        client.capture("$pageview", distinct_id=user, properties={"$current_url": "https://lotus.test/prices?a=1"})
        client.capture("$screen", distinct_id=user, properties={"$screen_name": "Home"})
        client.capture("Renamed", distinct_id=user, properties={"$set": {"name": "Lin"}})
    found = aside.arrived(source, 9)
    assert told(found) == [
        ("alias", "Aliased"),
        ("group", "Grouped"),
        ("identify", "Identified"),
        ("identify", "Identified"),
        ("page", "Page Viewed"),
        ("screen", "Screen Viewed"),
        ("track", "Renamed"),
        ("track", "Report Opened"),
        ("track", "Visited"),
    ]
    assert said(found, "Report Opened")["report"] == "churn"
    assert said(found, "Page Viewed")["path"] == "/prices"
    assert said(found, "Screen Viewed")["name"] == "Home"
    assert said(found, "Grouped") == {"name": "Lotus", "groupType": "company", "groupId": company}
    campaigns = {one["event"]: one["context"].get("campaign") for one in found}
    assert campaigns.pop("Visited") == {"source": "wechat", "name": "autumn"}
    assert not any(campaigns.values())
    assert [one["properties"] for one in found if one["event"] == "Identified"] == [
        {"email": f"{name}@lotus.test", "plan": "pro"},
        {"name": "Lin"},
    ]
    assert len({aside.canonical(one["person"]) for one in found}) == 1
    assert aside.quarantined(source) == []


def test_a_group_is_described_in_nobody_s_name(live, aside, source, key):
    company = f"c-{secrets.token_hex(4)}"
    with library(key, live.url) as client:
        client.group_identify("company", company, {"name": "Lotus", "seats": 9})
        client.group_identify("company", company, {"seats": 12}, distinct_id=f"$company_{company}")
    found = aside.arrived(source, 2)
    assert told(found) == [("group", "Grouped")] * 2
    assert {one["person"] for one in found} == {0}
    assert aside.quarantined(source) == []


def test_nobody_in_particular_is_somebody_each_time(live, aside, source, key):
    with library(key, live.url) as client:
        for _time in range(2):
            client.capture("Lamp Lit")
    assert len({one["person"] for one in aside.arrived(source, 2)}) == 2


def test_a_migration_keeps_its_times(live, aside, source, key):
    with library(key, live.url, historical_migration=True) as client:
        client.capture("Plan Bought", distinct_id="u1", timestamp=LONG_AGO)
    assert [one["at"] for one in aside.arrived(source, 1)] == ["2021-03-04 05:06:07.123"]


@pytest.mark.parametrize("packed", [False, True])
def test_what_the_library_sends_again_counts_once(network, aside, source, key, packed):
    with network(503, BROKEN_OFF, 429) as between:
        with library(key, between.url, gzip=packed, flush_at=50, flush_interval=0.2, max_retries=5) as client:
            for number in range(120):
                client.capture("Feature Used", distinct_id="u1", properties={"number": number})
            waiting.at_once(client.flush)
        assert set(between.statuses) == {200}
        assert len(between.statuses) >= 3 + 120 // 50
        packing = {headers.get("content-encoding") for _path, headers, _status in between.passed}
        assert packing == {"gzip" if packed else None}
    found = aside.arrived(source, 120)
    assert sorted(one["properties"]["number"] for one in found) == list(range(120))


@pytest.mark.parametrize("packed", [False, True])
def test_as_much_as_the_library_sends_at_once(network, aside, source, key, packed):
    texts = {number: secrets.token_hex(15_000) for number in range(60)} | {60: secrets.token_hex(440_000)}
    with network() as between:
        with library(key, between.url, gzip=packed, flush_at=100, flush_interval=30) as client:
            for number, text in texts.items():
                client.capture("Report Opened", distinct_id="u1", properties={"number": number, "text": text})
        assert between.statuses == [200], "it is one request, far beyond 500 KB"
        ((_path, headers, _status),) = between.passed
        assert int(headers["content-length"]) > 1_000_000
    found = aside.arrived(source, len(texts))
    assert {one["properties"]["number"]: one["properties"]["text"] for one in found} == texts
    assert aside.quarantined(source) == []


def test_one_at_a_time(live, aside, source, key):
    with library(key, live.url, sync_mode=True) as client:
        client.capture("Lamp Lit", distinct_id="u1")
        assert told(aside.arrived(source, 1)) == [("track", "Lamp Lit")]


def test_the_library_hears_that_its_key_is_wrong(live):
    refused = []
    client = Posthog("no-such-key", host=live.url, on_error=lambda error, _items: refused.append(error))
    client.capture("Lamp Lit", distinct_id="u1")
    waiting.at_once(client.shutdown)
    assert [error.status for error in refused] == [401]


def post(url, body, **headers):
    """Send by hand; return the status and the answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, named), timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


@pytest.mark.parametrize("path", ["/capture/", "/i/v0/e/", "/e/", "/batch/", "/capture", "/batch"])
def test_every_address_and_packing(live, aside, source, key, path):
    number = iter(range(99))

    def event():
        one = {"event": "Lamp Lit", "distinct_id": "u1", "properties": {"number": next(number)}}
        return json.dumps({"api_key": key, "batch": [one]} if "batch" in path else {"api_key": key, **one}).encode()

    url, as_json = live.url + path, {"Content_Type": "application/json"}
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    assert post(url, event(), **as_json) == (200, {"status": 1})
    assert post(url, gzip.compress(event()), Content_Encoding="gzip", **as_json) == (200, {"status": 1})
    data = urllib.parse.urlencode({"data": base64.b64encode(event())}).encode()
    assert post(url, data, **form) == (200, {"status": 1})
    packed = gzip.compress(event())
    assert post(f"{url}?compression=gzip-js", packed, Content_Type="text/plain") == (200, {"status": 1})
    found = aside.arrived(source, 4)
    assert sorted(one["properties"]["number"] for one in found) == [0, 1, 2, 3]


def test_what_is_wrong_is_said(live, aside, source, key):
    good = {"event": "Lamp Lit", "distinct_id": "u1"}
    as_json = {"Content_Type": "application/json"}
    for path, body in (("/capture/", {**good, "event": None}), ("/batch/", {"batch": 7}), ("/i/v0/e/", {"event": "e"})):
        status, answer = post(live.url + path, json.dumps({"api_key": key, **body}).encode(), **as_json)
        assert status == 400
        assert "is required" in answer["message"]
    assert post(live.url + "/batch/", b"{nonsense", **as_json)[0] == 400
    assert post(live.url + "/batch/", json.dumps({"api_key": "wrong", "batch": [good]}).encode(), **as_json)[0] == 401
    body = json.dumps({"api_key": key, "batch": [good, {"event": "Nobody"}, good]}).encode()
    assert post(live.url + "/batch/", body, **as_json) == (200, {"status": 1})
    assert told(aside.arrived(source, 2)) == [("track", "Lamp Lit")] * 2
    assert aside.quarantined(source) == ["userId or anonymousId is required"]
