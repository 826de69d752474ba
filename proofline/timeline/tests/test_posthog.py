"""PostHog's capture requests become Segment's messages."""

import base64
import gzip
import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofline.timeline import posthog, posthog_body, posthog_events, segment
from proofline.timeline.segment import RefusedError

LARGEST = 500 * 1024


def refusal(message):
    """Return why a message is refused, None when it is taken in."""
    raw = json.dumps(message).encode()
    try:
        segment.check(segment.decode(raw), size=len(raw))
    except RefusedError as error:
        return str(error)
    return None


def one(event, **more):
    """Tell one event of u1's."""
    told = posthog.messages({"api_key": "k", "event": event, "distinct_id": "u1", **more})
    assert len(told) == 1
    assert refusal(told[0]) is None
    return told[0]


def test_an_event_is_a_track():
    told = one(
        "report opened",
        uuid="0192-7",
        timestamp="2026-01-02T03:04:05Z",
        properties={
            "report": "churn",
            "$browser": "Chrome",
            "$lib": "posthog-python",
            "$lib_version": "7.1",
            "token": "k",
        },
    )
    assert told == {
        "type": "track",
        "event": "report opened",
        "userId": "u1",
        "messageId": "0192-7",
        "timestamp": "2026-01-02T03:04:05Z",
        "properties": {"report": "churn", "$browser": "Chrome"},
        "context": {"library": {"name": "posthog-python", "version": "7.1"}},
    }


def test_a_page_view_is_a_page_with_its_path_and_campaign():
    where = {"$current_url": "https://lotus.test/pricing?utm_source=wechat", "$referrer": "https://a.test/"}
    told = one("$pageview", properties={**where, "utm_source": "wechat", "utm_campaign": "autumn", "plan": "pro"})
    assert told["type"] == "page"
    assert told["properties"] == {
        "plan": "pro",
        "path": "/pricing",
        "url": where["$current_url"],
        "referrer": where["$referrer"],
    }
    assert told["context"]["campaign"] == {"source": "wechat", "name": "autumn"}
    stated = one("$pageview", properties={**where, "$pathname": "/shown", "$referrer": "$direct"})
    assert stated["properties"]["path"] == "/shown"
    assert "referrer" not in stated["properties"]


def test_an_address_that_is_none_does_no_harm():
    assert one("$pageview", properties={"$current_url": "http://[", "plan": "pro"})["properties"] == {"plan": "pro"}


def test_a_track_knows_the_page_that_it_happened_on():
    told = one("plan compared", properties={"$current_url": "https://lotus.test/pricing", "$pathname": "/pricing"})
    assert told["context"]["page"]["path"] == "/pricing"


def test_a_screen_keeps_its_name():
    told = one("$screen", properties={"$screen_name": "Home", "tab": 2})
    assert (told["type"], told["name"], told["properties"]) == ("screen", "Home", {"tab": 2})


def test_identify_ties_the_anonymous_visitor_and_what_is_set_wins():
    told = one(
        "$identify",
        properties={"$anon_distinct_id": "a1", "$device_id": "u1", "$set_once": {"plan": "free", "source": "ad"}},
        **{"$set": {"plan": "pro", "email": "lin@lotus.test"}},
    )
    assert (told["type"], told["userId"], told["anonymousId"]) == ("identify", "u1", "a1")
    assert told["traits"] == {"plan": "pro", "source": "ad", "email": "lin@lotus.test"}


@pytest.mark.parametrize("name", ["$set", "$set_once"])
def test_setting_a_person_is_identify(name):
    told = one(name, **{name: {"email": "lin@lotus.test"}})
    assert (told["type"], told["userId"], told["traits"]) == ("identify", "u1", {"email": "lin@lotus.test"})


def test_an_event_that_sets_its_person_is_two_messages():
    event = {"event": "signed up", "distinct_id": "u1", "uuid": "i1", "timestamp": "2026-01-02T00:00:00Z"}
    body = {**event, "properties": {"$set": {"email": "lin@lotus.test", "$browser": "x"}}}
    who, what = posthog.messages(body)
    assert (who["type"], who["traits"], who["userId"]) == ("identify", {"email": "lin@lotus.test"}, "u1")
    assert who["timestamp"] == what["timestamp"] == event["timestamp"]
    assert (who["messageId"], what["messageId"]) == ("i1:set", "i1")
    assert (what["type"], what["properties"]) == ("track", {})
    only_theirs = {"$set": {"$browser": "x"}, "$set_once": {"$initial_referrer": "y"}}
    assert [told["type"] for told in posthog.messages({**event, "properties": only_theirs})] == ["track"]


ANONYMOUS = "0190d8a2-5c1b-7d2e-8f00-aabbccddeeff"


