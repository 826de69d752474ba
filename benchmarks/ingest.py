"""How many events a second one server takes over HTTP: acknowledged (committed to the inbox) and projected, beside chDB alone."""

from __future__ import annotations

import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks._runs import run
from benchmarks._serving import server

BATCHED, SINGLE, BATCH, SENDERS, CONNECTIONS, ROUNDS = 600_000, 30_000, 100, 1, 16, 2
ROWS_STRAIGHT = 300_000
SECONDS_TO_PROJECT = 120


def measure() -> list[dict[str, Any]]:
    """Return the runs: batches plain and packed, and single events, each in turn with the same JSON straight into chDB."""
    with tempfile.TemporaryDirectory() as folder, server(folder) as (port, _seconds):
        key = key_of(folder)
        case(folder, port, key, events=20_000, batch=BATCH, packed=False, senders=SENDERS)  # warms everything up
        found: dict[str, list[dict[str, Any]]] = {}
        straight: list[float] = []
        for _round in range(ROUNDS):
            straight.append(_straight())
            for name, packed in (("batches of 100", False), ("batches of 100, gzip", True)):
                done = case(folder, port, key, events=BATCHED, batch=BATCH, packed=packed, senders=SENDERS)
                found.setdefault(name, []).append(done)
        single = case(folder, port, key, events=SINGLE, batch=1, packed=False, senders=SENDERS)
    reference = statistics.median(straight)
    runs = [run("the same JSON straight into chDB", reference, "events/s", size=ROWS_STRAIGHT)]
    for name, rounds in [*found.items(), ("single events", [single])]:
        runs += _told(name, rounds, reference)
    return runs


def _told(name: str, rounds: list[dict[str, Any]], reference: float) -> list[dict[str, Any]]:
    """Return the runs of a case: the medians of its rounds."""
    times = [time for one in rounds for time in one["times"]]
    size = rounds[0]["events"]
    acknowledged = statistics.median(one["acknowledged"] for one in rounds)
    projected = statistics.median(one["projected"] for one in rounds)
    return [
        run(f"{name}: acknowledged", acknowledged, "events/s", size=size, times_ms=times, reference=reference),
        run(f"{name}: acknowledged and projected", projected, "events/s", size=size, reference=reference),
        run(f"{name}: lag at the last answer", statistics.median(one["lag"] for one in rounds), "s", size=size),
    ]


def case(folder: str, port: int, key: str, *, events: int, batch: int, packed: bool, senders: int) -> dict[str, Any]:
    """Send events from several processes; return the rates, the lag when the last was acknowledged, and the times."""
    words = [sys.executable, "-m", "benchmarks._sending", str(port), key]
    unique = str(time.time_ns())
    processes = [
        subprocess.Popen(
            [
                *words,
                str(part),
                str(senders),
                str(events),
                str(batch),
                "1" if packed else "0",
                "0",
                unique,
                str(CONNECTIONS),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for part in range(senders)
    ]
    for process in processes:
        _line(process)
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [json.loads(process.communicate()[0]) for process in processes]
    began, ended = min(one["started"] for one in told), max(one["ended"] for one in told)
    lag = _projected_after(folder)
    return {
        "events": events,
        "acknowledged": events / (ended - began),
        "projected": events / (time.time() - began),
        "lag": lag,
        "times": [time for one in told for time in one["times"]],
    }


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def _projected_after(folder: str) -> float:
    """Wait until everything is projected; return the seconds that it took.

    Raises:
        RuntimeError: it does not come to an end.
    """
    started = time.monotonic()
    with closing(sqlite3.connect(f"file:{Path(folder) / 'records.sqlite3'}?mode=ro", uri=True)) as records:
        while records.execute("SELECT 1 FROM timeline_batch WHERE projected_at IS NULL LIMIT 1").fetchone():
            if time.monotonic() - started > SECONDS_TO_PROJECT:
                raise RuntimeError("the projector does not come to an end")
            time.sleep(0.02)
    return time.monotonic() - started


def _straight() -> float:
    """Insert the same JSON, as it is, into a table of chDB in a process of its own; return events/s."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks._straight", folder, str(ROWS_STRAIGHT)],
            capture_output=True,
            text=True,
            check=True,
        )
    return float(done.stdout)


def key_of(folder: str) -> str:
    """Return the write key of a new source."""
    command = [sys.executable, "-m", "proofline", "--data", folder, "source", "add", "Bench", "--json"]
    return str(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["write_key"])
