"""The whole slice at its size: sales data is imported, product events come in over HTTP, metrics are asked."""

from __future__ import annotations

import base64
import http.client
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks._runs import run
from benchmarks._serving import server

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "crm_sales_opportunities"
FILES = {
    "products": "products.csv",
    "accounts": "accounts.csv",
    "users": "sales_teams.csv",
    "deals": "sales_pipeline.csv",
}
EVENTS, BATCH, SENDERS, PEOPLE = 300_000, 100, 4, 6_000
METRICS = ("deals.won", "deals.win_rate", "deals.days_to_win")


def measure() -> list[dict[str, Any]]:
    """Return what each part took; the import only where the real sales data is found beside the project."""
    with tempfile.TemporaryDirectory() as folder, server(folder) as (port, _seconds):
        return [*imported(folder), *ingested(folder, port), *asked(folder)]


def proofline(folder: str, *words: str | Path) -> tuple[Any, float]:
    """Run the command line; return what it says as JSON, and its seconds."""
    started = time.monotonic()
    command = [sys.executable, "-m", "proofline", "--data", folder, *words, "--json"]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    return json.loads(done.stdout), time.monotonic() - started


def imported(folder: str) -> list[dict[str, Any]]:
    """Import the files in their order."""
    if not DATA.is_dir():
        return []
    runs = []
    for kind, name in FILES.items():
        result, seconds = proofline(folder, "import", kind, DATA / name, "--accept-suggestions")
        runs.append(run(f"import of {kind}", seconds, "s", size=result["created"]))
    return runs


def ingested(folder: str, port: int) -> list[dict[str, Any]]:
    """Send events in batches from several senders; wait until the last is projected."""
    key = proofline(folder, "source", "add", "Bench")[0]["write_key"]
    started = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as senders:
        times = [time for some in senders.map(lambda part: send(port, key, part), range(SENDERS)) for time in some]
    acknowledged = time.monotonic() - started
    while proofline(folder, "timeline", "status")[0]["inbox"]:
        time.sleep(0.1)
    projected = time.monotonic() - started
    return [
        run("events acknowledged", EVENTS / acknowledged, "events/s", size=EVENTS, times_ms=times),
        run("events acknowledged and projected", EVENTS / projected, "events/s", size=EVENTS),
    ]


def send(port: int, key: str, part: int) -> list[float]:
    """Send one sender's share; return the milliseconds of each request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    token = base64.b64encode(f"{key}:".encode()).decode()
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {token}"}
    times, now = [], datetime.now(UTC)
    for first in range(part * BATCH, EVENTS, SENDERS * BATCH):
        body = json.dumps({"batch": [event(number, now) for number in range(first, first + BATCH)]})
        started = time.monotonic()
        connection.request("POST", "/v1/batch", body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != http.client.OK:
            raise RuntimeError(f"the server answered {answer.status}")
        times.append((time.monotonic() - started) * 1000)
    connection.close()
    return times


def event(number: int, now: datetime) -> dict[str, Any]:
    """Return one use of a feature, spread over a month and over the people."""
    return {
        "type": "track",
        "event": "Feature Used",
        "userId": f"user-{number % PEOPLE}",
        "messageId": f"bench-{number}",
        "timestamp": (now - timedelta(seconds=number * 8)).isoformat(),
        "properties": {"feature": ("reports", "forecasts", "automations")[number % 3], "seconds": number % 300},
    }


def asked(folder: str) -> list[dict[str, Any]]:
    """Ask metrics by month on the command line, start of the process included."""
    return [run(f"{name} by month", proofline(folder, "metric", name, "--by", "month")[1], "s") for name in METRICS]
