"""SQLite under many writing threads: each in its turn, on the disk before anybody hears of it, and one sync for many."""

import gc
import sqlite3
import threading
from contextlib import closing, suppress

import pytest
from django.db import OperationalError, connections, transaction

from proofline.kit.sqlite import base, syncing
from tests.fixtures import waiting

OWN = "own"


@pytest.fixture(autouse=True)
def path(tmp_path, monkeypatch, django_db_blocker):
    """Return the file of a store of our own, which every thread may open, whatever the records are kept in."""
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    }
    own = {"ENGINE": "proofline.kit.sqlite", "NAME": tmp_path / "records.sqlite3", "OPTIONS": options}
    monkeypatch.setitem(connections.databases, OWN, own)
    connections.configure_settings(connections.databases)
    with django_db_blocker.unblock():
        with connections[OWN].cursor() as cursor:
            cursor.execute("CREATE TABLE word (word TEXT)")
        yield tmp_path / "records.sqlite3"
        connections[OWN].close()
        del connections[OWN]


def write(word):
    """Write a word in a statement of its own, where there is no transaction."""
    with connections[OWN].cursor() as cursor:
        cursor.execute("INSERT INTO word VALUES (%s)", [word])


def add(word):
    """Write a word in a transaction."""
    with transaction.atomic(using=OWN):
        write(word)


def alone(act, *given, ends=None):
    """Return what does it in a thread of its own and notes in `ends` how it ended."""

    def run():
        try:
            act(*given)
            told = "done"
        except OperationalError as error:
            told = str(error)
        finally:
            connections[OWN].close()
        if ends is not None:
            ends.append(told)

    return run


def seen(path):
    """Return the words that somebody else finds."""
    with closing(sqlite3.connect(path)) as own:
        return {word for (word,) in own.execute("SELECT word FROM word")}


def level():
    """Return how the connection syncs by itself: 1 at checkpoints, 2 at each commit."""
    with connections[OWN].cursor() as cursor:
        return cursor.execute("PRAGMA synchronous").fetchone()[0]


@pytest.fixture
def disk(path, monkeypatch):
    """Return a disk that is busy until `go_on` is set; `begun` has what could be read when it was asked to sync."""

    class Disk:
        def __init__(self):
            self.begun, self.go_on, self.error = [], threading.Event(), None

        def sync(self, _file):
            self.begun.append(seen(path))
            assert self.go_on.wait(waiting.SECONDS)
            if self.error:
                raise self.error

    found = Disk()
    monkeypatch.setattr(syncing, "to_disk", found.sync)
    yield found
    found.go_on.set()


def test_who_commits_while_the_disk_is_busy_shares_the_next_sync(path, disk):
    ends, crowd = [], list("abcdef")
    with waiting.threads(alone(add, "first", ends=ends)):
        waiting.until(lambda: disk.begun, "the first sync")
        with waiting.threads(*(alone(add, word, ends=ends) for word in crowd)):
            waiting.until(lambda: seen(path) == {"first", *crowd}, "all to have committed")
            assert ends == []
            disk.go_on.set()
    assert ends == ["done"] * 7
    assert disk.begun == [{"first"}, {"first", *crowd}]


def test_when_the_disk_fails_all_who_waited_for_it_are_told(disk):
    ends, disk.error = [], OSError(5, "Input/output error")
    disk.go_on.set()
    alone(add, "lost", ends=ends)()
    disk.error = None
    alone(add, "kept", ends=ends)()
    assert ends == ["disk I/O error: [Errno 5] Input/output error", "done"]


def test_a_statement_of_its_own_is_synced_by_the_store_itself(disk):
    disk.go_on.set()
    write("alone")
    assert (level(), disk.begun) == (2, [])
    with transaction.atomic(using=OWN):
        assert level() == 1
    assert (level(), len(disk.begun)) == (2, 1)


@pytest.mark.parametrize("act", [add, write])
def test_others_wait_for_their_turn_and_not_for_the_store_to_be_free_by_chance(path, act):
    ends = []
    with connections[OWN].store.turn:
        other = threading.Thread(target=alone(act, "next", ends=ends), daemon=True)
        other.start()
        other.join(0.2)
        assert (ends, seen(path)) == ([], set())
    waiting.ended([other])
    assert (ends, seen(path)) == (["done"], {"next"})


def test_a_transaction_has_the_turn_until_it_ends():
    with transaction.atomic(using=OWN):
        with transaction.atomic(using=OWN):
            assert connections[OWN].store.turn.locked()
        assert connections[OWN].store.turn.locked()
    assert not connections[OWN].store.turn.locked()


def left_open():
    """End within a transaction."""
    transaction.atomic(using=OWN).__enter__()
    write("left")


def closed():
    """Close the store within a transaction."""
    transaction.atomic(using=OWN).__enter__()
    connections[OWN].close()


def taken_back():
    """Raise within a transaction."""
    with suppress(KeyError), transaction.atomic(using=OWN):
        raise KeyError


@pytest.mark.parametrize("end", [left_open, closed, taken_back])
def test_however_a_transaction_ends_the_next_one_begins(path, end):
    waiting.at_once(end)
    gc.collect()  # what a thread leaves behind goes when Python cleans up
    assert not connections[OWN].store.turn.locked()
    add("next")
    assert seen(path) == {"next"}


def test_where_the_turn_does_not_come_the_store_itself_is_asked(path, monkeypatch):
    monkeypatch.setitem(connections[OWN].settings_dict["OPTIONS"], "timeout", 0.01)
    with connections[OWN].store.turn:
        add("all the same")
        assert connections[OWN].store.turn.locked()
    assert seen(path) == {"all the same"}


def test_a_thread_that_writes_for_many_leaves_the_sync_to_sqlite(monkeypatch):
    levels, ends = [], []

    def commit():
        base.sync_alone(using=OWN)
        with transaction.atomic(using=OWN):
            write("for many")
            levels.append(level())

    monkeypatch.setattr(syncing, "to_disk", lambda _file: pytest.fail("a second sync"))
    thread = threading.Thread(target=alone(commit, ends=ends))
    thread.start()
    thread.join(timeout=20)
    assert (levels, ends) == ([2], ["done"])  # the commit itself waits for the disk
    assert connections[OWN].store.turn.acquire(timeout=1)  # and has given its turn away
    connections[OWN].store.turn.release()
