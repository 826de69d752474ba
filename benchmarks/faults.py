"""A hundred kills of a server under load, at random moments: how many acknowledged events are lost, or count twice, afterwards."""

from __future__ import annotations

import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks._faults import Load, broken, worker_of
from benchmarks._runs import run
from benchmarks._serving import free_port, healthy

ROUNDS = int(os.environ.get("FAULTS_ROUNDS", "100"))
WORKER_ONLY = 5
"""In one round of so many only the process that answers is killed, and the server replaces it."""
LOADED = (0.1, 2.0)
"""Seconds of load before the kill, from and to."""
SECONDS_TO_START = 120


class Victim:
    """A server that is killed and comes back, on its folder and port."""

    def __init__(self, folder: str) -> None:
        self.environment = {"PROOFLINE_DATA": folder, "DJANGO_SETTINGS_MODULE": "proofline.config.settings"}
        self.port = free_port()
        self._command = [sys.executable, "-m", "proofline", "--data", folder]
        self.start()

    def start(self) -> float:
        """Start it; return the seconds until it is healthy.

        Raises:
            RuntimeError: it does not start.
        """
        started = time.monotonic()
        self._process = subprocess.Popen([*self._command, "serve", "--port", str(self.port)], stdout=subprocess.DEVNULL)
        return self._healthy_after(started)

    def kill(self) -> float:
        """Kill it and start it again; return the seconds until it is healthy."""
        self._process.kill()
        self._process.wait()
        return self.start()

    def kill_worker(self) -> float:
        """Kill the process that answers; return the seconds until the one that the server puts in its place is healthy."""
        os.kill(worker_of(self._process.pid), signal.SIGKILL)
        return self._healthy_after(time.monotonic())

    def stop(self) -> None:
        """End it in good order."""
        self._process.terminate()
        self._process.wait()

    def key(self) -> str:
        """Return the write key of a new source."""
        done = subprocess.run([*self._command, "source", "add", "Faults", "--json"], capture_output=True, check=True)
        return str(json.loads(done.stdout)["write_key"])

    def _healthy_after(self, started: float) -> float:
        while not healthy(self.port):
            if self._process.poll() is not None or time.monotonic() - started > SECONDS_TO_START:
                raise RuntimeError("the server does not come back")
            time.sleep(0.02)
        return time.monotonic() - started


def measure() -> list[dict[str, Any]]:
    """Return the runs; what breaks the law is said on the standard error as well."""
    acknowledged, bad, seconds = 0, 0, []
    with tempfile.TemporaryDirectory() as parent:
        victim = Victim(str(Path(parent) / "data"))
        try:
            key = victim.key()
            for number in range(ROUNDS):
                load = Load(ports=[victim.port], key=key, event=f"Round {number}")
                time.sleep(random.uniform(*LOADED))  # noqa: S311 - no secret
                seconds.append(victim.kill_worker() if number % WORKER_ONLY == WORKER_ONLY - 1 else victim.kill())
                load.finish()
                wrong = broken(load, environment=victim.environment)
                acknowledged += len(load.acknowledged)
                bad += bool(wrong)
                for sentence in wrong:
                    print(f"round {number}: {sentence}", file=sys.stderr)
        finally:
            victim.stop()
    times = [1000 * one for one in seconds]
    return [
        run("kill -9 under load", ROUNDS, "rounds", size=acknowledged),
        run("rounds after which an event is lost or counts twice", bad, "rounds", size=acknowledged),
        run("back after a kill", statistics.median(seconds), "s", size=ROUNDS, times_ms=times),
    ]
