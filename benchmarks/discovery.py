"""The workshop: the proposal's page as served, its PDF, the nearest stories, the return with its draws, the smallest configuration."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from typing import Any

from benchmarks._loading import load
from benchmarks._runs import run
from benchmarks._serving import free_port, server, serving
from benchmarks.pages import database

STORIES, SECONDS, STORES, FIRST = 5_000, 4.0, ("sqlite", "postgres"), 5
CASES = {
    "pdf-cold": "PDF, the first of a process",
    "pdf-warm": "PDF, the same again",
    "pdf-warm-changed": "PDF, another text each time",
    "match": "evidence match",
    "roi": "ROI with 10,000 draws and the tornado",
    "configure": "configuration of 200 modules, 500 rules",
    "configure-refused": "the same, where nothing can be had: why",
}
BROWSER = "User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X)"


def measure(size: int = STORIES, seconds: float = SECONDS, store: str | None = None) -> list[dict[str, Any]]:
    """Return a run per case and store: milliseconds, the median and percentiles; the page beside a bare Django view, others beside the part of the work that can't be left out."""
    return [one for name in ([store] if store else STORES) for one in measured(name, size, seconds)]


def measured(store: str, size: int, seconds: float) -> list[dict[str, Any]]:
    """Fill a store, measure in a process of its own, then serve it and ask for the page."""
    with tempfile.TemporaryDirectory() as folder, database(store) as environment, ExitStack() as stack:
        told = _told(folder, str(size), environment)
        first = [_told(folder, "cold", environment)["cases"]["pdf-cold"]["value"] for _turn in range(FIRST)]
        told["cases"] = {"pdf-cold": {"value": [one for some in first for one in some]}} | told["cases"]
        port, _seconds = stack.enter_context(server(folder, environment))
        floor = free_port()
        bare = [sys.executable, "-m", "benchmarks._bare", folder, str(floor)]
        stack.enter_context(serving(bare, floor, environment))
        page = f"GET /p/{told['token']}/ HTTP/1.1\r\nHost: localhost\r\n{BROWSER}\r\n\r\n"
        asked = {"requests": [page], "port": port, "connections": 1, "seconds": seconds}
        load(asked | {"seconds": seconds / 4})
        times = load(asked)["times"]
        rows = load(asked | {"port": floor, "requests": ["GET /rows HTTP/1.1\r\nHost: localhost\r\n\r\n"]})["times"]
    where = {"store": store, "concurrency": 1, "pages": told["pages"], "charts": told["charts"]}
    runs = [_run("proposal page", times, rows, size=size, where=where)]
    for key, case in told["cases"].items():
        runs.append(_run(CASES[key], case["value"], case.get("reference"), size=size, where=where))
    return runs


def _told(folder: str, what: str, environment: dict[str, str]) -> dict[str, Any]:
    """Run a process of its own; what it loads is kept compiled, as where Proofline is installed."""
    command = [sys.executable, "-m", "benchmarks._discovering", folder, what]
    around = os.environ | environment | {"PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(command, env=around, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _run(case: str, times: list[float], reference: list[float] | None, *, size: int, where: dict[str, Any]) -> Any:
    middle = statistics.median(reference) if reference else None
    return run(case, statistics.median(times), "ms", size=size, times_ms=times, reference=middle, **where)
