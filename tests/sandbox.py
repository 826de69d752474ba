"""Gives every test process its own data folder, before Django reads its settings. Loaded first, by `-p` in pyproject.toml."""

import atexit
import faulthandler
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

OURS = ("PROOFLINE_", "SMTP_", "EVENTS_")
for name in [name for name in os.environ if name.startswith(OURS)]:
    del os.environ[name]
DATA = tempfile.mkdtemp(prefix="proofline-test-")
os.environ["PROOFLINE_DATA"] = DATA
os.environ["PROOFLINE_SECRET"] = "only for tests"
# Playwright's synchronous interface runs an event loop in the test's thread, where Django would refuse queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
# Every server and command that a test starts loads some thousand modules. Compiled once they load in half the time; an environment
# that wants nothing written beside the sources gets that too.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(Path(__file__).resolve().parents[1] / ".build" / "pycache")
sys.dont_write_bytecode = False
# Whoever runs the suite may ask where its processes are (`tests.run`); pytest takes what is printed to the usual place for itself.
if folder := os.environ.get("TEST_SUITE"):
    faulthandler.register(signal.SIGUSR1, file=os.dup(sys.stderr.fileno()), all_threads=True)
    (Path(folder) / str(os.getpid())).touch()
