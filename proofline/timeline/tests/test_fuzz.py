"""Whatever is sent: a clear answer, and the projector goes on."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proofline.timeline import store
from proofline.timeline.models import Batch, Source
from proofline.timeline.projector import project_pending
from proofline.timeline.segment import KINDS

pytestmark = pytest.mark.django_db
TEXT = st.text(st.characters(), max_size=20)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=12
)
FIELDS = ["userId", "anonymousId", "previousId", "groupId", "event", "name", "messageId", "timestamp", "sentAt", "type"]
MESSAGES = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(FIELDS, LEAVES)
    | {name: VALUES | st.dictionaries(TEXT, VALUES, max_size=4) for name in ("properties", "traits", "context")},
)
LIKELY = st.fixed_dictionaries(
    {"userId": TEXT, "event": TEXT, "groupId": TEXT, "type": st.sampled_from(sorted(KINDS))},
    optional={name: st.dictionaries(TEXT, VALUES, max_size=4) for name in ("properties", "traits", "context")},
)
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@QUICK
@given(
    method=st.sampled_from(sorted(KINDS | {"batch"})),
    body=st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode()),
)
def test_any_body_gets_an_answer(client, now, method, body):
    key = Source.add(name="Fuzzer", now=now).write_key
    answer = client.post(f"/v1/{method}", body, content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {key}")
    assert answer.status_code in {200, 400}


@QUICK
@given(messages=st.lists(MESSAGES | LIKELY, max_size=4))
def test_any_message_passes_or_is_kept_aside(client, now, messages):
    store.clear()
    key = Source.add(name="Fuzzer", now=now).write_key
    body = json.dumps({"writeKey": key, "batch": messages})
    assert client.post("/v1/batch", body, content_type="application/json").status_code in {200, 400}
    project_pending()
    assert not Batch.objects.pending().exists()
