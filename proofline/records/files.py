"""How the content of a file is given to who may see it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse

from proofline.records.models.files import ANY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models.fields.files import FieldFile


RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
CHUNK = 1 << 16


class Kept(Protocol):
    """A file that is kept, whatever it belongs to."""

    name: str
    type: str

    @property
    def file(self) -> FieldFile | Any:
        """Its content."""

    @property
    def is_shown(self) -> bool:
        """Whether a browser may show it without harm."""


def answer_with(found: Kept, *, show: bool = False) -> FileResponse:
    """Return a file as an answer: to be saved under its name, shown only if that can do no harm.

    Raises:
        Http404: it is not on the disk any more.
    """
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    shown = show and found.is_shown
    answer = FileResponse(content, as_attachment=not shown, filename=found.name)
    answer["Content-Type"] = found.type if shown else ANY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def part_of(found: Kept, asked: str) -> FileResponse | StreamingHttpResponse | HttpResponse:
    """Return the bytes of a file that a player asks for (`Range`, RFC 9110 section 14), all of it where it asks for none.

    So a recording is played from any second without coming whole. Several ranges at once are answered with the whole file.

    Raises:
        Http404: it is not on the disk any more.
    """
    match = RANGE.fullmatch(asked.strip())
    whole = answer_with(found, show=True)
    whole["Accept-Ranges"] = "bytes"
    if match is None or match[1] == match[2] == "":
        return whole
    content: Any = whole.file_to_stream
    size = found.file.size
    first = int(match[1]) if match[1] else max(size - int(match[2]), 0)
    last = min(int(match[2]), size - 1) if match[1] and match[2] else size - 1
    if first > last:
        content.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    content.seek(first)
    part = StreamingHttpResponse(_read(content, last - first + 1), status=206, headers=dict(whole.headers))
    part["Content-Range"] = f"bytes {first}-{last}/{size}"
    part["Content-Length"] = str(last - first + 1)
    return part


def _read(content: Any, left: int) -> Iterator[bytes]:
    with content:
        while left and (chunk := content.read(min(left, CHUNK))):
            left -= len(chunk)
            yield chunk
