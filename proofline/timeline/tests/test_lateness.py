"""The live view shows each event once, whatever the order in which PostgreSQL commits what it numbered."""

import contextlib
import os
import re
import time

import pytest
from django.db import connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proofline.timeline import arriving, inbox, lateness
from proofline.timeline.arriving import Wanted
from proofline.timeline.lateness import Cursor, Gap
from proofline.timeline.models import Batch, Source
from proofline.timeline.models.inbox import pack

on_postgres = pytest.mark.skipif(
    "DATABASE_URL" not in os.environ,
    reason="Only PostgreSQL commits out of order: this belongs to the suite's run on it",
)
ROW = '<li class="live-row'
SECONDS_FOR_OTHERS = 120


def body(name):
    return pack(b'{"batch":[{"type":"track","userId":"u1","event":"%s"}]}' % name.encode())


class Elsewhere:
    """Another server's transaction."""

    def __init__(self, source, now):
        import psycopg

        parameters = connection.get_connection_params()
        given = {name: parameters[name] for name in ("dbname", "user", "host", "port") if parameters.get(name)}
        self.own = psycopg.connect(**given)
        self.values = (source.pk, now)

    def send(self, name):
        self.own.execute(
            "INSERT INTO timeline_batch (kind, source_id, received_at, count, body) VALUES ('tracking', %s, %s, 1, %s)",
            [*self.values, body(name)],
        )

    def __enter__(self):
        return self

    def __exit__(self, *_trouble):
        self.own.close()


@pytest.fixture
def source(now):
    return Source.add(name="Product", now=now)


@pytest.fixture
def watch():
    """Return `watch()`: the names of what appeared since it was last called."""
    cursor = arriving.START

    def look(wanted=Wanted()):  # noqa: B008 - a tuple
        nonlocal cursor
        found = arriving.newest(wanted, after=cursor)
        cursor = Cursor.read(str(found.cursor))
        assert not found.missed
        return [row.name for row in found.rows]

    look.cursor = lambda: cursor
    return look


def until_nothing_is_waited_for(watch):
    """Look until no number is missing: transactions of the server's other databases have numbers of the same row, and are waited for too."""
    ends = time.monotonic() + SECONDS_FOR_OTHERS
    while True:
        assert watch() == []
        if not watch.cursor().gaps:
            return
        assert time.monotonic() < ends
        time.sleep(0.05)


def track(name):
    return {"type": "track", "userId": "u1", "event": name}


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_what_is_committed_later_than_its_followers_is_shown(source, now, watch):
    inbox.append(source, [track("first")], now)
    with Elsewhere(source, now) as slow, Elsewhere(source, now) as slower:
        slow.send("slow")
        slower.send("slower")
        inbox.append(source, [track("quick")], now)
        assert watch() == ["quick", "first"]
        inbox.append(source, [track("quicker")], now)
        assert watch() == ["quicker"]
        assert watch() == []
        slower.own.commit()
        assert watch() == ["slower"]
        assert watch() == []
        slow.own.commit()
        inbox.append(source, [track("last")], now)
        assert watch() == ["last", "slow"]
        assert watch() == []
    until_nothing_is_waited_for(watch)
    assert watch.cursor() == Cursor(Batch.objects.latest("pk").pk)


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_what_was_late_when_the_first_look_was_taken_is_shown_also_where_the_inbox_was_empty(source, now, watch):
    with Elsewhere(source, now) as slow:
        slow.send("slow")
        assert watch() == []
        inbox.append(source, [track("quick")], now)
        assert watch() == ["quick"]
        slow.own.commit()
        assert watch() == ["slow"]
        assert watch() == []


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_waited_for_no_longer_than_it_lasts(source, now, watch):
    with Elsewhere(source, now) as slow, Elsewhere(source, now) as lost:
        slow.send("slow")
        lost.send("lost")
        inbox.append(source, [track("quick")], now)
        watch()
        lost.own.rollback()
        for _look in range(3):
            assert watch() == []
        assert watch.cursor().gaps, "the other one is still on"
        slow.own.rollback()
        until_nothing_is_waited_for(watch)


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_filter_misses_nothing_either(source, now, watch):
    other = Source.add(name="Website", now=now)
    wanted = Wanted(source=other.pk)
    with Elsewhere(other, now) as slow, Elsewhere(source, now) as others:
        slow.send("slow")
        others.send("another's")
        inbox.append(source, [track("another's too")], now)
        assert watch(wanted) == []
        others.own.commit()
        assert watch(wanted) == []
        slow.own.commit()
        assert watch(wanted) == ["slow"]
        assert watch(wanted) == []


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_the_page_takes_its_cursor_along(source, now, as_, ada):
    browser = as_(ada)

    def part(page):
        answer = browser.get(re.search(r'hx-get="(/settings/live/[^"]+)"', page)[1].replace("&amp;", "&"))
        return answer.content.decode() if answer.status_code == 200 else page, answer.content.decode().count(ROW)

    with Elsewhere(source, now) as slow:
        slow.send("slow")
        inbox.append(source, [track("quick")], now)
        page = browser.get(reverse("records:live")).content.decode()
        assert page.count(ROW) == 1
        page, rows = part(page)
        assert rows == 0
        slow.own.commit()
        page, rows = part(page)
        assert rows == 1
        page, rows = part(page)
        assert rows == 0


