"""Text cut into the pieces that a search index keeps."""

from __future__ import annotations

import re

from proofline.kit.text import HAN, unaccented

PIECE = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
IS_HAN = re.compile(rf"[{HAN}]")
FIRST_HAN = "\u3400"


def pieces(text: str) -> list[str]:
    """Return the words of a text in order, lower case and without accents; a run of Chinese is one piece."""
    if text.isascii():
        return PIECE.findall(text.lower())
    return PIECE.findall(unaccented(text))


def is_han(piece: str) -> bool:
    """Tell whether a piece is a run of Chinese."""
    return piece >= FIRST_HAN and IS_HAN.match(piece) is not None


def pairs(run: str) -> list[str]:
    """Return the pairs of neighbours in a run of Chinese; a single character stands alone."""
    return [run[index : index + 2] for index in range(len(run) - 1)] or [run]


def tokens(text: str) -> list[str]:
    """Return the words of a text in order, lower case and without accents; Chinese as pairs of neighbours.

    A single Chinese character stands alone: 云 → 云, 云图科 → 云图, 图科.
    """
    return [token for piece in pieces(text) for token in (pairs(piece) if is_han(piece) else (piece,))]
