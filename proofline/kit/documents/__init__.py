"""PDF documents, set by Typst.

A room keeps its templates in `<room>/documents/*.typ`; each begins

    #import "/kit/documents/brand.typ": *
    #show: paper

and reads what it shows from `data`. Everything a person wrote is data and never markup; all words come in data too, so that a
template serves every language.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import get_language

from proofline.kit.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

PACKAGE = Path(__file__).resolve().parents[2]
FONT_FOLDER = Path("@expo-google-fonts") / "noto-sans-sc"
FONT_STYLES = ("400Regular", "700Bold")
TYPST_LANGUAGES = {"zh-hans": {"lang": "zh", "region": "cn"}, "en": {"lang": "en", "region": "gb"}}

MOST_KEPT = 16
"""Documents that are kept to be sent again: a reader's browser asks for one piece by piece, and readers come together."""


class MissingFontError(FileNotFoundError):
    """The fonts, a package of the browser assets, are not installed."""


class DocumentError(RuntimeError):
    """A template can't be set: what is wrong, and where."""


def render_pdf(template: Path, data: Mapping[str, Any], *, at: datetime, language: str | None = None) -> bytes:
    """Set a template, which lies in a room, and return the PDF; the same data and time give the same bytes.

    `data` holds what JSON holds, and dates, Decimals, lazy translations and `Money` (written as the language does).
    The page reads from it: `title`, `brand` {`name`, `accent` and `second` #rrggbb, `logo` from `image_data`} and `footer`, all
    optional. `at` is the document's date of creation. `language` is a Django code, the active one by default.

    Raises:
        DocumentError: the template is not in the package, or is wrong.
        MissingFontError: the browser assets are not installed.
    """
    language = language or get_language() or settings.LANGUAGE_CODE
    path = template.resolve()
    if not path.is_relative_to(PACKAGE):
        message = f"{template} is not in a room."
        raise DocumentError(message)
    return _set(path, _json(data, language=language), language, int(at.timestamp()), fonts())


@lru_cache(maxsize=MOST_KEPT)
def _set(path: Path, data: str, language: str, timestamp: int, known_fonts: typst.Fonts) -> bytes:
    known = TYPST_LANGUAGES.get(language, TYPST_LANGUAGES["en"])
    try:
        return typst.compile(
            path,
            root=PACKAGE,
            font_paths=known_fonts,
            sys_inputs={"data": data, **known},
            timestamp=timestamp,
            format="pdf",
        )
    except typst.TypstError as error:
        message = f"{path.relative_to(PACKAGE)}: {error.message}\n{error.diagnostic}"
        raise DocumentError(message) from error


@cache
def fonts() -> typst.Fonts:
    """Return the fonts of all documents, read once: Noto Sans SC, regular and bold, and Typst's own.

    Raises:
        MissingFontError: they are not installed.
    """
    folders = [Path(settings.NODE_MODULES) / FONT_FOLDER / style for style in FONT_STYLES]
    if missing := [folder for folder in folders if not folder.is_dir()]:
        message = f"{missing[0]} is missing; install the browser assets with npm."
        raise MissingFontError(message)
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def check_image(content: bytes) -> None:
    """Refuse what a document can't show as a picture.

    Raises:
        DocumentError: says why.
    """
    try:
        typst.compile(
            b'#image(bytes(json(bytes(sys.inputs.at("data")))))',
            sys_inputs={"data": json.dumps(image_data(content))},
            format="pdf",
        )
    except typst.TypstError as error:
        raise DocumentError(str(error.message)) from error


def image_data(content: bytes) -> list[int]:
    """Return a picture (PNG, JPEG or SVG) as data for a document."""
    return list(content)


def _json(data: Mapping[str, Any], *, language: str) -> str:
    class Encoder(DjangoJSONEncoder):
        def default(self, o: object) -> Any:
            return o.format(language=language) if isinstance(o, Money) else super().default(o)

    return json.dumps(data, cls=Encoder, ensure_ascii=False)
