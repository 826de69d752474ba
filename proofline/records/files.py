"""How the content of a file is given to who may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from django.http import FileResponse, Http404

from proofline.records.models.files import ANY

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile


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
