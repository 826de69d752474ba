"""What somebody typed behind a link that is closed, or asks for a code or for patience: shown to them again, to copy or to send by e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from django.http import HttpRequest

LONGEST_MAIL = 1500
"""Characters that go into the link to an e-mail; programs take no longer addresses."""


def unsent(request: HttpRequest, names: Container[str] = ()) -> list[str]:
    """Return the texts of a form that was not taken: comments, notes, and the fields named."""
    typed = (
        text.strip()
        for name, texts in request.POST.lists()
        if name == "text" or name.startswith("note-") or name in names
        for text in texts
    )
    return [text for text in typed if text]


def mail_body(texts: list[str]) -> str:
    """Return the texts as the beginning of an e-mail."""
    return "\n\n".join(texts)[:LONGEST_MAIL]
