"""PDFs are set in both languages; what people wrote is never markup."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy
from pypdf import PdfReader

from proofline.kit.documents import DocumentError, MissingFontError, fonts, image_data, render_pdf
from proofline.kit.money import Money

TEMPLATE = Path(__file__).parent / "documents" / "sample.typ"
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
MARKUP = '#panic("no") *bold* $x^2$ _it_ `raw` = <label> @ref \\ [x] //note "quote" #sys.inputs'


def pixel() -> bytes:
    """A picture of one red point, as PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0\xff\0\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def sample(**changes: Any) -> dict[str, Any]:
    return {
        "title": "方案：云图科技 Proposal",
        "brand": {"name": "Proofline 证据链", "accent": "#2f5bea"},
        "facts": [["客户", "上海云图科技"], ["Date", NOW.date()]],
        "section": "价值测算",
        "text": "First paragraph.\n\n第二段。",
        "header": ["Pain", "A year"],
        "rows": [["每周 20 小时报表", Money(Decimal(120000), "CNY")], ["Total", Decimal("120000.00")]],
        "figures": [["8 h", "saved a week"], ["63 %", None]],
        "share": 0.63,
        "note": gettext_lazy("Yes"),
        "signatures": [["For the customer", "王芳", "2026-11-23"]],
        **changes,
    }


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_document_in_both_languages() -> None:
    pdf = render_pdf(TEMPLATE, sample(), at=NOW, language="zh-hans")
    text = text_of(pdf)
    assert pdf.startswith(b"%PDF-")
    for expected in (
        "方案：云图科技 Proposal",
        "上海云图科技",
        "2026-11-23",
        "第二段。",
        "¥120,000.00",
        "王芳",
        "1 / 1",
    ):
        assert expected in text
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "方案：云图科技 Proposal"
    assert reader.metadata.author == "Proofline 证据链"
    assert reader.metadata.creation_date == NOW


def test_money_is_written_in_the_language_of_the_document() -> None:
    assert "CN¥120,000.00" in text_of(render_pdf(TEMPLATE, sample(), at=NOW, language="en"))
    with translation.override("zh-hans"):
        assert "CN¥120,000.00" not in text_of(render_pdf(TEMPLATE, sample(), at=NOW))


def test_what_people_wrote_is_never_markup() -> None:
    changed = sample(
        title=MARKUP, text=MARKUP, note=MARKUP, section=MARKUP, facts=[[MARKUP, MARKUP]], rows=[[MARKUP, MARKUP]],
        signatures=[[MARKUP, MARKUP, MARKUP]], brand={"name": MARKUP}, figures=[[MARKUP, MARKUP]], header=[MARKUP] * 2,
    )  # fmt: skip
    text = "".join(text_of(render_pdf(TEMPLATE, changed, at=NOW)).split())
    assert text.count("".join(MARKUP.split())) >= 8


def test_the_same_data_and_time_give_the_same_bytes() -> None:
    assert render_pdf(TEMPLATE, sample(), at=NOW) == render_pdf(TEMPLATE, sample(), at=NOW)


def test_pages_are_numbered() -> None:
    text = text_of(render_pdf(TEMPLATE, sample(text="Line.\n" * 80), at=NOW))
    assert "1 / 3" in text
    assert "3 / 3" in text


def test_every_character_is_in_a_font_that_is_embedded() -> None:
    pages = PdfReader(io.BytesIO(render_pdf(TEMPLATE, sample(), at=NOW))).pages
    resources = cast("dict[str, Any]", pages[0]["/Resources"])
    names = {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in resources["/Font"].values()}
    assert names == {"NotoSansSC-Regular", "NotoSansSC-Bold"}


def test_a_logo_is_shown() -> None:
    pdf = render_pdf(TEMPLATE, sample(brand={"name": "Proofline", "logo": image_data(pixel())}), at=NOW)
    assert len(PdfReader(io.BytesIO(pdf)).pages[0].images.keys()) == 1


def test_a_wrong_template_says_where() -> None:
    with pytest.raises(DocumentError, match=r"sample\.typ.*"):
        render_pdf(TEMPLATE, {}, at=NOW)


def test_templates_lie_in_rooms(tmp_path: Path) -> None:
    outside = tmp_path / "other.typ"
    outside.write_text("Hello")
    with pytest.raises(DocumentError, match="not in a room"):
        render_pdf(outside, {}, at=NOW)


def test_missing_fonts_are_told(settings: Any, tmp_path: Path) -> None:
    settings.NODE_MODULES = tmp_path
    fonts.cache_clear()
    with pytest.raises(MissingFontError, match="npm"):
        render_pdf(TEMPLATE, sample(), at=NOW)
