"""Whatever clients repeat, reorder and resend: each event counts once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proofline.timeline import inbox, query, seen, store
from proofline.timeline.events import event_id
from proofline.timeline.models import Batch, Source
from proofline.timeline.projector import Projector, project_pending

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


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    requests=st.lists(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 600_000)), max_size=6), max_size=6),
    projected_between=st.lists(st.booleans(), min_size=6, max_size=6),
    filters=st.booleans(),
)
def test_any_mix_of_repeats_counts_each_message_once(db, requests, projected_between, filters):
    store.clear()
    source = Source.add(name="Product", now=NOW)
    projector = Projector()
    if filters:
        projector.seen.load()
    for request, projected in zip(requests, projected_between, strict=False):
        inbox.append(source, [sent(number, minutes=minutes) for number, minutes in request], NOW)
        if projected:
            projector.drain()
    projector.drain()
    distinct = {number for request in requests for number, _minutes in request}
    assert query.count() == [("", len(distinct))]


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
