"""One process owns the store, the others ask it; values never become SQL."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from proofline.timeline import store
from proofline.timeline.engine import ForkedError, StoreError, UnavailableError
from proofline.timeline.owner import LostError, Place
from tests.fixtures import waiting

ROOT = Path(__file__).resolve().parents[3]
AT = "2026-11-02 02:00:00.000"
SECONDS_TO_END = 5.0


def run(code, folder):
    """Run code in another process on the same folder."""
    lines = f"import django\ndjango.setup()\nfrom proofline.timeline import store\n{code}"
    environment = os.environ | {"PROOFLINE_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "proofline.config.settings"}
    environment.pop("EVENTS_URL", None)
    return subprocess.Popen(
        [sys.executable, "-c", lines],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def folder_of_tests():
    return store.folder().parent


def test_the_store_gives_back_what_was_written():
    store.check()


def test_many_may_check_it_at_once():
    failed, over = [], threading.Event()

    def check():
        try:
            for _turn in range(10):
                store.check()
        except StoreError as error:
            failed.append(error)

    def merge():
        while not over.is_set():
            store.command("OPTIMIZE TABLE probe FINAL")

    with waiting.threads(merge):
        try:
            waiting.at_once(*[check] * 6)
        finally:
            over.set()
    assert failed == []


def test_values_are_bound_never_spliced():
    evil = "' OR 1 = 1 -- {x:String} %(y)s \\ \0 “”"
    now = datetime(2026, 11, 2, 2, 0, 0, 123000, tzinfo=UTC)
    assert store.query("SELECT {evil:String}, {now:DateTime64(3)}", {"evil": evil, "now": now}) == [(evil, now)]
    with pytest.raises(ValueError, match="not bound"):
        store.query("SELECT %(evil)s", {"evil": evil})


def test_wrong_sql_says_what_is_wrong():
    with pytest.raises(StoreError, match="nothing_here"):
        store.query("SELECT * FROM nothing_here")


def test_threads_never_see_each_others_parameters():
    wrong = []

    def ask(thread):
        for turn in range(100):
            asked = (thread * 1000 + turn, f"text {thread} {turn}")
            rows = store.query("SELECT {number:UInt64}, {text:String}", {"number": asked[0], "text": asked[1]})
            if rows != [asked]:
                wrong.append((asked, rows))

    waiting.at_once(*(partial(ask, number) for number in range(8)))
    assert wrong == []


def test_parameters_and_inserts_at_the_same_time_never_mix():
    """Each thread writes rows of its own and reads them back by parameters of many sizes, while the others do the same."""
    wrong = []

    def work(thread):
        for turn in range(12):
            ids = [str(uuid.UUID(int=thread * 10**6 + turn * 100 + number)) for number in range(turn * 7 + 1)]
            rows = [{"id": one, "at": AT, "received": AT, "kind": "track", "event": f"of {thread}"} for one in ids]
            store.insert("events", "\n".join(json.dumps(row) for row in rows).encode())
            asked = {"ids": ids, "text": f"{thread}' -- {{ids:String}} {turn}", "event": f"of {thread}"}
            found = store.query(
                "SELECT count(), {text:String}, uniqExact(event), any(event) = {event:String} "
                "FROM events WHERE id IN {ids:Array(UUID)}",
                asked,
            )
            if found != [(len(ids), asked["text"], 1, True)]:
                wrong.append((asked, found))

    waiting.at_once(*(partial(work, number) for number in range(6)))
    assert wrong == []
    assert store.query("SELECT count() FROM events") == [(6 * sum(turn * 7 + 1 for turn in range(12)),)]


BUSY = """
import sys, threading, time
store.own()
begun = [threading.Event() for _ in range(4)]
def ask(event):
    while True:
        store.query("SELECT sum(number) FROM numbers(3000000)")
        event.set()
def write(event):
    row = b'{"id":"%s","at":0,"received":0,"kind":"track","event":"e"}\\n'
    while True:
        store.insert("events", b"".join(row % str(__import__("uuid").uuid4()).encode() for _ in range(200)))
        event.set()
