"""What all drawings share: their frame, colours and lines of text; each is drawn once.

Colours are attributes, which a document keeps; classes let a page's stylesheet follow dark mode. Text is escaped.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from django.utils.html import format_html

from proofline.kit.spoken import spoken_once

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

INK, QUIET, RULE, GROUND, ACCENT, GOOD = "#1b1c20", "#6f727c", "#dcdce1", "#ffffff", "#2f5bea", "#0a7446"
FONT = "Noto Sans SC, system-ui, sans-serif"
NAME_WIDTH = 232
LETTER, HAN = 7.6, 14.0
drawn_once = spoken_once(most=1000)
"""For what draws: it keeps drawings, of some 5 KB."""


def svg(width: float, height: float, said: str, body: SafeString) -> SafeString:
    """Return a drawing of that size; `said` tells those who do not see it what it shows."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="drawing" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-label="{said}" font-family="{font}">{body}</svg>',
        w=width, h=round(height, 1), said=said, font=FONT, body=body,
    )  # fmt: skip


def wrap(text: str, width: float, *, most: int = 3) -> list[str]:
    """Break text into at most so many lines of a width in pixels at 14 px; Chinese breaks between any two characters."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and _width(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece.lstrip() if not lines[-1] else piece
    lines = [line.rstrip() for line in lines]
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + "…"]
    return lines


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    word = ""
    for letter in text:
        wide = unicodedata.east_asian_width(letter) in "WF"
        if wide or len(word) * LETTER > NAME_WIDTH - LETTER:
            pieces += [word] if word else []
            word = ""
        word += letter
        if wide or letter.isspace():
            pieces.append(word)
            word = ""
    return [*pieces, word] if word else pieces


def _width(text: str) -> float:
    return sum(HAN if unicodedata.east_asian_width(letter) in "WF" else LETTER for letter in text)
