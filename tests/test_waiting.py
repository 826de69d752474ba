"""What is waited for in vain is told."""

import subprocess
import sys
import threading

import pytest

from tests.fixtures import waiting

SECONDS = 0.1


def test_what_never_becomes_true():
    assert waiting.until(lambda: 7, "seven") == 7
    with pytest.raises(AssertionError, match=r"waited 0\.1 s for a miracle"):
        waiting.until(lambda: None, "a miracle", seconds=SECONDS)


def test_a_process_that_says_nothing_is_ended():
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        with pytest.raises(AssertionError, match=r"waited 0\.1 s for a word"):
            waiting.line(process, "a word", seconds=SECONDS)
        assert process.wait(timeout=waiting.SECONDS) < 0


def test_a_process_that_does_not_end_is_ended():
    with subprocess.Popen([sys.executable, "-c", "while True: pass"], stdout=subprocess.PIPE, text=True) as process:
        with pytest.raises(AssertionError, match=r"waited 0\.1 s for its end"):
            waiting.rest(process, "its end", seconds=SECONDS)
        assert process.wait(timeout=waiting.SECONDS) < 0


def test_threads_that_do_not_end_are_told_with_the_place():
    for_ever, seen = threading.Event(), []

    def hangs():
        for_ever.wait()

    waiting.at_once(lambda: seen.append(1), lambda: seen.append(2))
    assert sorted(seen) == [1, 2]
    with pytest.raises(AssertionError, match=r"(?s)waited 0\.1 s for 1 of 2 threads.*in hangs"):
        waiting.at_once(hangs, lambda: None, seconds=SECONDS)
    for_ever.set()