@pytest.mark.parametrize(
    ("distinct_id", "alias", "previous", "user"),
    [
        ("cookie-1", "u1", "cookie-1", "u1"),
        (ANONYMOUS, "u1", ANONYMOUS, "u1"),
        ("u1", ANONYMOUS, ANONYMOUS, "u1"),
    ],
)
def test_an_alias_leads_to_the_id_that_somebody_chose(distinct_id, alias, previous, user):
    told = one("$create_alias", properties={"distinct_id": distinct_id, "alias": alias})
    assert (told["type"], told["previousId"], told["userId"]) == ("alias", previous, user)
    assert "anonymousId" not in told


def test_a_merge_keeps_the_one_who_acts():
    told = one("$merge_dangerously", properties={"alias": "old"})
    assert (told["type"], told["previousId"], told["userId"]) == ("alias", "old", "u1")


def test_groups():
    told = one(
        "$groupidentify",
        properties={"$group_type": "company", "$group_key": "lotus", "$group_set": {"name": "Lotus", "seats": 9}},
    )
    assert (told["type"], told["groupId"], told["userId"]) == ("group", "lotus", "u1")
    assert told["traits"] == {"groupType": "company", "name": "Lotus", "seats": 9}
    used = one("report opened", properties={"$groups": {"project": "p1", "company": "lotus"}})
    assert used["context"]["groupId"] == "lotus"
    assert one("report opened", properties={"$groups": {"project": "p1"}})["context"]["groupId"] == "p1"


GROUP = {"$group_type": "company", "$group_key": "lotus"}
MADE_UP = "9f8b1c2d-3e4f-4a5b-8c6d-7e8f9a0b1c2d"
IN_A_BROWSER = {"$device_id": MADE_UP, "$is_identified": False}


def about_a_group(distinct_id, **properties):
    told = posthog.messages(
        {"event": "$groupidentify", "distinct_id": distinct_id, "properties": {**GROUP, **properties}}
    )
    assert [refusal(message) for message in told] == [None]
    return segment.decode(json.dumps(told[0]).encode())


@pytest.mark.parametrize(
    ("distinct_id", "properties"),
    [
        ("$company_lotus", {}),
        ("$company_lotus", {"$set": {"email": "lin@lotus.test"}}),
        ("$company_7", {"$group_key": 7}),
        ("$company_ a b ", {"$group_key": " a b "}),
        (None, {}),
        (None, {"$group_type": None}),
        (MADE_UP, {"$lib": "posthog-python"}),
        (MADE_UP, {"$lib": "posthog-ruby", "$is_server": True}),
    ],
)
def test_servers_speak_of_a_group_in_nobody_s_name(distinct_id, properties):
    said = about_a_group(distinct_id, **properties)
    assert said.is_of_nobody
    assert said.keys == (None, None, None)


@pytest.mark.parametrize(
    ("distinct_id", "properties", "keys"),
    [
        ("u1", {"$lib": "posthog-python", "$is_server": True}, (None, "u1", None)),
        (MADE_UP, IN_A_BROWSER, (MADE_UP, None, None)),
        (MADE_UP, {**IN_A_BROWSER, "$lib": "posthog-python"}, (MADE_UP, None, None)),
        (
            "0190d8a2-5c1b-7d2e-8f00-aabbccddeeff",
            {"$is_server": True},
            (None, "0190d8a2-5c1b-7d2e-8f00-aabbccddeeff", None),
        ),
        ("$company_other", {}, (None, "$company_other", None)),
    ],
)
def test_whoever_is_somebody_comes_for_the_group(distinct_id, properties, keys):
    said = about_a_group(distinct_id, **properties)
    assert not said.is_of_nobody
    assert said.keys == keys


@pytest.mark.parametrize(
    "properties", [{"$process_person_profile": False}, {"$device_id": "u1"}, {"$is_identified": False}]
)
def test_nobody_said_who_it_is(properties):
    told = one("page opened", properties=properties)
    assert (told["anonymousId"], "userId" in told) == ("u1", False)


def test_the_sender_s_clock_is_known_but_not_that_of_history():
    event = {"event": "e", "distinct_id": "u1", "timestamp": "2019-05-06T07:08:09Z"}
    sent = {"sent_at": "2026-01-02T03:04:05Z"}
    assert posthog.messages({"batch": [event], **sent})[0]["sentAt"] == sent["sent_at"]
    history = posthog.messages({"batch": [event], "historical_migration": True, **sent})[0]
    assert (history["timestamp"], "sentAt" in history) == (event["timestamp"], False)


def test_a_bad_event_of_a_batch_leaves_its_neighbours_and_says_what_is_wrong():
    good = {"event": "e", "distinct_id": "u1"}
    told = posthog.messages({"batch": [good, {"event": "e"}, {"distinct_id": "u1"}, 7, good]})
    assert len(told) == 5
    assert [refusal(message) for message in told] == [None, None, "event is required", "Unknown type None", None]
    assert segment.decode(json.dumps(told[1]).encode()).keys == (None, None, None)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (7, "no JSON object"),
        ({"batch": {}}, "batch is required"),
        ({"distinct_id": "u1"}, "event is required"),
        ({"event": "e", "distinct_id": " "}, "distinct_id is required"),
    ],
)
def test_what_is_no_capture_request_says_so(body, reason):
    with pytest.raises(RefusedError, match=reason):
        posthog.messages(body)


