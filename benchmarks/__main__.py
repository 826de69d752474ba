"""`bin/bench NAME [--json]`: run one benchmark. A benchmark is a module here with `measure()`, which returns its runs (`_runs.run`)."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from pathlib import Path


def names() -> list[str]:
    """Return the benchmarks that there are."""
    return sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure one thing.")
    parser.add_argument("name", choices=names(), metavar="NAME", help=", ".join(names()))
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--size", type=int, metavar="N", help="with how many events, for benchmarks that take it")
    options = parser.parse_args()
    module = importlib.import_module(f"benchmarks.{options.name}")
    runs = module.measure() if options.size is None else module.measure(size=options.size)
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    if options.json:
        print(json.dumps({"benchmark": options.name, "machine": machine, "runs": runs}))
    else:
        print("\n".join(f"{done['case']:<40} {done['value']:>14,} {done['unit']}" for done in runs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
