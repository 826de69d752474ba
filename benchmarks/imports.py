"""Contacts from a file, 1 in 100 of them twice in it, into a workspace of 5,000 accounts, by the job that the browser starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks._runs import run

SIZES = (10_000, 100_000)


def measure(size: int | None = None) -> list[dict[str, Any]]:
    """Return rows a second, seconds of the processor and the largest memory, for each size; on PostgreSQL where DATABASE_URL names one.

    The database that it names has to be empty for each size.
    """
    store = "postgres" if os.environ.get("DATABASE_URL") else "sqlite"
    runs = []
    for rows in [size] if size else SIZES:
        told = _told(rows)
        if (told["rows"], told["rejected"]) != (rows, 0):
            raise RuntimeError(f"Not every row came in: {told}")
        for case, value, unit in (
            ("rows a second", rows / told["seconds"], "rows/s"),
            ("wall time", told["seconds"], "s"),
            ("processor time", told["processor"], "s"),
            ("largest memory", told["memory"], "MB"),
        ):
            runs.append(run(f"import of contacts, {case}", value, unit, size=rows) | {"store": store})
    return runs


def _told(size: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "benchmarks._importing", folder, str(size)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told
