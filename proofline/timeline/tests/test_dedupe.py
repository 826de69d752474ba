"""Whatever clients repeat, reorder and resend: each event counts once."""

import io
import json
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.conf import settings as django
from django.db import connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks._faults import DIFFERING
from proofline.timeline import committing, identity, inbox, ingest, query, seen, store
from proofline.timeline.events import event_id
from proofline.timeline.models import Batch, Source
from proofline.timeline.projector import Projector, project_pending
from tests.fixtures import waiting

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


def sent(number, *, minutes=0):
    person = number % 3 if isinstance(number, int) else 0
    at = (NOW - timedelta(minutes=minutes)).isoformat()
    return {
        "type": "track",
        "userId": f"u{person}",
        "event": "Feature Used",
        "messageId": f"m{number}",
        "timestamp": at,
    }


def told(number, *, minutes):
    """A message in the name of one of three people and one of two groups, tied to accounts 70 and 71."""
    return sent(number, minutes=minutes) | {"context": {"groupId": f"g{number % 2}"}}


def counted():
    """Return what the store counts: events, people, events by account; the same by its daily rows; where those differ from the events."""
    by_account = "SELECT account, sum({times}) FROM {table} GROUP BY account ORDER BY account"
    tables = [("events", "1"), ("daily_accounts", "times"), ("daily_people", "times")]
    return (
        store.query("SELECT count(), uniqExact(person) FROM events")[0],
        [store.query(by_account.format(table=table, times=times)) for table, times in tables],
        [store.query(DIFFERING % name, {"zone": django.TIME_ZONE})[0][0] for name in ("accounts", "people")],
    )


def expected(numbers):
    accounts = Counter(70 + number % 2 for number in numbers)
    return (len(numbers), len({number % 3 for number in numbers})), [sorted(accounts.items())] * 3, [0, 0]


def empty():
    """Forget what an earlier example brought; return the source."""
    store.clear()
    Batch.objects.all().delete()
    for account in (70, 71):
        identity.tie_group(key=f"g{account - 70}", account=account)
    return Source.objects.first() or Source.add(name="Product", now=NOW)


MESSAGES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 600_000)), min_size=1, max_size=6)
"""Messages by number, each so many minutes late: a repeated one carries another time."""


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    requests=st.lists(st.tuples(MESSAGES, st.sampled_from(["same", "another", "wait"])), min_size=2, max_size=6),
    filters=st.booleans(),
)
def test_any_mix_of_repeated_reordered_and_late_messages_counts_each_once(db, requests, filters):
    source = empty()
    projector = Projector()
    if filters:
        projector.seen.load()
    for messages, then in requests:
        inbox.append(source, [told(number, minutes=minutes) for number, minutes in messages], timezone.now())
        if then == "another":
            projector = Projector()
        if then != "wait":
            projector.drain()
    projector.drain()
    assert counted() == expected({number for messages, _then in requests for number, _minutes in messages})


@pytest.mark.django_db(transaction=True)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(senders=st.lists(st.lists(MESSAGES, min_size=1, max_size=4), min_size=2, max_size=4))
def test_senders_who_race_with_each_other_and_the_projector_count_each_message_once(transactional_db, senders):
    source = empty()
    over, statuses = threading.Event(), []

    def send(requests):
        for messages in requests:
            body = json.dumps({"batch": [told(number, minutes=minutes) for number, minutes in messages]}).encode()
            environ = {"PATH_INFO": "/v1/batch", "REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(body))}
            environ["HTTP_AUTHORIZATION"] = f"Bearer {source.write_key}"
            statuses.append(ingest.answer(environ, read=io.BytesIO(body).read).status)
        connections.close_all()

    def project():
        while not over.is_set():
            project_pending()
        connections.close_all()

    committing.start()
    try:
        with waiting.threads(project):
            try:
                waiting.at_once(*(partial(send, requests) for requests in senders))
            finally:
                over.set()
    finally:
        committing.stop()
    project_pending()
    assert set(statuses) == {200}
    assert counted() == expected(
        {number for requests in senders for messages in requests for number, _minutes in messages}
    )


def test_a_retry_after_a_restart_counts_once_though_it_carries_another_time(db):
    source = Source.add(name="Product", now=NOW)
    for minutes in (0, 525_600):
        inbox.append(source, [sent(1, minutes=minutes)], NOW)
        project_pending()
    assert query.count() == [("", 1)]


def test_two_sources_may_use_the_same_message_ids(db):
    for name in ("Website", "Product"):
        inbox.append(Source.add(name=name, now=NOW), [sent(1)], NOW)
    project_pending()
    assert query.count() == [("", 2)]


def test_messages_without_an_id_count_each_but_not_again_after_a_crash(db):
    source = Source.add(name="Product", now=NOW)
    message = sent(1)
    del message["messageId"]
    inbox.append(source, [message, message], NOW)
    project_pending()
    Batch.objects.update(projected_at=None)  # as when the process was killed between the store and the mark
    project_pending()
    assert query.count() == [("", 2)]


def test_the_filter_never_misses_and_seldom_errs():
    ids = seen._words([event_id(number) for number in range(40_000)])
    one = seen.Filter(capacity=20_000)
    one.add(ids[:20_000])
    assert one.has(ids[:20_000]).all()
    assert one.has(ids[20_000:]).sum() < 5  # 0.1 are expected


def test_the_ids_of_the_last_days_are_loaded_whatever_their_number(db, monkeypatch):
    monkeypatch.setattr(seen, "CAPACITY", 100)
    source = Source.add(name="Product", now=NOW)
    now = datetime.now(UTC)
    for days in (0, 3, 6.9):
        inbox.append(source, [sent(f"{days}-{number}") for number in range(150)], now - timedelta(days=days))
    project_pending()
    loaded = seen.Seen()
    loaded.load()
    ids = [row[0].hex for row in store.query("SELECT id FROM events")]
    strangers = [event_id(number) for number in range(450)]
    assert loaded.known([*ids, *strangers]) == set(ids)
    words = seen._words(strangers)
    assert sum(int(span.filter.has(words).sum()) for span in loaded._spans) <= 2


def test_filters_of_long_ago_are_let_go():
    kept = seen.Seen()
    kept._spans = []
    words = seen._words([event_id(number) for number in range(10)])
    for days in range(40):
        kept._add(words, now=NOW + timedelta(days=days))
    assert len(kept._spans) <= 10
