"""Several options in one cell of a file: written so that they are read again as they were, whatever is in their names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from proofline.kit.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SEPARATORS = ";,|、，；\n"
_Q = '"'
PART = re.compile(rf'[^\S\n]*("(?:[^"]|"")*")[^\S\n]*(?=[{SEPARATORS}]|$)|[^{SEPARATORS}]+')


def written(keys: Iterable[str], names: Mapping[str, str]) -> str:
    """Write options, `names` by their keys, one after the other: in quotation marks, as in CSV, where they would be read as others."""
    chosen = list(keys)
    known = {fold(name): key for key, name in names.items()}
    plain = ", ".join(names.get(key, key) for key in chosen)
    return plain if read(plain, known) == chosen else ", ".join(_quoted(names.get(key, key)) for key in chosen)


def read(text: str, known: Mapping[str, str]) -> list[str]:
    """Return the keys of the options that a cell names, `known` by their folded names; what is none of them as it stands there.

    What was typed by hand has no quotation marks: there the longest run that is an option's name is taken for it.
    """
    parts, found = [one for one in PART.finditer(text) if one.group().strip()], list[str]()
    at = 0
    while at < len(parts):
        if quoted := parts[at].group(1):
            name = quoted[1:-1].replace(_Q + _Q, _Q)
            found.append(known.get(fold(name), name))
            at += 1
            continue
        runs = ((end, text[parts[at].start() : parts[end].end()]) for end in reversed(range(at, len(parts))))
        end, key = next(((end, known[fold(run)]) for end, run in runs if fold(run) in known), (at, ""))
        found.append(key or parts[at].group().strip())
        at = end + 1
    return found


def _quoted(name: str) -> str:
    return f'"{name.replace(_Q, _Q + _Q)}"'