@pytest.mark.parametrize(
    "body",
    [
        {"api_key": "k"},
        {"token": "k", "event": "e"},
        {"event": "e", "properties": {"token": "k"}},
        [{"properties": {"token": "k"}}],
        {"batch": [{"api_key": "k"}]},
        {"batch": [{"properties": {"token": "k"}}]},
    ],
)
def test_the_key_is_found_wherever_clients_put_it(body):
    assert posthog.project_key(body) == "k"
    assert posthog.project_key({"event": "e"}) is None


BODY = json.dumps({"event": "é>?", "distinct_id": "u1"}).encode()
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("raw", "content_type", "compression"),
    [
        (BODY, "application/json", ""),
        (gzip.compress(BODY, mtime=0), "text/plain", "gzip-js"),
        (gzip.compress(BODY, mtime=0), "application/json", ""),
        (base64.b64encode(BODY), "text/plain", "base64"),
        (urlencode({"data": base64.b64encode(BODY)}).encode(), FORM, ""),
        (b"data=" + base64.b64encode(BODY), FORM, "base64"),
        (urlencode({"data": base64.urlsafe_b64encode(BODY).rstrip(b"=")}).encode(), FORM + "; charset=utf-8", ""),
        (urlencode({"data": base64.b64encode(gzip.compress(BODY, mtime=0)), "compression": "gzip"}).encode(), FORM, ""),
        (urlencode({"data": BODY}).encode(), FORM, ""),
    ],
)
def test_a_request_is_unpacked(raw, content_type, compression):
    assert (
        posthog_body.unpacked(raw, content_type=content_type, compression=compression, largest=LARGEST).strip() == BODY
    )


@pytest.mark.parametrize(
    ("raw", "compression", "reason"),
    [
        (b"{}", "gzip-js", "not gzip"),
        (b"\x1f\x8bnonsense", "", "not gzip"),
        (b"{}", "lz64", "Unknown compression"),
        (gzip.compress(b" " * (LARGEST + 1), mtime=0), "gzip", "Larger than 500 KB"),
        (b"a", "base64", "not base64"),
    ],
)
def test_what_cannot_be_unpacked_says_so(raw, compression, reason):
    with pytest.raises(RefusedError, match=reason):
        posthog_body.unpacked(raw, content_type="application/json", compression=compression, largest=LARGEST)


NAMES = st.sampled_from(
    [*posthog_events.SPECIAL, *posthog_events.TALK, *posthog_events.UTM, "event", "batch", "uuid", "timestamp", "alias"]
)
TEXTS = st.text(max_size=12) | NAMES | st.sampled_from(["http://[", "//x:y/", "$direct", "company"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
MORE = NAMES | st.sampled_from(
    ["distinct_id", "properties", "$current_url", "$pathname", "$referrer", "$group_key", "$group_type", "$device_id"]
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(MORE | st.text(max_size=5), inner, max_size=6),
    max_leaves=30,
)


@given(body=JSON | st.fixed_dictionaries({"event": TEXTS, "distinct_id": LEAVES, "properties": JSON}))
def test_whatever_comes_is_told_or_refused(body):
    posthog.project_key(body)
    reasons = []
    try:
        told = posthog.messages(body)
    except RefusedError as error:
        told, reasons = [], [str(error)]
    reasons += filter(None, map(refusal, told))
    assert all(reasons)


@given(
    event=st.fixed_dictionaries(
        {
            "event": st.text(min_size=1, max_size=9).filter(str.strip),
            "distinct_id": st.text("abc1-", min_size=1, max_size=9),
        },
        optional={
            "properties": st.dictionaries(NAMES | st.text(max_size=5), JSON, max_size=6),
            "uuid": st.uuids().map(str),
        },
    )
)
def test_every_event_with_a_name_and_somebody_is_taken_in(event):
    event["event"] = event["event"] if event["event"] not in {"$create_alias", "$groupidentify"} else "track"
    event.get("properties", {}).pop("timestamp", None)
    for message in posthog.messages({"batch": [event]}):
        assert refusal(message) is None
        said = segment.decode(json.dumps(message).encode())
        assert any(said.keys) or said.is_of_nobody


@given(raw=st.binary(max_size=80), form=st.booleans(), compression=st.sampled_from(["", "gzip", "base64", "gzip-js"]))
def test_whatever_is_packed_is_unpacked_or_refused(raw, form, compression):
    for body in (raw, b"data=" + raw, b"\x1f\x8b\x08" + raw):
        try:
            found = posthog_body.unpacked(body, content_type=FORM if form else "", compression=compression, largest=999)
        except RefusedError:
            continue
        assert len(found) <= 999