for number, event in enumerate(begun):
    threading.Thread(target=write if number % 2 else ask, args=(event,), daemon=True).start()
for event in begun:
    assert event.wait(60), "a thread did nothing"
print("busy", flush=True)
ENDING
"""


@pytest.mark.parametrize(
    "ending", ["sys.stdin.readline()", "sys.stdin.readline(); store.close()", "sys.stdin.readline(); sys.exit(0)"]
)
def test_a_process_ends_cleanly_with_queries_and_inserts_at_work(tmp_path, ending):
    process = run(BUSY.replace("ENDING", ending), tmp_path)
    assert waiting.line(process, "four threads that ask and write") == "busy\n"
    started = time.monotonic()
    said = waiting.rest(process, "the end of a busy process", given="\n")
    assert (process.returncode, time.monotonic() - started < SECONDS_TO_END) == (0, True), said
    assert not list(Path.cwd().glob("core*"))


def test_another_process_asks_the_owner():
    assert store.own()
    other = run(
        "store.check()\n"
        "print(store.is_owner(), store.query('SELECT {a:UInt8} + 1', {'a': 41}))\n"
        "try:\n    store.query('SELECT nothing_here')\n"
        "except store.StoreError as error:\n    print('nothing_here' in str(error))\n",
        folder_of_tests(),
    )
    assert waiting.rest(other, "the other process") == "False [(42,)]\nTrue\n"
    assert other.returncode == 0


def test_another_process_is_told_too_that_it_is_not_the_rows_fault():
    full = "SELECT throwIf(1, 'no room', toInt16(243)) SETTINGS allow_custom_error_code_in_throwif = 1"
    with pytest.raises(UnavailableError, match="no room"):
        store.query(full)
    other = run(
        f"try:\n    store.query({full!r})\n"
        "except store.UnavailableError as error:\n    print(store.is_owner(), 'no room' in str(error))\n",
        folder_of_tests(),
    )
    assert waiting.rest(other, "the other process") == "False True\n"


def test_when_the_owner_is_killed_the_next_one_takes_over(tmp_path):
    first = run("store.check()\nprint(store.is_owner(), flush=True)\ninput()\n", tmp_path)
    assert waiting.line(first, "the first owner") == "True\n"
    second = run(
        "store.check()\nprint(store.is_owner(), flush=True)\ninput()\nstore.check()\nprint(store.is_owner())\n",
        tmp_path,
    )
    assert waiting.line(second, "whoever asks the owner") == "False\n"
    first.kill()
    first.wait(timeout=60)
    first.stdin.close()
    first.stdout.close()
    assert waiting.rest(second, "the second owner", given="\n") == "True\n"


def test_the_socket_fits_whatever_the_folder_is_called(tmp_path):
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    first = run("store.check()\nprint(store.is_owner(), flush=True)\ninput()\n", deep)
    assert waiting.line(first, "the first owner") == "True\n"
    second = run("store.check()\nprint(store.is_owner())\n", deep)
    assert waiting.rest(second, "whoever asks the owner") == "False\n"
    waiting.rest(first, "the end of the first owner", given="\n")
    assert first.returncode == 0


def test_only_this_user_can_read_the_key():
    store.own()
    assert (folder_of_tests() / "owner.key").stat().st_mode & 0o077 == 0


def test_who_does_not_know_the_key_is_turned_away():
    store.own()
    here = Place(store=store.folder())
    with tempfile.TemporaryDirectory() as other:
        stranger = Place(store=Path(other) / "events")
        stranger.new_key()
        stranger.tell(os.fsdecode(here.address.read_bytes()))
        with pytest.raises(LostError):
            stranger.dial()
    store.check()


def test_a_forked_process_is_told_so():
    store.own()
    engine = store._owner.engine
    engine._process += 1
    try:
        with pytest.raises(ForkedError):
            store.query("SELECT 1")
    finally:
        engine._process -= 1
