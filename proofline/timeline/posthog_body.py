"""How PostHog's clients pack what they send: gzip, and the form with base64 of the older ones. Nothing here does I/O."""

from __future__ import annotations

import base64
import binascii
import zlib
from urllib.parse import parse_qs

from proofline.timeline.segment import RefusedError

GZIP = b"\x1f\x8b"


class TooLargeError(RefusedError):
    """More is in a request than may be unpacked."""


def unpacked(raw: bytes, *, content_type: str, compression: str, largest: int) -> bytes:
    """Return the JSON of a request: out of the `data` of a form in base64, as old clients send, and out of gzip.

    Args:
        raw: the body, without a `Content-Encoding`.
        content_type: as in the header.
        compression: as in the address (`gzip-js`, `gzip`, `base64` or nothing).
        largest: most bytes to unpack.

    Raises:
        TooLargeError: it has more.
        RefusedError: it can't be unpacked.
    """
    if content_type.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded" and b"data=" in raw[:4096]:
        raw, compression = _of_form(raw, compression)
    if compression == "base64":
        raw = _of_base64(raw)
    if raw.startswith(GZIP):
        return _of_gzip(raw, largest=largest)
    if compression.startswith("gzip"):
        raise RefusedError("The body is not gzip")
    if compression not in {"", "base64"}:
        raise RefusedError(f"Unknown compression {compression!r}: send gzip or nothing")
    return raw


def _of_form(raw: bytes, compression: str) -> tuple[bytes, str]:
    try:
        form = parse_qs(raw.decode(), max_num_fields=10)
    except ValueError as error:
        raise RefusedError(f"The body is not a form: {error}") from error
    data = form.get("data", [""])[0].encode()
    compression = form.get("compression", [compression])[0]
    if data[:1] in {b"{", b"["}:
        return data, compression
    # base64 has no spaces: those are plus signs that the client did not escape.
    return _of_base64(data.replace(b" ", b"+")), compression.replace("base64", "")


def _of_base64(raw: bytes) -> bytes:
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_" if b"-" in raw or b"_" in raw else None)
    except binascii.Error as error:
        raise RefusedError("data is not base64") from error


def _of_gzip(raw: bytes, *, largest: int) -> bytes:
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = unpacking.decompress(raw, largest + 1)
    except zlib.error as error:
        raise RefusedError("The body is not gzip") from error
    if len(found) > largest:
        raise TooLargeError(f"Larger than {largest // 1024} KB")
    return found
