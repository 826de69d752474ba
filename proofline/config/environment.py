"""What the environment says, read once and in one place."""

from __future__ import annotations

import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

MOST_DAYS = 36_500
SECONDS_KEPT_OPEN = 60
"""So long a thread keeps its connection to the record store; opening one for each request or commit costs more than what it does."""


class UnusableDatabaseUrlError(ValueError):
    """`DATABASE_URL` names a store that Proofline does not run on."""


def words(name: str, *, default: str) -> list[str]:
    """Return the comma-separated words of an environment variable."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


FILE_TYPES = (
    "pdf,doc,docx,xls,xlsx,ppt,pptx,wps,et,dps,odt,ods,odp,rtf,txt,md,csv,tsv,png,jpg,jpeg,gif,webp,heic,bmp,tif,tiff,svg,"
    "mp3,m4a,wav,mp4,mov,webm,zip,7z,rar,gz,eml,msg,ics,vcf,json,xml,drawio,vsdx,dwg"
)
"""Endings of files that are kept on records, unless the operator says otherwise."""


def number(name: str, *, default: int) -> int:
    """Return a whole number above nothing from an environment variable.

    Raises:
        ValueError: it is none.
    """
    text = os.environ.get(name, "").strip() or str(default)
    if not text.isdecimal() or int(text) < 1:
        message = f"{name}={text} is no number; give 1 or more."
        raise ValueError(message)
    return int(text)


def days(name: str, *, default: int | None) -> timedelta | None:
    """Return a number of days from an environment variable; None for ever.

    Raises:
        ValueError: it is no number of days.
    """
    text = os.environ.get(name, "").strip() or (str(default) if default else "0")
    if not text.isdigit() or int(text) > MOST_DAYS:
        message = f"{name}={text} is no number of days; give 0 for ever, or 1 to {MOST_DAYS}."
        raise ValueError(message)
    return timedelta(days=int(text)) if int(text) else None


def testing() -> bool:
    """Tell whether the test suite is running."""
    return "pytest" in sys.modules


def data_dir() -> Path:
    """Return the one folder that holds all data; it is made when it is not there."""
    folder = Path(os.environ.get("PROOFLINE_DATA", "data")).resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def secret_key(folder: Path) -> str:
    """Return the signing key: from `PROOFLINE_SECRET`, else made once and kept in the data folder."""
    if given := os.environ.get("PROOFLINE_SECRET"):
        return given
    path = folder / "secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key


ASKED_BEFORE_PREPARED = 3
"""So often a connection to PostgreSQL is asked the same before PostgreSQL keeps how to answer it; planning anew took up to a third of a page's time."""


def database(folder: Path) -> dict[str, Any]:
    """Return Django's settings of the record store: `DATABASE_URL`, else SQLite in the data folder.

    `?prepare=off` in the address is for what stands between us and PostgreSQL and keeps no prepared statements.
    """
    url = os.environ.get("DATABASE_URL")
    if not url:
        return {
            "ENGINE": "proofline.kit.sqlite",
            "NAME": folder / "records.sqlite3",
            "CONN_MAX_AGE": SECONDS_KEPT_OPEN,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; "
                "PRAGMA secure_delete=ON;",  # nothing of what was erased stays in the file
            },
            "TEST": {"NAME": folder / "test.sqlite3"},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        message = f"DATABASE_URL starts with {parts.scheme}://; use postgresql://user:password@host:port/name"
        raise UnusableDatabaseUrlError(message)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    if options.pop("prepare", "on") != "off":
        options |= {"server_side_binding": True, "prepare_threshold": ASKED_BEFORE_PREPARED}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": SECONDS_KEPT_OPEN,
    }


def email_backend() -> str:
    """Return how mail leaves: SMTP when `SMTP_HOST` is set, else files in the data folder."""
    kind = "smtp" if os.environ.get("SMTP_HOST") else "filebased"
    return f"django.core.mail.backends.{kind}.EmailBackend"
