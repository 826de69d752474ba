"""The usual terms of a contract, in the customer's language. They are edited per contract until it is sent."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import get_language

TERMS = Path(__file__).parent / "terms"


def terms_text(language: str) -> str:
    """Return the usual terms in a language; in the reader's own where none is given."""
    wanted = language or get_language() or "en"
    return (TERMS / ("zh-hans.txt" if wanted.startswith("zh") else "en.txt")).read_text(encoding="utf-8").strip()


def clauses(terms: str) -> list[tuple[str, str]]:
    """Split terms at their blank lines into (heading, text); a clause of a single line has no heading."""
    found = []
    for block in terms.replace("\r\n", "\n").split("\n\n"):
        head, _line, text = block.strip().partition("\n")
        if text:
            found.append((head, text.strip()))
        elif head:
            found.append(("", head))
    return found
