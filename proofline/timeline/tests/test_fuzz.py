"""Whatever is sent to whichever endpoint: a clear answer, never a trouble of ours, and the projector comes to its end."""

import base64
import gzip
import io
import json
from urllib.parse import quote_plus

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from proofline.timeline import ingest, reactions, store
from proofline.timeline.models import Batch, Quarantined, Source
from proofline.timeline.projector import project_pending
from proofline.timeline.segment import KINDS, LARGEST_BODY

pytestmark = pytest.mark.django_db
ANSWERS = {200, 400, 401, 403, 404, 405, 413, 429}
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
SEGMENT = [f"/v1/{method}" for method in sorted(KINDS | {"batch", "import"})]
POSTHOG = ["/batch/", "/capture/", "/e/", "/i/v0/e/", "/batch", "/e"]
STRANGE = ["/v1/", "/v1/nothing", "/v1/tr\xffck\0", "/v1//track//"]
TEXT = st.text(st.characters(), max_size=20)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=12
)


def nested(levels, opening=b'{"a":', closing=b"}"):
    return opening * levels + b"1" + closing * levels


NASTY = st.sampled_from([
    b"1e400", b"-1e400", b"1e-400", b"9" * 400, b"-" + b"9" * 30, b"NaN", b"1.", b"\0", b"",
    b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\u0000"', b'"\xff"', b'"\xed\xa0\x80"', b'"unended', b'{"a":1,"a":2}', b'{"":{"":0}}',
    b'{"a.b":1,"a":{"b":2}}', b'"' + b"x" * 40_000 + b'"', b'{"email":"%s@b.c"}' % (b"x" * 9000), b"[[],{}]", b'{"$set":[1],"$groups":7}',
    *(nested(levels) for levels in (90, 130, 480, 700, 950, 985, 5_000, 80_000)), nested(990, b"[", b"]"), b"[" * 90_000,
])  # fmt: skip
"""JSON, or nearly so, that is hard to read."""
SCALARS = LEAVES.map(lambda value: json.dumps(value).encode()) | NASTY
ANY = VALUES.map(lambda value: json.dumps(value).encode()) | NASTY
SAID = [
    "userId",
    "anonymousId",
    "previousId",
    "groupId",
    "event",
    "name",
    "messageId",
    "timestamp",
    "originalTimestamp",
]
SAID += ["sentAt", "type", "distinct_id", "uuid", "sent_at", "writeKey", "api_key"]
MEANT = ["properties", "traits", "context", "$set", "batch"]


def text_of(fields):
    return b"{" + b",".join(json.dumps(name).encode() + b":" + value for name, value in fields.items()) + b"}"


OBJECTS = st.fixed_dictionaries({}, optional=dict.fromkeys(SAID, SCALARS) | dict.fromkeys(MEANT, ANY)).map(text_of)
LIKELY = st.fixed_dictionaries(
    {
        "userId": st.just(b'"u1"'),
        "distinct_id": st.just(b'"u1"'),
        "event": st.sampled_from([b'"Door Opened"', b'"$identify"']),
    },
    optional=dict.fromkeys(MEANT[:4], ANY)
    | {"groupId": SCALARS, "type": st.sampled_from(sorted(KINDS)).map(lambda kind: b'"%s"' % kind.encode())},
).map(text_of)
BATCHES = st.lists(OBJECTS | LIKELY, max_size=4).map(lambda some: b'{"batch":[' + b",".join(some) + b"]}")
BODIES = st.binary(max_size=200) | ANY | OBJECTS | LIKELY | BATCHES | st.just(b"x" * (LARGEST_BODY + 1))
PACKINGS = {
    "plain": lambda body: (body, {}),
    "gzip": lambda body: (gzip.compress(body), {"HTTP_CONTENT_ENCODING": "gzip"}),
    "not gzip": lambda body: (body, {"HTTP_CONTENT_ENCODING": "gzip, br"}),
    "half of it": lambda body: (gzip.compress(body)[:-12], {"HTTP_CONTENT_ENCODING": "GZIP"}),
    "gzip twice": lambda body: (gzip.compress(gzip.compress(body)), {"HTTP_CONTENT_ENCODING": "gzip"}),
    "unsaid": lambda body: (gzip.compress(body), {}),
    "gzip-js": lambda body: (gzip.compress(body), {"QUERY_STRING": "compression=gzip-js"}),
    "form": lambda body: (
        b"data=" + quote_plus(base64.b64encode(body)).encode(),
        {"CONTENT_TYPE": "application/x-www-form-urlencoded"},
    ),
    "raw form": lambda body: (b"a=1&data=" + body, {"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=x"}),
    "base64": lambda body: (base64.b64encode(body)[:-1], {"QUERY_STRING": "compression=base64"}),
    "strange": lambda body: (
        body,
        {"QUERY_STRING": "compression=lz64&compression=%ff&&=", "CONTENT_TYPE": "text/\xff"},
    ),
}
LENGTHS = ["right", "none", "less", "more", "-1", "many", "99999999999"]
KEYS = {
    "bearer": lambda key: f"Bearer {key}",
    "basic": lambda key: "Basic " + base64.b64encode(f"{key}:".encode()).decode(),
    "wrong": lambda _key: "Bearer nobody",
    "broken": lambda _key: "Basic \xff=\0",
    "none": lambda _key: "",
}  # fmt: skip


