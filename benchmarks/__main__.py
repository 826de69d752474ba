"""`bin/bench NAME [--json]`: run one benchmark. A benchmark is a module here with `measure()`, which returns its numbers by name."""

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
    """Measure and print, the numbers' units being part of their names."""
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure one thing.")
    parser.add_argument("name", choices=names(), metavar="NAME", help=", ".join(names()))
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    numbers = importlib.import_module(f"benchmarks.{options.name}").measure()
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    if options.json:
        print(json.dumps({"benchmark": options.name, "machine": machine, "numbers": numbers}))
    else:
        print("\n".join(f"{name:<40} {value:>14}" for name, value in numbers.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
