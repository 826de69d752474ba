"""`bin/bench NAME [--json]`: run one benchmark. A benchmark is a module here with `measure()`, which returns its runs (`_runs.run`)."""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any


def names() -> list[str]:
    """Return the benchmarks that there are."""
    return sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def line(done: dict[str, Any]) -> str:
    """Return a run as people read it."""
    told = f"{done['case']:<40} {done['value']:>14,} {done['unit']}"
    if "store" not in done:
        return told
    where = f"{done['store']:<9} {done['size'] or '':>9,} x{done['concurrency']}" if done["size"] else done["store"]
    return f"{where:<24} {told:<64} p50 {done['p50_ms']}  p95 {done['p95_ms']}  p99 {done['p99_ms']}  ratio {done['ratio']}"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure one thing.")
    parser.add_argument("name", choices=names(), metavar="NAME", help=", ".join(names()))
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--size", type=int, metavar="N", help="with how many events or contacts")
    parser.add_argument("--seconds", type=float, metavar="S", help="how long each case is measured")
    parser.add_argument("--store", choices=("sqlite", "postgres"), help="on this record store alone")
    options = parser.parse_args()
    module = importlib.import_module(f"benchmarks.{options.name}")
    given = {
        name: getattr(options, name) for name in ("size", "seconds", "store") if getattr(options, name) is not None
    }
    if odd := given.keys() - inspect.signature(module.measure).parameters.keys():
        parser.error(f"{options.name} does not take --{' or --'.join(sorted(odd))}")
    runs = module.measure(**given)
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    if options.json:
        print(json.dumps({"benchmark": options.name, "machine": machine, "runs": runs}))
    else:
        print("\n".join(map(line, runs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
