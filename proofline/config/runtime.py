"""What runs beside the web threads in the server process: the timeline's projector, the owner's socket, the job runner."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import threading
import time
from multiprocessing.util import Finalize

from proofline.kit.jobs import runtime as jobs
from proofline.kit.search import jobs as search
from proofline.timeline import runtime as timeline

PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
FIRST = 100
_lock = threading.Lock()
_running = False


def start() -> None:
    """Start everything, once in a process; it stops when the process ends."""
    global _running  # noqa: PLW0603 - one process has one runtime
    with _lock:
        if _running:
            return
        die_with_parent()
        collect_seldom()
        timeline.start()
        search.start()
        jobs.start()
        _running = True
        Finalize(
            None, stop, exitpriority=FIRST
        )  # while the sockets that multiprocessing itself closes at the end still stand


def stop() -> None:
    """Stop in the opposite order, so that what a last job records is still taken in."""
    global _running  # noqa: PLW0603 - one process has one runtime
    with _lock:
        if _running:
            jobs.stop()
            timeline.stop()
            _running = False


def collect_seldom() -> None:
    """Look for circular garbage less often: the projector makes hundreds of thousands of small objects a second, none of them circular."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def die_with_parent() -> None:
    """End this process when its parent is killed: a worker left behind would keep the port and the store."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
    threading.Thread(target=watch, args=(parent,), name="parent-watch", daemon=True).start()


def watch(parent: int) -> None:
    """End the process when it has got another parent; for systems that send no signal, and a parent that died before it."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
