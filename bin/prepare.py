"""Prepare the project's environment: uv, packages, browser assets, compiled texts, static files.

Called by `bin/setup`, with whichever Python the machine has; uses the standard library only. Each step leaves a stamp of what it
was made from in `.build/`, so that a second start does nothing and needs no network.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / ".build"
VENV = ROOT / ".venv"
UV_VERSION = "0.13.9"
OLDEST_NPM = 7  # the first that reads our lock file's version


def stop(sentence: str) -> NoReturn:
    """Say in one sentence why the environment can't be made, and end."""
    print(sentence, file=sys.stderr)
    raise SystemExit(2)


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> None:
    """Run a command quietly; show what it said and stop when it fails."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **caches(), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        stop(f"Set-up failed: {' '.join(str(word) for word in command)}")


def caches() -> dict[str, str]:
    """Return settings that keep download caches in the project where the home folder can't be written."""
    home = Path(os.environ.get("HOME") or "/nonexistent")
    if home.is_dir() and os.access(home, os.W_OK):
        return {}
    folder = BUILD / "cache"
    return {"HOME": str(folder), "UV_CACHE_DIR": str(folder / "uv"), "npm_config_cache": str(folder / "npm")}


def fingerprint(files: Iterable[Path], *extra: str) -> str:
    """Return a hash over the contents of files and further words."""
    digest = hashlib.sha256("\0".join(extra).encode())
    for path in sorted(files):
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def fresh(name: str, mark: str) -> bool:
    """Tell whether a step was already done from exactly this."""
    stamp = BUILD / f"{name}.stamp"
    return stamp.exists() and stamp.read_text() == mark


def done(name: str, mark: str) -> None:
    """Note what a step was made from."""
    (BUILD / f"{name}.stamp").write_text(mark)


def uv() -> Path | str:
    """Return the program uv, fetched from PyPI into `.build/uv` the first time."""
    program = BUILD / "uv" / "bin" / "uv"
    if fresh("uv", UV_VERSION) and program.exists():
        return program
    print("Fetching uv …", flush=True)
    shutil.rmtree(BUILD / "uv", ignore_errors=True)
    if importlib.util.find_spec("ensurepip"):
        run(sys.executable, "-m", "venv", BUILD / "uv")
        run(BUILD / "uv" / "bin" / "python", "-m", "pip", "install", "-q", "--no-cache-dir", f"uv=={UV_VERSION}")
    elif importlib.util.find_spec("pip"):
        run(sys.executable, "-m", "pip", "install", "-q", "--target", BUILD / "uv", f"uv=={UV_VERSION}")
    elif found := shutil.which("uv"):
        return found
    else:
        stop(f"{sys.executable} can't make virtual environments: install its venv module (Debian: python3-venv).")
    done("uv", UV_VERSION)
    return program


def packages(*, dev: bool) -> None:
    """Sync the virtual environment from the lock file; the developers' packages are wanted for tests only."""
    mark = fingerprint([ROOT / "uv.lock"], str(ROOT))
    python = VENV / "bin" / "python"
    if python.exists() and (fresh("packages-dev", mark) or (not dev and fresh("packages", mark))):
        return
    print("Installing Python packages …", flush=True)
    groups = ["--group", "dev"] if dev else ["--no-dev", "--inexact"]
    if VENV.exists() and not python.exists():
        shutil.rmtree(VENV)
    target = [] if python.exists() else ["--python", sys.executable]
    run(uv(), "sync", "--frozen", "-q", "--no-python-downloads", *target, *groups, UV_PROJECT_ENVIRONMENT=str(VENV))
    done("packages-dev" if dev else "packages", mark)


def npm() -> tuple[Path | str, dict[str, str]]:
    """Return npm and the settings to run it with: the machine's, else the one that a wheel on PyPI brings."""
    if found := shutil.which("npm"):
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        if said.split(".")[0].isdigit() and int(said.split(".")[0]) >= OLDEST_NPM:
            return found, {}
    node = node_wheel()
    return node / "bin" / "npm", {"PATH": f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def node_wheel() -> Path:
    """Return the folder of the node and npm that a wheel on PyPI brings, installed the first time."""
    node = BUILD / "node"
    if not (node / "bin" / "npm").exists():
        print("Fetching npm …", flush=True)
        python = ["--python", sys.executable]
        run(uv(), "sync", "--frozen", "-q", *python, "--only-group", "node", UV_PROJECT_ENVIRONMENT=str(node))
    return node


def assets(*, dev: bool) -> None:
    """Install what the browser needs, from the lock file; client libraries and axe-core beside it are wanted for tests only."""
    mark = fingerprint([ROOT / "package-lock.json"])
    if (ROOT / "node_modules").is_dir() and (fresh("assets-dev", mark) or (not dev and fresh("assets", mark))):
        return
    print("Installing browser assets …", flush=True)
    program, environment = npm()
    # A run that breaks off leaves no packages behind that an older stamp vouches for.
    for name in ("assets", "assets-dev"):
        (BUILD / f"{name}.stamp").unlink(missing_ok=True)
    groups = [] if dev else ["--omit=dev"]
    words = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    run(program, "ci", *groups, *words, **environment)
    done("assets-dev" if dev else "assets", mark)


def texts() -> None:
    """Compile the translations."""
    sources = list((ROOT / "proofline").rglob("locale/*/LC_MESSAGES/*.po"))
    mark = fingerprint(sources)
    if fresh("texts", mark) and all(path.with_suffix(".mo").exists() for path in sources):
        return
    print("Compiling translations …", flush=True)
    run(VENV / "bin" / "python", "-m", "proofline.kit.translations", "compile")
    done("texts", mark)


def static() -> None:
    """Collect the files that the server hands out as they are."""
    folders = (path for path in (ROOT / "proofline").rglob("static") if path.is_dir())
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    naming = (
        path for kind in ("py", "html") for path in (ROOT / "proofline").rglob(f"*.{kind}")
    )  # what icons are used
    mark = fingerprint([*files, *naming, ROOT / "package-lock.json", ROOT / "proofline" / "config" / "settings.py"])
    if fresh("static", mark) and (BUILD / "static").is_dir():
        return
    print("Collecting static files …", flush=True)
    quiet = {"PROOFLINE_DATA": str(BUILD / "no-data"), "PROOFLINE_DEBUG": "", "DATABASE_URL": ""}
    run(VENV / "bin" / "python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0", **quiet)
    done("static", mark)


def main() -> None:
    """Bring everything up to date, one process at a time."""
    wanted = sys.argv[1:]
    if wanted not in ([], ["dev"]):
        stop("Usage: bin/setup [dev]")
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        packages(dev=bool(wanted))
        assets(dev=bool(wanted))
        texts()
        static()


if __name__ == "__main__":
    main()
