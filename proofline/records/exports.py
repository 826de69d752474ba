"""Files with events, for administrators and those who may export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404
from django.utils import timezone

from proofline.timeline import exports

if TYPE_CHECKING:
    from proofline.timeline.models import Export

AREA = "export"
"""The area that one has to be allowed to change; see `roles.WRITES`."""
PARQUET = "application/vnd.apache.parquet"


def file_of(export: Export) -> FileResponse:
    """Return the file of an export as an answer.

    Raises:
        Http404: it is not there (any more).
    """
    try:
        path = exports.path_of(export, now=timezone.now())
        return FileResponse(path.open("rb"), as_attachment=True, filename=export.filename, content_type=PARQUET)
    except (exports.GoneError, FileNotFoundError):
        raise Http404 from None
