"""What becomes of the timeline when it grows: taking in and feeds stay as quick, aggregates take as much longer as there is more."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks import ingest
from benchmarks._runs import run
from benchmarks._serving import server

MILLION = 1_000_000
SIZES = (1, 5, 20, 50)
WARM, TAKEN_IN = 20_000, 200_000
FLAT = ("feed of an account", "feed of a person")


def measure(sizes: tuple[int, ...] = SIZES) -> list[dict[str, Any]]:
    """Return the runs at each size, in millions of events; ratios are against the smallest size, of aggregates for as many events."""
    runs: list[dict[str, Any]] = []
    before: dict[str, float] = {}
    first = 0
    with tempfile.TemporaryDirectory() as folder:
        with server(folder):
            pass  # prepares the folder
        for millions in sizes:
            told = grown(folder, first=first, last=millions * MILLION)
            first = millions * MILLION
            rate = taken_in(folder)
            runs.append(told_one("ingest, batches of 100", rate, "events/s", first, before))
            for name, times in told["asked"].items():
                linear = 1.0 if name in FLAT else millions / sizes[0]
                value = statistics.median(times)
                runs.append(told_one(name, value, "ms", first, before, times=times, linear=linear))
            for name, value in told["bytes"].items():
                runs.append(told_one(f"disk, {name}", value, "bytes/event", first, before))
    return runs


def told_one(
    name: str,
    value: float,
    unit: str,
    size: int,
    before: dict[str, float],
    *,
    times: list[float] | None = None,
    linear: float = 1.0,
) -> dict[str, Any]:
    """Return a run whose reference is what the smallest size gave, times what it may grow by."""
    reference = before.setdefault(name, value) * linear
    return run(name, value, unit, size=size, times_ms=times, reference=reference)


def grown(folder: str, *, first: int, last: int) -> dict[str, Any]:
    """Let the store of a folder grow, in a process of its own; return what it then took to ask it."""
    words = [folder, str(first), str(last), str(SIZES[-1] * MILLION)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._growing", *words], stdout=subprocess.PIPE, text=True, check=True
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def taken_in(folder: str) -> float:
    """Return how many events a second a server on the folder takes in and projects."""
    with server(folder) as (port, _seconds):
        key = ingest.key_of(folder)
        ingest.case(folder, port, key, events=WARM, batch=ingest.BATCH, packed=False, senders=1)
        done = ingest.case(folder, port, key, events=TAKEN_IN, batch=ingest.BATCH, packed=False, senders=1)
    rate: float = done["projected"]
    return rate
