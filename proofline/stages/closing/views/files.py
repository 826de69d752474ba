"""Files as answers."""

from __future__ import annotations

import io

from django.http import FileResponse


def pdf_answer(pdf: bytes, *, name: str) -> FileResponse:
    """Answer with a PDF that the browser shows, and keeps under that name."""
    return FileResponse(io.BytesIO(pdf), content_type="application/pdf", filename=name)
