"""An empty data folder is prepared by whoever comes first."""

import os
import subprocess
import sys

from tests.fixtures.live import ROOT
from tests.fixtures.prepared import own_database


def test_several_processes_at_once(tmp_path):
    """One prepares the folder, the others wait for it, and all do their work."""
    with own_database() as environment:
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "proofline", "--data", tmp_path / "data", "source", "add", f"Source {number}"],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for number in range(3)
        ]
        said = [process.communicate(timeout=120) for process in started]
        assert [process.returncode for process in started] == [0, 0, 0], said
        assert len({key for key, _ in said}) == 3