class World:
    """Transactions as PostgreSQL has them: numbers are given out at once, rows appear at the end."""

    def __init__(self):
        self.next_row = self.next_transaction = 1
        self.open = {}

    def send(self, name):
        if name not in self.open:
            self.open[name] = (self.next_transaction, [])
            self.next_transaction += 1
        self.open[name][1].append(self.next_row)
        self.next_row += 1

    def end(self, name):
        return self.open.pop(name, (0, []))[1]

    def transactions(self):
        return min(
            [number for number, _rows in self.open.values()], default=self.next_transaction
        ), self.next_transaction


STEPS = st.lists(
    st.tuples(st.sampled_from(["send"] * 4 + ["commit"] * 2 + ["roll back", "look", "look"]), st.sampled_from("abcd")),
    max_size=40,
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_however_transactions_end_each_batch_is_found_once(source, now, monkeypatch, steps):
    world, seen, committed, cursor = World(), [], [], arriving.START
    with monkeypatch.context() as patch, contextlib.ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        patch.setattr(lateness, "_may_be_late", lambda: True)
        patch.setattr(lateness, "_transactions", world.transactions)

        def look():
            nonlocal cursor
            found = arriving.newest(Wanted(), after=cursor)
            seen.extend(row.name for row in found.rows)
            cursor = Cursor.read(str(found.cursor))

        def commit(name):
            for pk in world.end(name):
                Batch.objects.create(
                    pk=pk, source=source, kind="tracking", received_at=now, count=1, body=body(str(pk))
                )
                committed.append(str(pk))

        does = {"send": world.send, "commit": commit, "roll back": world.end, "look": lambda _name: look()}
        for step, name in steps:
            does[step](name)
        for name in "abcd":
            commit(name)
        for _look in range(3):
            look()
        assert sorted(seen) == sorted(committed)
        assert cursor.gaps == ()
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "cursor",
    [Cursor(), Cursor(7), Cursor(12, (Gap(3, 4, 9), Gap(8, 8))), Cursor(10**17, (Gap(1, 10**17, 10**17),) * 100)],
)
def test_a_cursor_fits_into_an_address(cursor):
    assert Cursor.read(str(cursor)) == cursor
    assert len(str(cursor)) < 7_000


@pytest.mark.parametrize("text", ["", "x", "-1", "1.", "1.2-3", "1.2-3_4.", "9" * 19, "1" + ".2-3_4" * 101, "١٢"])
def test_what_is_no_cursor_is_the_beginning(text):
    assert Cursor.read(text) == arriving.START


@pytest.mark.django_db
def test_more_gaps_than_fit_are_told(source, now, monkeypatch):
    monkeypatch.setattr(lateness, "_may_be_late", lambda: True)
    monkeypatch.setattr(lateness, "_transactions", lambda: (1, 9))
    monkeypatch.setattr(lateness, "MOST_GAPS", 3)
    Batch.objects.create(pk=1, source=source, kind="tracking", received_at=now, count=1, body=body("one"))
    start = arriving.newest(Wanted()).cursor
    for pk in (3, 5, 7, 9, 11):
        Batch.objects.create(pk=pk, source=source, kind="tracking", received_at=now, count=1, body=body(str(pk)))
    found = arriving.newest(Wanted(), after=start)
    assert found.missed
    assert [gap.first for gap in found.cursor.gaps] == [6, 8, 10]
