"""How long a start takes until the server answers: on an empty data folder, and again on the same."""

from __future__ import annotations

import tempfile
from typing import Any

from benchmarks._runs import run
from benchmarks._serving import server


def measure() -> list[dict[str, Any]]:
    """Return the two starts, in seconds."""
    runs = []
    with tempfile.TemporaryDirectory() as folder:
        for case in ("first start, empty folder", "second start"):
            with server(folder) as (_port, seconds):
                runs.append(run(case, seconds, "s"))
    return runs