def send(path, body, *, method="POST", length="right", **more):
    """Send as the server hands a request on; return the status of the answer, which has to be whole."""
    size = {"right": str(len(body)), "none": "", "less": str(len(body) // 2), "more": str(len(body) + 9)}.get(
        length, length
    )
    environ = {
        "PATH_INFO": path,
        "REQUEST_METHOD": method,
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": size,
        **more,
    }
    said = []
    text = b"".join(ingest.wsgi(None)(environ, lambda *words: said.append(words)))
    [(status, headers)] = said
    assert dict(headers)["Content-Length"] == str(len(text))
    assert isinstance(json.loads(text), dict)
    return int(status[:3])


def hard(path, body):
    """Return an example that is always tried."""
    return example(path=path, method="POST", body=body, packing="plain", length="right", who="bearer", origin="")


@pytest.fixture
def source(now):
    """A source that takes events from one website, and from programs; somebody wants to hear of everything."""
    reactions.on_event(lambda _event: True, lambda event: event.properties, key="fuzz")
    found = Source.add(name="Fuzzer", now=now)
    found.change(origins="https://www.example.com", rate=None, name=found.name)
    return found


@QUICK
@given(
    path=st.sampled_from(SEGMENT + POSTHOG) | st.sampled_from(STRANGE),
    method=st.sampled_from(["POST"] * 9 + ["GET", "OPTIONS", "BREW"]),
    body=BODIES,
    packing=st.sampled_from(sorted(PACKINGS)),
    length=st.sampled_from(["right"] * 6 + LENGTHS),
    who=st.sampled_from(["bearer"] * 6 + sorted(KEYS)),
    origin=st.sampled_from(["", "", "", "https://www.example.com", "https://\xff\0"]),
)
@hard("/capture/", b'{"event":"e","distinct_id":"u1","properties":%s}' % nested(5_000))
@hard("/v1/batch", b'{"batch":[{"type":"track","event":"e","userId":"u1","properties":%s}]}' % nested(900))
@hard("/v1/group", b'{"userId":"u1","groupId":"g1","traits":%s}' % nested(480))
@hard("/v1/track", b'{"event":"e","userId":"\\u0000","properties":{"a\\u0000":1e400}}')
@hard("/e/", b'{"event":"\\u0000","distinct_id":"\\u0000x","properties":{"$set":{"a":"\\u0000"}}}')
def test_any_request_gets_an_answer_and_the_projector_comes_to_its_end(
    source, path, method, body, packing, length, who, origin
):
    packed, said = PACKINGS[packing](body)
    said |= {"HTTP_AUTHORIZATION": KEYS[who](source.write_key), "HTTP_ORIGIN": origin}
    assert send(path, packed, method=method, length=length, **said) in ANSWERS
    project_pending()
    assert not Batch.objects.pending().exists()
    assert not Batch.objects.unheard().exists()


def brings(message):
    """Tell whether there is something to store: a batch of nothing is acknowledged too."""
    return b'"batch":[]' not in message


@QUICK
@given(
    messages=st.lists((OBJECTS.filter(lambda one: b"messageId" not in one) | LIKELY).filter(brings), max_size=4),
    path=st.sampled_from(SEGMENT + POSTHOG[:2]),
)
def test_what_is_acknowledged_is_stored_or_kept_aside_each_on_its_own(source, messages, path):
    store.clear()
    Quarantined.objects.all().delete()
    Batch.objects.all().delete()
    good = b'{"type":"track","userId":"u1","distinct_id":"u1","event":"Good One"}'
    body = b'{"batch":[' + b",".join([*messages, good]) + b"]}" if "batch" in path else (messages or [good])[0]
    status = send(path, body, HTTP_AUTHORIZATION=f"Bearer {source.write_key}")
    project_pending()
    stored = dict(store.query("SELECT event, count() FROM events GROUP BY event"))
    came = sum(Batch.objects.values_list("count", flat=True))
    assert sum(stored.values()) + Quarantined.objects.held().count() == came
    assert (came > 0) == (status == 200)
    if status == 200 and "batch" in path:
        assert stored["Good One"] == 1


@pytest.mark.parametrize("path", SEGMENT + POSTHOG)
@pytest.mark.parametrize("length", ["right", "none"])
def test_ten_megabytes_and_what_unpacks_to_more_are_refused(source, path, length):
    who = {"HTTP_AUTHORIZATION": f"Bearer {source.write_key}"}
    assert send(path, b"[" * 10_000_000, length=length, **who) in {400, 413}
    bomb = gzip.compress(b"0" * 60_000_000, 1)
    for packed in (bomb, gzip.compress(bomb)):
        assert send(path, packed, length=length, HTTP_CONTENT_ENCODING="gzip", **who) in {400, 413}
        assert send(path, packed, length=length, **who) in {400, 413}
    assert not Batch.objects.exists()
