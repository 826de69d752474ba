"""Text cut into the pieces that a search index keeps."""

from __future__ import annotations

import re
import unicodedata

from proofline.kit.text import fold

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
PIECE = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
IS_HAN = re.compile(rf"[{HAN}]")


def tokens(text: str) -> list[str]:
    """Return the words of a text in order, lower case and without accents; Chinese as pairs of neighbours.

    A single Chinese character stands alone: 云 → 云, 云图科 → 云图, 图科.
    """
    plain = "".join(
        character for character in unicodedata.normalize("NFKD", fold(text)) if not unicodedata.combining(character)
    )
    found: list[str] = []
    for piece in PIECE.findall(unicodedata.normalize("NFKC", plain)):
        if len(piece) > 1 and IS_HAN.match(piece):
            found += [piece[index : index + 2] for index in range(len(piece) - 1)]
        else:
            found.append(piece)
    return found
