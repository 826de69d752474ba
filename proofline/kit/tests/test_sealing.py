"""A seal shows any change, and whose it is."""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader, PdfWriter

from proofline.kit.documents import render_pdf
from proofline.kit.sealing import AlreadySealedError, NotAPdfError, certificate_pem, seal, verify
from proofline.kit.tests.test_documents import TEMPLATE, sample

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def sealed() -> bytes:
    return seal(render_pdf(TEMPLATE, sample(), at=NOW), reason="Accepted by 王芳", at=NOW, name="云图科技")


def test_a_seal_says_who_when_and_why(sealed: bytes) -> None:
    check = verify(sealed)
    assert check.intact
    assert check.trusted_by_us
    assert (check.signer, check.signed_at, check.reason) == ("云图科技", NOW, "Accepted by 王芳")
    assert "方案" in PdfReader(io.BytesIO(sealed)).pages[0].extract_text()


def test_whoever_runs_an_event_loop_may_seal_and_verify() -> None:
    async def both() -> bool:
        return verify(seal(render_pdf(TEMPLATE, sample(), at=NOW), reason="", at=NOW)).intact

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(both())).result()


def test_the_key_is_made_once_and_kept_private(sealed: bytes, data_folder: Path) -> None:
    path = data_folder / "seal" / "seal.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    assert verify(seal(render_pdf(TEMPLATE, sample(), at=NOW), reason="", at=NOW)).trusted_by_us
    assert path.read_bytes() == before
    assert certificate_pem() in before.decode()
    assert list(path.parent.iterdir()) == [path]


def test_any_byte_that_differs_is_found(sealed: bytes) -> None:
    start = sealed.rindex(b"/Contents <") + len(b"/Contents <")
    signature = range(start, sealed.index(b">", start))
    positions = st.integers(0, len(sealed) - 1).filter(lambda position: position not in signature)

    @settings(max_examples=60, deadline=None)
    @given(positions, st.integers(1, 255))
    def holds(position: int, change: int) -> None:
        changed = bytearray(sealed)
        changed[position] ^= change
        assert not verify(bytes(changed)).intact

    holds()


def test_an_update_appended_to_the_file_is_found(sealed: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root["/Lang"] = writer.root["/Type"]
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)
    assert output.getvalue().startswith(sealed)
    check = verify(output.getvalue())
    assert not check.intact
    assert not check.trusted_by_us
    assert not verify(sealed + b"\n%more").intact


def test_a_seal_forbids_another(sealed: bytes) -> None:
    with pytest.raises(AlreadySealedError):
        seal(sealed, reason="", at=NOW)
    root = PdfReader(io.BytesIO(sealed)).root_object
    assert root["/Perms"]["/DocMDP"]["/Reference"][0]["/TransformParams"]["/P"] == 1  # type: ignore[index]


def test_a_rewritten_file_is_found(sealed: bytes) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(sealed))
    output = io.BytesIO()
    writer.write(output)
    assert not verify(output.getvalue()).intact


def test_the_seal_of_another_installation_is_intact_but_not_ours(
    sealed: bytes, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "other"
    settings.DATA_DIR.mkdir()
    check = verify(sealed)
    assert check.intact
    assert not check.trusted_by_us


@pytest.mark.parametrize("content", [b"", b"nonsense", b"%PDF-1.7\n%%EOF\n"])
def test_what_is_not_sealed(content: bytes) -> None:
    assert not verify(content).intact
    with pytest.raises(NotAPdfError):
        seal(content, reason="", at=NOW)


def test_a_document_without_a_seal() -> None:
    assert not verify(render_pdf(TEMPLATE, sample(), at=NOW)).intact
