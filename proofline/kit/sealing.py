"""Sealed PDFs: signed with this installation's own key, so that any later change shows.

The key and its self-signed certificate are made at first use and kept in the data folder as `seal/seal.pem`. Whoever has the
certificate can check a seal without us; that the certificate is ours, nobody else vouches for.
"""

from __future__ import annotations

import io
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

T = TypeVar("T")
# Documents older than the installation are sealed too (an import, a demonstration), so the certificate is always valid.
VALID_FROM = datetime(2000, 1, 1, tzinfo=UTC)
VALID_UNTIL = datetime(2099, 12, 31, tzinfo=UTC)
COMMON_NAME = "Proofline document seal"
FIELD = "Seal"


class NotAPdfError(ValueError):
    """What is to be sealed is not a PDF that can be read."""


class AlreadySealedError(ValueError):
    """The PDF has a seal, which forbids any change to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealCheck:
    """What a seal says. `intact`: not one byte differs from what was sealed. `trusted_by_us`: it is our seal."""

    intact: bool
    trusted_by_us: bool
    signer: str = ""
    signed_at: datetime | None = None
    reason: str = ""


NO_SEAL = SealCheck(intact=False, trusted_by_us=False)


class _DatedSigner(PdfSigner):
    """Signs with the time that it is given instead of the machine's."""

    def __init__(self, *, at: datetime, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


def seal(pdf: bytes, *, reason: str, at: datetime, name: str = "") -> bytes:
    """Return the PDF with an invisible signature (PAdES B-B, ECDSA P-256) that forbids any change after it.

    `reason` says what the seal stands for ("Accepted by Wang Fang"), `name` who seals: the company.

    Raises:
        NotAPdfError: it is not a PDF.
        AlreadySealedError: it has a seal.
    """
    identity = _identity()
    signer = SimpleSigner(
        signing_cert=next(load_certs_from_pemder_data(identity)),
        signing_key=load_private_key_from_pemder_data(identity, passphrase=None),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        reason=reason,
        name=name or None,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    except Exception as error:  # the reader fails in many ways on what is not a PDF
        raise NotAPdfError("This is not a PDF that can be read.") from error
    if writer.prev.embedded_signatures:
        message = "This PDF has a seal already."
        raise AlreadySealedError(message)
    dated = _DatedSigner(signature_meta=meta, signer=signer, at=at.astimezone(UTC))
    output: io.BytesIO = _aside(lambda: dated.sign_pdf(writer))
    return output.getvalue()


def verify(pdf: bytes) -> SealCheck:
    """Say whether a PDF is sealed, unchanged since, and sealed by us. Whatever it is given, it answers."""
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        return _check(signatures[0]) if len(signatures) == 1 else NO_SEAL
    except Exception:  # noqa: BLE001 - a damaged file makes the reader fail in many ways; all of them mean the same
        return NO_SEAL


def _check(signature: EmbeddedPdfSignature) -> SealCheck:
    certificate = signature.signer_cert
    context = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    status = _aside(lambda: validate_pdf_signature(signature, context, skip_diff=True))
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    intact = bool(status.intact and status.valid and whole)
    return SealCheck(
        intact=intact,
        trusted_by_us=intact and certificate.dump() == next(load_certs_from_pemder_data(_identity())).dump(),
        signer=str(signature.sig_object.get("/Name", certificate.subject.native["common_name"])),
        signed_at=status.signer_reported_dt,
        reason=str(signature.sig_object.get("/Reason", "")),
    )


def _aside(function: Callable[[], T]) -> T:
    """Call it in a thread of its own: it runs an event loop, which the caller's thread may not do when it has one already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function).result()


def certificate_pem() -> str:
    """Return our certificate, to be given to whoever wants to check a seal."""
    return x509.load_pem_x509_certificate(_identity()).public_bytes(Encoding.PEM).decode()


def _identity() -> bytes:
    """Return our key and certificate as PEM. Of two processes that make them at once, one wins and both use its."""
    path = Path(settings.DATA_DIR) / "seal" / "seal.pem"
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_new_identity())
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            os.link(part, path)
        Path(part).unlink()
    return path.read_bytes()


def _new_identity() -> bytes:
    """Make a key and a certificate for signing documents; return both as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, COMMON_NAME)])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_UNTIL)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
