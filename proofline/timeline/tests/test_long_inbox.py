"""However much waits in the inbox, and however many people are known, whoever asks reads as much as before."""

import pytest
from django.db import connection
from django.urls import reverse

from proofline.timeline import arriving, facts, feed, identity, lateness, monitoring, projector, sending, state
from proofline.timeline.arriving import Wanted
from proofline.timeline.lateness import Cursor
from proofline.timeline.models import Batch, Person, PersonKey, Quarantined, Source
from proofline.timeline.models.inbox import pack

pytestmark = pytest.mark.django_db
SAMPLE = 100
BODY = pack(b'{"batch":[{"type":"track","userId":"u1","event":"Feature Used"}]}')
SMALL, LARGE = 1_000, 5_000


@pytest.fixture
def source(now, monkeypatch):
    for name in ("SAMPLE", "BATCHES_FOR_RATE"):
        monkeypatch.setattr(state, name, SAMPLE)
    monkeypatch.setattr(projector, "BATCHES_A_LOAD", SAMPLE)
    monkeypatch.setattr(lateness, "WINDOW", SAMPLE)
    return Source.add(name="Product", now=now)


@pytest.fixture
def fill(source, now):
    """Return `fill(number)`: put so many batches of three events on average into the inbox."""

    def more(number, **fields):
        Batch.objects.bulk_create(
            Batch(source=source, kind="tracking", received_at=now, count=1 + place % 5, body=BODY, **fields)
            for place in range(number)
        )
        analyze()

    return more


def analyze():
    """Let PostgreSQL know how much there is, as it does by itself within a minute."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE timeline_batch, timeline_person, timeline_personkey")


def effort(call):
    """Return what the record store did for a call: its machine's steps in SQLite, the rows and entries that it read in PostgreSQL."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            read = (
                "SELECT sum(pg_stat_get_xact_tuples_returned(pg_class.oid)) FROM pg_class "
                "LEFT JOIN pg_index ON indexrelid = pg_class.oid JOIN pg_class AS owner ON owner.oid = coalesce(indrelid, pg_class.oid) "
                "WHERE owner.relname IN ('timeline_batch', 'timeline_person', 'timeline_personkey')"
            )
            cursor.execute(read)
            (before,) = cursor.fetchone()
            call()
            cursor.execute(read)
            (after,) = cursor.fetchone()
            return int(after - before)
        steps = []
        connection.connection.set_progress_handler(lambda: steps.append(1), 1)
        try:
            call()
        finally:
            connection.connection.set_progress_handler(None, 1)
        return len(steps)


ASKED = {
    "waiting": lambda _source, now: state.waiting(now=now),
    "rate": lambda _source, now: state.rate(now=now),
    "stands still": lambda _source, now: state.stands_still(now=now),
    "health": lambda _source, now: state.health(now=now),
    "summary": lambda _source, _now: state.summary(),
    "metrics": lambda _source, _now: monitoring.text(),
    "a feed": lambda _source, _now: feed.feed(account=7),
    "the live view": lambda _source, _now: arriving.newest(Wanted()),
    "the live view's next look": lambda _source, _now: arriving.newest(
        Wanted(), after=Cursor(Batch.objects.latest("pk").pk)
    ),
    "a source's events": lambda source, _now: arriving.newest(Wanted(source=source.pk)),
    "a source": lambda source, now: sending.of(source, now=now),
    "the next load": lambda _source, _now: projector._first(Batch.objects.pending()),
}


@pytest.mark.parametrize("name", ASKED)
def test_ten_times_as_much_costs_the_same(name, source, fill, now):
    fill(SMALL)
    facts.catalogue.declare("lamp.lit", sentence="lit a lamp", properties={})
    for number in range(5):
        facts.record("lamp.lit", at=now, by=None, account=7, key=str(number))
    few = effort(lambda: ASKED[name](source, now))
    fill(LARGE)
    many = effort(lambda: ASKED[name](source, now))
    assert many <= 1.2 * few + SAMPLE, f"{few} → {many}"


def test_indexes_tell_what_waits_however_much_of_the_inbox_does(fill, now):
    fill(LARGE)
    pending = Batch.objects.pending()
    counted = [pending.values_list("pk", "count"), pending.reverse().values_list("pk", "count")]
    covering = "Index Only Scan" if connection.vendor == "postgresql" else "COVERING INDEX"
    for found in counted:
        plan = found[:SAMPLE].explain()
        assert covering in plan
        assert "batch_waiting" in plan
    assert "batch_waiting" in pending[:SAMPLE].explain()
    assert "batch_facts_waiting" in pending.filter(kind=Batch.Kind.FACTS).reverse()[:SAMPLE].explain()
    Batch.objects.update(projected_at=now)
    analyze()
    assert "batch_to_hear" in Batch.objects.unheard()[:SAMPLE].explain()


@pytest.mark.parametrize("name", ["records:timeline", "records:live", "config:settings", "config:today"])
def test_pages_cost_the_same(name, as_, ada, fill):
    browser = as_(ada)
    url = reverse(name)
    browser.get(url)
    fill(SMALL)
    few = effort(lambda: browser.get(url))
    fill(LARGE)
    assert effort(lambda: browser.get(url)) <= 1.2 * few + SAMPLE


def test_what_was_projected_is_not_read_again(source, fill, now):
    fill(LARGE, projected_at=now, reacted_at=now)
    fill(SMALL)
    few = effort(lambda: state.waiting(now=now))
    fill(LARGE, projected_at=now, reacted_at=now)
    assert effort(lambda: state.waiting(now=now)) <= few + SAMPLE


@pytest.mark.parametrize("ask", [lambda: arriving.newest(Wanted()), lambda: feed.feed(account=7)], ids=["live", "feed"])
def test_people_are_looked_up_by_their_keys(ask, source, fill, now):
    def meet(number):
        people = Person.objects.bulk_create(Person() for _ in range(number))
        PersonKey.objects.bulk_create(PersonKey(kind="user", key=f"n{one.pk}", person=one) for one in people)
        analyze()

    fill(3)
    identity.tie(person=identity.resolve(user="u1"), account=7)
    projector.project_pending()
    fill(3)
    meet(SMALL)
    few = effort(ask)
    meet(LARGE)
    assert effort(ask) <= 1.2 * few + SAMPLE


def test_a_short_line_is_counted_one_by_one(fill, now):
    fill(2 * SAMPLE)
    assert state.waiting(now=now) == state.Waiting(600, now, 0)
    fill(2 * SAMPLE, projected_at=now)
    assert state.waiting(now=now).events == 600


def test_a_long_line_is_estimated_and_says_so(fill, now, as_, ada):
    fill(10 * SAMPLE)
    found = state.waiting(now=now)
    assert found.estimated
    assert found.events == 3_000
    assert state.health(now=now)["inbox_estimated"] is True
    assert state.summary()["inbox_estimated"] is True
    page = as_(ada).get(reverse("records:timeline")).content.decode()
    assert "3,000" in page
    assert "an estimate" in page


def test_what_was_taken_out_of_the_middle_is_not_counted_when_the_line_is_short(fill, now):
    fill(3 * SAMPLE)
    between = Batch.objects.order_by("pk")[SAMPLE + 10 : 2 * SAMPLE + 20]
    Batch.objects.filter(pk__in=[batch.pk for batch in between]).update(projected_at=now)
    assert state.waiting(now=now) == state.Waiting(570, now, 0)
    assert not Quarantined.objects.exists()
