"""Where imported files and their error files are kept: in the data folder, served to nobody but through the import's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.storage import FileSystemStorage

if TYPE_CHECKING:
    from pathlib import Path

OWN_FILES = 0o600
OWN_FOLDERS = 0o700


def folder() -> Path:
    """Return the folder of imports."""
    kept: Path = settings.DATA_DIR / "imports"
    return kept


def errors_folder(pk: int) -> Path:
    """Return the folder of the rejected rows of an import."""
    return folder() / "errors" / str(pk)


def work_folder() -> Path:
    """Return the folder of what runs keep while they run."""
    return folder() / "work"


def storage() -> FileSystemStorage:
    """Return the storage of uploaded files."""
    return FileSystemStorage(
        location=folder() / "files", file_permissions_mode=OWN_FILES, directory_permissions_mode=OWN_FOLDERS
    )
