"""Load on servers that are about to die, and the law that holds afterwards: what was acknowledged counts exactly once.

The law is read by `python -m benchmarks._faults EVENT` in a process of its own, on the data that its environment names.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]
SENDERS, BATCH, PEOPLE, DAYS = 4, 20, 40, 500
NO_ANSWER = (OSError, http.client.HTTPException)
SECONDS_TO_ACKNOWLEDGE = 90.0
SECONDS_TO_READ = 2 * SECONDS_TO_ACKNOWLEDGE
PAUSE = 0.05
"""Seconds between two tries of a request that was not answered."""
ONCE = """
SELECT properties.mark.:String, count() FROM events WHERE event = {event:String} GROUP BY 1
"""
DIFFERING = """
SELECT count() FROM (
    SELECT event, day, person, account, sum(many) AS times FROM (
        SELECT event, toDate32(at, {zone:String}) AS day, person, account, toInt64(count()) AS many FROM events GROUP BY ALL
        UNION ALL SELECT event, day, person, account, -toInt64(sum(times)) AS many FROM daily_%s GROUP BY ALL
    ) GROUP BY event, day, person, account HAVING times != 0
)
"""
"""How many counts of a day, a person and an account differ between the events and the daily rows."""


class Load:
    """Senders that send as fast as they are answered, and what was not answered again until it is."""

    def __init__(self, *, ports: Sequence[int], key: str, event: str, senders: int = SENDERS) -> None:
        self.event = event
        self.sent: set[str] = set()
        self.acknowledged: set[str] = set()
        self.refused: list[tuple[int, bytes]] = []
        self._ports, self._key = list(ports), key
        self._enough, self._given_up = threading.Event(), threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(number,)) for number in range(senders)]
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Send nothing new; return when everything that was sent is acknowledged.

        Raises:
            RuntimeError: the servers do not take it.
        """
        self._enough.set()
        ends = time.monotonic() + SECONDS_TO_ACKNOWLEDGE
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))
        missing = any(thread.is_alive() for thread in self._threads)
        self._given_up.set()
        if missing:
            raise RuntimeError(f"{len(self.sent - self.acknowledged)} events are not taken, first {self.refused[-1:]}")

    def _send(self, number: int) -> None:
        chance = random.Random(f"{self.event} {number}")  # noqa: S311 - no secret
        turn = 0
        while not self._enough.is_set():
            turn += 1
            count = chance.choice((1, BATCH, BATCH))
            marks = [f"{self.event}-{number}-{turn}-{place}" for place in range(count)]
            self.sent.update(marks)
            while not self._is_taken(marks, chance) and not self._given_up.is_set():
                time.sleep(PAUSE)
            if chance.random() < 1 / 8:  # a client that did not see the answer
                self._is_taken(marks, chance)

    def _is_taken(self, marks: list[str], chance: random.Random) -> bool:
        """Send messages once, at a time that differs from try to try; tell whether they were acknowledged."""
        messages = [message(mark, event=self.event, chance=chance) for mark in marks]
        path, content = ("/v1/batch", {"batch": messages}) if len(marks) > 1 else ("/v1/track", messages[0])
        connection = http.client.HTTPConnection("127.0.0.1", chance.choice(self._ports), timeout=40)
        try:
            connection.request("POST", path, json.dumps({**content, "writeKey": self._key}))
            answer = connection.getresponse()
            text = answer.read()
        except NO_ANSWER:
            return False
        finally:
            connection.close()
        if answer.status == http.client.OK:
            self.acknowledged.update(marks)
            return True
        self.refused.append((answer.status, text))
        return False


def message(mark: str, *, event: str, chance: random.Random) -> dict[str, Any]:
    """Return a message of one of a few people, at some time of the last year and more, mostly today."""
    at = datetime.now(UTC) - timedelta(days=chance.choice((0, 0, 0, chance.randrange(DAYS))))
    return {
        "type": "track",
        "userId": f"u{chance.randrange(PEOPLE)}",
        "event": event,
        "messageId": mark,
        "timestamp": at.isoformat(),
        "properties": {"mark": mark, "feature": chance.choice(("Reports", "Forecasts"))},
    }


def worker_of(server: int) -> int:
    """Return the process that answers, of the server with this process id.

    Raises:
        RuntimeError: it has none.
    """
    for path in Path(f"/proc/{server}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            with suppress(OSError):
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    return child
    raise RuntimeError("The server has no worker")


def broken(load: Load, *, environment: Mapping[str, str]) -> list[str]:
    """Return how the law is broken, in words; it is read in a process of its own with this environment, when all is projected.

    Raises:
        subprocess.SubprocessError: the timeline could not be read, or not in time.
    """
    command = [sys.executable, "-m", "benchmarks._faults", load.event]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=SECONDS_TO_READ,
    )
    found = json.loads(done.stdout)
    counts: dict[str, int] = found["counts"]
    wrongs = {
        "acknowledged events are lost": load.acknowledged - counts.keys(),
        "events came from nowhere": counts.keys() - load.sent,
        "events count twice": {mark for mark, count in counts.items() if count != 1},
    }
    wrong = [f"{len(marks)} {name}: {sorted(marks)[:3]}" for name, marks in wrongs.items() if marks]
    wrong += [f"{many} rows of daily_{name} differ" for name, many in found["differing"].items() if many]
    return wrong + ([f"{found['quarantined']} events are in quarantine"] if found["quarantined"] else [])


def main(event: str) -> int:
    """Wait until all is projected; print how often each event counts, and how many daily rows are wrong."""
    import django  # noqa: PLC0415 - this process alone reads the timeline

    django.setup()
    from django.conf import settings  # noqa: PLC0415 - as above

    from proofline.timeline import store  # noqa: PLC0415 - as above
    from proofline.timeline.models import Batch, Quarantined  # noqa: PLC0415 - as above

    ends = time.monotonic() + SECONDS_TO_ACKNOWLEDGE
    while Batch.objects.pending().exists() and time.monotonic() < ends:
        time.sleep(PAUSE)
    asked = {"zone": settings.TIME_ZONE}
    found = {
        "counts": dict(store.query(ONCE, {"event": event})),
        "differing": {name: store.query(DIFFERING % name, asked)[0][0] for name in ("accounts", "people")},
        "quarantined": Quarantined.objects.count(),
    }
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
