"""bin/setup on machines that lack something."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 120


def run(path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run bin/proofline with only these programs on the path."""
    settings = {"PATH": str(path), "HOME": str(path), **environment}
    shell = shutil.which("sh") or "/bin/sh"
    return subprocess.run(
        [shell, ROOT / "bin" / "proofline"], env=settings, capture_output=True, text=True, check=False, timeout=SECONDS
    )


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with a shell and nothing else."""
    for name in ("sh", "dirname"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    return tmp_path


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!{shutil.which('sh')}\n{script}\n")
    path.chmod(0o755)


def test_no_python_is_said_in_one_sentence(machine):
    done = run(machine)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "Proofline needs Python 3.11 or later; none was found (looked for python3, python3.11 to python3.14, python)."
    ]


def test_a_python_that_is_too_old_is_passed_over(machine):
    program(machine, "python3", "exit 1")
    program(machine, "python3.12", 'case $1 in -c) exit 0 ;; *) echo "prepared with 3.12" >&2; exit 3 ;; esac')
    done = run(machine)
    assert done.returncode == 3
    assert done.stderr == "prepared with 3.12\n"


def test_python_can_be_named(machine):
    program(machine, "mine", 'case $1 in -c) exit 0 ;; *) echo "mine" >&2; exit 3 ;; esac')
    assert run(machine, PROOFLINE_PYTHON=str(machine / "mine")).stderr == "mine\n"


def test_prepared_twice_does_nothing(tmp_path):
    """With the stamps in place neither uv nor npm is asked, so the second start needs no network and no home."""
    if not (ROOT / ".build" / "packages-dev.stamp").exists():
        pytest.skip("this environment was not made by bin/setup")
    subprocess.run([ROOT / "bin" / "setup", "dev"], check=True, capture_output=True, timeout=SECONDS)
    settings = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "https_proxy": "http://127.0.0.1:9"}
    done = subprocess.run(
        [ROOT / "bin" / "setup", "dev"], env=settings, capture_output=True, text=True, check=True, timeout=SECONDS
    )
    assert done.stdout + done.stderr == ""
