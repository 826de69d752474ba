"""Which encoding a text file is in, by its bytes."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.kit.imports.trouble import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SAMPLE = 1 << 16
CHUNK = 1 << 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
STRUCTURE = frozenset('\t\r\n,;|"')
SHOWN_CONTROLS = frozenset("\t\r\n\f\v")
FEW = 0.02  # so few NULs are strays in a text; a wide encoding has one for each Latin letter, digit and comma
FEW_WRONG = 0.1
MOSTLY = 0.9
ENOUGH = 5_000
REPLACED = "\ufffd"
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
COMMON_CHINESE = 0.25  # less than that in the common set GB2312: letters with accents, read as Chinese by accident


@dataclass(frozen=True)
class Encoding:
    """The encoding that reads a file; `damaged` where some of its bytes fit no character."""

    name: str
    damaged: bool = False


def encoding_of(path: Path) -> Encoding:
    """Return the encoding that reads the file.

    A byte order mark decides; else UTF-16 is known by its NUL bytes, then UTF-8, GB18030 and Windows-1252 are tried. UTF-8 with
    few wrong bytes is damaged UTF-8, not something else.

    Raises:
        UnreadableFileError: the file is not text.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    for mark, name in MARKS:
        if sample.startswith(mark):
            return _mostly(path, name)
    if wide := _wide(sample):
        return _mostly(path, wide)
    if _share(sample.decode("latin-1"), _is_control) > FEW:
        raise UnreadableFileError(_not_text())
    if _wrong(path, "utf-8") == 0:
        return Encoding("utf-8")
    if _decodes(path, "gb18030") and _looks_chinese(path):
        return Encoding("gb18030")
    return _mostly(path, "utf-8", otherwise="cp1252")


def _wide(sample: bytes) -> str | None:
    """Return the UTF-16 in which a text without a mark makes sense, if one does."""
    nuls = sample.count(0)
    if not nuls or (_decodes_sample(sample, "utf-8") and nuls / len(sample) < FEW):
        return None
    best, found = 0.0, None
    for name in ("utf-16-le", "utf-16-be"):
        text = sample[: len(sample) // 2 * 2].decode(name, errors="replace")
        if _share(text, _is_readable) >= MOSTLY:
            structure = _share(text, STRUCTURE.__contains__)
            if structure > best:
                best, found = structure, name
    return found


def _mostly(path: Path, encoding: str, *, otherwise: str = "") -> Encoding:
    """Return the encoding if at most few of the characters beyond ASCII are wrong in it."""
    wrong = _wrong(path, encoding)
    if wrong <= FEW_WRONG:
        return Encoding(encoding, damaged=wrong > 0)
    if otherwise and _decodes(path, otherwise):
        return Encoding(otherwise)
    raise UnreadableFileError(_not_text())


def _wrong(path: Path, encoding: str) -> float:
    """Return the share of the characters beyond ASCII that are wrong in the encoding."""
    foreign = wrong = 0
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        while text := file.read(CHUNK):
            if not text.isascii():
                foreign += sum(map(len, BEYOND_ASCII.findall(text)))
                wrong += text.count(REPLACED)
    return wrong / foreign if foreign else 0.0


def _not_text() -> str:
    return _(
        "This is not a table that can be read: its content is neither text nor a workbook. Save it as XLSX or as CSV in UTF-8."
    )


def _decodes(path: Path, encoding: str) -> bool:
    """Tell whether the whole file is text in the encoding, reading it in pieces."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decodes_sample(sample: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _looks_chinese(path: Path) -> bool:
    """Tell whether what is not ASCII is mostly of the common Chinese characters, by the first of them."""
    foreign = ""
    with path.open(encoding="gb18030", newline="") as file:
        while len(foreign) < ENOUGH and (text := file.read(CHUNK)):
            foreign += "".join(BEYOND_ASCII.findall(text))
    common = sum(1 for character in foreign if _encodes(character, "gb2312"))
    return bool(foreign) and common / len(foreign) >= COMMON_CHINESE


def _encodes(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _share(text: str, holds: Callable[[str], bool]) -> float:
    return sum(map(holds, text)) / max(len(text), 1)


def _is_control(character: str) -> bool:
    return character < " " and character not in SHOWN_CONTROLS


def _is_readable(character: str) -> bool:
    if character in STRUCTURE:
        return True
    return character != "�" and unicodedata.category(character) not in {"Cc", "Cn", "Co", "Cs"}
