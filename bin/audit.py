"""Look for known vulnerabilities in the locked packages; fail on any that is found.

Where the audit service can't be reached that is said plainly and is no failure: an audit without a network proves nothing either way.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import prepare

if TYPE_CHECKING:
    from pathlib import Path


def run(*command: str | Path, text: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program and return what it said, whatever its exit code."""
    settings = {**os.environ, **environment}
    return subprocess.run(
        command, cwd=prepare.ROOT, env=settings, input=text, capture_output=True, text=True, check=False
    )


def python_packages() -> list[str]:
    """Return the vulnerabilities of the Python packages, one line each."""
    locked = run(prepare.uv(), "export", "--frozen", "--all-groups", "--no-emit-project", "--quiet").stdout
    program = prepare.VENV / "bin" / "pip-audit"
    audited = run(program, "-r", "/dev/stdin", "--no-deps", "--disable-pip", "--format", "json", text=locked)
    try:
        packages = json.loads(audited.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        print("audit: the service for Python packages can't be reached; nothing was audited.")
        return []
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    if len(unknown) == len(packages):
        print("audit: what was reached knows none of the Python packages; nothing was audited.")
    elif unknown:
        print(f"audit: not audited, for the service does not know them: {', '.join(unknown)}.")
    return [
        f"{package['name']} {package['version']}: {found['id']} (fixed in {', '.join(found['fix_versions']) or 'none'})"
        for package in packages
        for found in package.get("vulns", [])
    ]


def browser_packages() -> list[str]:
    """Return the vulnerabilities of the browser's packages, one line each."""
    npm, environment = prepare.npm()
    try:
        found = json.loads(run(npm, "audit", "--omit=dev", "--json", **environment).stdout)["vulnerabilities"]
    except (json.JSONDecodeError, KeyError):
        print("audit: the service for browser packages can't be reached; nothing was audited.")
        return []
    return [f"{name}: {entry['severity']}" for name, entry in found.items()]


def main() -> int:
    """Audit everything; 1 when a vulnerability was found."""
    found = python_packages() + browser_packages()
    print("\n".join(found) or "audit: no vulnerability was found in what was audited.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
