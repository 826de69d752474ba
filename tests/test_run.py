"""The runner of the suite ends, whatever the tests do, and leaves nothing behind."""

import os
import sys
import time

from tests import run
from tests.fixtures import waiting
from tests.test_server import alive

LONG = 300
LEAVES = f"""
import subprocess, sys
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep({LONG})"]).pid)
print("1 passed", flush=True)
sys.exit(3)
"""
HANGS = f"""
import tests.sandbox, threading, time
def waits_for_ever():
    time.sleep({LONG})
threading.Thread(target=waits_for_ever).start()
print("...", end="", flush=True)
time.sleep({LONG})
"""


def test_what_holds_the_pipe_behind_the_tests_is_ended(capfd, monkeypatch):
    monkeypatch.setattr(run, "SECONDS_TO_END", 0.2)
    assert run.watched([sys.executable, "-c", LEAVES], dict(os.environ), seconds=LONG / 2) == (3, "1 passed")
    left, said = capfd.readouterr().out.splitlines()
    assert said == "1 passed"
    waiting.until(lambda: not alive(int(left)), "the end of what was left behind")


def test_what_does_not_end_is_asked_where_it_is_and_ended(capfd):
    started = time.monotonic()
    code, last = run.watched([sys.executable, "-c", HANGS], dict(os.environ), seconds=6)
    said = capfd.readouterr()
    assert (code, last, said.out) == (1, "Not done after 0.1 minutes", "...")
    assert "in waits_for_ever" in said.err
    assert time.monotonic() - started < LONG / 2
