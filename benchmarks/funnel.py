"""Questions over 20 million events, through the query language and as the best SQL that a hand writes for the same store, in turn."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks._runs import run

SIZE = 20_000_000


def measure(size: int = SIZE) -> list[dict[str, Any]]:
    """Return a run per question: our median milliseconds, and the hand's as its reference. Filling the store is not measured."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "benchmarks._asking", folder, str(size)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)
        told: dict[str, dict[str, list[float]]] = json.loads(done.stdout.splitlines()[-1])
    return [
        run(
            case,
            statistics.median(times["ours"]),
            "ms",
            size=size,
            times_ms=times["ours"],
            reference=statistics.median(times["hand"]) if times["hand"] else None,
        )
        for case, times in told.items()
    ]
