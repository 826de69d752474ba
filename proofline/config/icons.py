"""The icons that our pages use, cut out of the icon font: of some six thousand, a browser loads a few hundred."""

from __future__ import annotations

import logging
import re
from functools import cache
from pathlib import Path

from django.conf import settings

PACKAGE = Path(__file__).resolve().parents[1]
SHEET, FONT = "icons/tabler-icons.min.css", "icons/fonts/tabler-icons.woff2"
SOURCES = ("py", "html", "js")
NAMED = re.compile(r"""["'](?:ti ti-)?([a-z0-9-]+)["']|\bti-([a-z0-9-]+)""")
"""An icon is named by a text of its own, `icon="user"`, or by its class."""
RULE = re.compile(r"""\.ti-([a-z0-9-]+):before\{content:"\\([0-9a-f]+)"\}""")
OTHER_FORMATS = re.compile(r""",url\("[^"]*\.(?:woff|ttf)\?[^"]*"\)\s*format\("[a-z]+"\)""")


def sheet() -> str:
    """Return the package's stylesheet."""
    return (settings.NODE_MODULES / "@tabler/icons-webfont/dist/tabler-icons.min.css").read_text()


@cache
def names() -> frozenset[str]:
    """Return the names of icons that our sources have; a few of them may mean something else there."""
    paths = (path for kind in SOURCES for path in PACKAGE.rglob(f"*.{kind}") if "tests" not in path.parts)
    said = {quoted or named for path in paths for quoted, named in NAMED.findall(path.read_text())}
    return frozenset(said & {name for name, _code in RULE.findall(sheet())})


def cut(root: Path) -> None:
    """Replace the stylesheet and the font under `root` by what is left of the package's own with our icons alone."""
    whole, kept = sheet(), names()
    codes = {name: int(code, 16) for name, code in RULE.findall(whole)}
    text = RULE.sub(lambda rule: rule[0] if rule[1] in kept else "", OTHER_FORMATS.sub("", whole))
    (root / SHEET).write_text(text)
    _cut_font(root / FONT, {codes[name] for name in kept})


def _cut_font(path: Path, codes: set[int]) -> None:
    from fontTools.subset import Options, Subsetter, load_font, save_font  # type: ignore[import-untyped] # noqa: PLC0415 - only where files are collected

    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it warns of what the package's own font is like
    options = Options(flavor="woff2", layout_features=[], drop_tables=["GSUB", "GPOS", "GDEF"], notdef_outline=True)
    whole = settings.NODE_MODULES / "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2"
    with load_font(whole, options) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=codes)
        subsetter.subset(font)
        save_font(font, path, options)
