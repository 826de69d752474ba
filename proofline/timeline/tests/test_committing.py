"""The group commit: many requests, few syncs, and nobody is answered before their own row can be read by others."""

import io
import json
import threading
from functools import partial

import pytest
from django.db import DatabaseError, connection, connections, transaction

from proofline.timeline import committing, ingest
from proofline.timeline.models import Batch, Source
from proofline.timeline.models.inbox import unpack
from tests.fixtures import waiting

pytestmark = pytest.mark.django_db(transaction=True)
REQUESTS = 200


@pytest.fixture
def key(now, monkeypatch):
    """Return a write key that every thread knows already, so that none but the committer needs a connection."""
    monkeypatch.setattr("proofline.timeline.models.sources.SECONDS_KNOWN", 600.0)
    source = Source.add(name="Crowd", now=now)
    assert Source.by_key(source.write_key) == source
    return source.write_key


@pytest.fixture
def commits(monkeypatch):
    """Return how many requests each commit took, while one thread commits for all."""
    sizes, write = [], committing.write

    def counted(records):
        sizes.append(len(records))
        write(records)

    monkeypatch.setattr(committing, "write", counted)
    committing.start()
    yield sizes
    committing.stop()


class Reader:
    """Somebody else's connection, which sees what is committed."""

    def __init__(self):
        if connection.vendor == "postgresql":
            import psycopg

            parameters = connection.get_connection_params()
            given = {name: parameters[name] for name in ("dbname", "user", "host", "port") if parameters.get(name)}
            self._own = psycopg.connect(**given, autocommit=True)
        else:
            import sqlite3

            self._own = sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False, isolation_level=None)
        self._lock = threading.Lock()
        self._last, self._found = 0, set()

    def sees(self, mark):
        with self._lock:
            for pk, body in self._own.execute(
                f"SELECT id, body FROM timeline_batch WHERE id > {self._last} ORDER BY id"
            ):
                self._last = pk
                self._found |= {message["messageId"] for message in json.loads(unpack(bytes(body)))["batch"]}
            return mark in self._found

    def close(self):
        self._own.close()


def post(key, mark):
    body = json.dumps({"userId": "u1", "event": "Door Opened", "messageId": mark}).encode()
    environ = {
        "PATH_INFO": "/v1/track",
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": f"Bearer {key}",
    }
    return ingest.answer(environ, read=io.BytesIO(body).read)


def all_at_once(act):
    """Let as many threads as there are requests do the same at the same moment; return what each gave."""
    given = [None] * REQUESTS

    def one(number):
        given[number] = act(number)
        connections.close_all()

    waiting.at_once(*(partial(one, number) for number in range(REQUESTS)))
    return given


def test_a_crowd_needs_few_commits_and_each_is_answered_after_its_own(key, commits):
    reader = Reader()
    given = all_at_once(lambda number: (post(key, f"m{number}").status, reader.sees(f"m{number}")))
    reader.close()
    assert given == [(200, True)] * REQUESTS
    assert sum(commits) == REQUESTS
    assert len(commits) <= REQUESTS / 4
    assert Batch.objects.count() == REQUESTS


def test_when_a_commit_fails_all_who_wait_for_it_are_told_and_the_next_passes(key, commits, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(Batch, "add_packed", lambda _records: (_ for _ in ()).throw(DatabaseError("disk full")))
        given = all_at_once(lambda number: post(key, f"m{number}"))
    assert {(answer.status, dict(answer.headers).get("Retry-After")) for answer in given} == {(503, "2")}
    assert not Batch.objects.exists()
    assert post(key, "again").status == 200


def test_whoever_comes_while_it_stops_is_taken_or_told(key, commits):
    stopping = threading.Thread(target=committing.stop)

    def act(number):
        if number == REQUESTS // 2:
            stopping.start()
        return post(key, f"m{number}").status

    given = all_at_once(act)
    waiting.ended([stopping])
    assert set(given) <= {200, 503}
    assert Batch.objects.count() == given.count(200)


def test_whoever_else_has_to_write_gets_the_next_turn(monkeypatch):
    """As the projector, which would wait for seconds while group follows on group."""
    log, begun, go_on = [], threading.Semaphore(0), threading.Semaphore(0)

    def held(records):
        log.append(records)
        begun.release()
        assert go_on.acquire(timeout=10)

    def other():
        with committing.between():
            log.append("other")
            assert not begun.acquire(timeout=0.2), "a group began in the other's turn"

    monkeypatch.setattr(committing, "write", held)
    committing.start()
    try:
        first = threading.Thread(target=committing.commit, args=(["first"],))
        first.start()
        assert begun.acquire(timeout=10)
        writer, second = threading.Thread(target=other), threading.Thread(target=committing.commit, args=(["second"],))
        writer.start()
        waiting.until(lambda: committing._pen._others, "the other to ask for its turn", pause=0.001)
        second.start()
        assert log == [["first"]]
        go_on.release(2)
        for thread in (first, writer, second):
            thread.join(timeout=10)
    finally:
        go_on.release(2)
        committing.stop()
    assert log == [["first"], "other", ["second"]]


def test_whoever_holds_the_lock_already_waits_for_nobody(key, commits):
    """The committer waits for the record store's lock, which only goes free when the transaction ends."""
    with transaction.atomic():
        Source.objects.update(name="Held")
        posting = threading.Thread(target=post, args=(key, "m1"))
        posting.start()
        waiting.until(  # PostgreSQL lets it pass
            lambda: committing._pen._committing or not posting.is_alive(), "the committer", pause=0.001
        )
        with committing.between():
            Source.objects.update(name="Held still")
    posting.join(timeout=10)
    assert Batch.objects.count() == 1
