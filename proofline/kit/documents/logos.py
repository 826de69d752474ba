"""Which logos pages and documents can show without harm."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from proofline.kit.documents import DocumentError, check_image

LARGEST = 1_000_000
"""In bytes."""
RASTER = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
DRAWN = set(
    "svg g path rect circle ellipse line polyline polygon text tspan defs lineargradient radialgradient stop clippath mask use symbol title desc style metadata".split()
)
"""The elements of a drawing that does nothing but draw."""


def check_logo(content: bytes) -> None:
    """Refuse a logo that is too large, damaged, or does anything but draw.

    Raises:
        ValidationError: says why.
    """
    if len(content) > LARGEST:
        raise ValidationError(_("The logo is larger than 1 MB."))
    if not content.startswith(RASTER):
        _check_drawing(content)
    try:
        check_image(content)
    except DocumentError as error:
        raise ValidationError(_("This logo can't be drawn; export it again as SVG or PNG.")) from error


def _check_drawing(content: bytes) -> None:
    if b"<!DOCTYPE" in content.upper() or b"<!ENTITY" in content.upper():
        raise ValidationError(_("A logo can't declare entities; export it again as plain SVG or PNG."))
    try:
        root = ET.fromstring(content)  # noqa: S314 - without entities, and bounded
    except (ET.ParseError, ValueError, LookupError) as error:
        raise ValidationError(_("A logo is a PNG, JPEG or SVG picture.")) from error
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2].lower()
        if name not in DRAWN or _acts(element) or (name == "svg") != (element is root):
            raise ValidationError(
                _("This logo does more than draw (“%(part)s”); export it again as plain SVG or PNG.") % {"part": name}
            )


def _acts(element: ET.Element) -> bool:
    texts = [element.text or "", *element.attrib.values()]
    for name, value in element.attrib.items():
        plain = name.rpartition("}")[2].lower()
        if plain.startswith("on") or (plain == "href" and not value.strip().startswith("#")):
            return True
    return any(
        re.search(r"url\(\s*['\"]?(?!#)|@import|javascript:|expression\(", text, re.IGNORECASE) for text in texts
    )
