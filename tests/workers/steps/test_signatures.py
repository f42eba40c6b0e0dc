"""Digital signatures of PDFs, made here with a certificate of a synthetic office."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from workers.limits import Limits
from workers.steps import signatures as module
from workers.steps.signatures import is_signed, signatures

LIMITS = Limits()
OFFICE, PROVINCE = "Ủy ban nhân dân xã Ngân Sơn", "Tỉnh Thái Nguyên"


@pytest.fixture(scope="module", autouse=True)
def child() -> Iterator[None]:
    yield
    module.stop()


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> signers.SimpleSigner:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, OFFICE),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, PROVINCE),
        ]
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("keys")
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    made = signers.SimpleSigner.load(str(folder / "key.pem"), str(folder / "cert.pem"))  # type: ignore[no-untyped-call]
    assert isinstance(made, signers.SimpleSigner)
    return made


def plain() -> bytes:
    with pikepdf.Pdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.Root.Note = pikepdf.String("Số: 12/QĐ-UBND")
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def signed(data: bytes, signer: signers.SimpleSigner, field: str) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    meta = signers.PdfSignatureMetadata(field_name=field)
    return bytes(signers.sign_pdf(writer, meta, signer=signer).getbuffer())


def kept(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_sound_signature_tells_who_and_when(tmp_path: Path, signer: signers.SimpleSigner) -> None:
    path = kept(tmp_path / "a.pdf", signed(plain(), signer, "Lanh_dao"))
    assert is_signed(path)
    (found,) = signatures(path, LIMITS) or ()
    assert (found.field, found.signer, found.organization) == ("Lanh_dao", OFFICE, PROVINCE)
    assert (found.intact, found.valid, found.covers, found.problem) == (True, True, "file", None)
    assert found.timestamp is None
    assert found.signed_at is not None
    assert abs(found.signed_at - datetime.now(UTC)) < timedelta(minutes=10)
    assert found.as_json()["signed_at"] == found.signed_at.isoformat()


def test_the_first_of_two_covers_its_revision(tmp_path: Path, signer: signers.SimpleSigner) -> None:
    path = kept(tmp_path / "a.pdf", signed(signed(plain(), signer, "Lanh_dao"), signer, "Co_quan"))
    found = signatures(path, LIMITS) or ()
    assert [(each.field, each.covers, each.intact) for each in found] == [
        ("Lanh_dao", "revision", True),
        ("Co_quan", "file", True),
    ]


def test_a_changed_byte_is_told(tmp_path: Path, signer: signers.SimpleSigner) -> None:
    data = signed(plain(), signer, "Lanh_dao")
    changed = data.replace(b"/MediaBox [ 0 0 595 842 ]", b"/MediaBox [ 0 0 595 841 ]")
    assert changed != data
    (found,) = signatures(kept(tmp_path / "a.pdf", changed), LIMITS) or ()
    assert found.intact is False
    assert found.signer == OFFICE


def test_a_signature_that_makes_no_sense_is_a_problem_and_hides_no_other(
    tmp_path: Path, signer: signers.SimpleSigner
) -> None:
    twice = signed(signed(plain(), signer, "Lanh_dao"), signer, "Co_quan")
    at = twice.index(b"/Contents <") + len(b"/Contents <")
    broken = twice[:at] + b"00" * 40 + twice[at + 80 :]
    found = {each.field: each for each in signatures(kept(tmp_path / "a.pdf", broken), LIMITS) or ()}
    assert set(found) == {"Lanh_dao", "Co_quan"}
    assert found["Lanh_dao"].problem
    assert found["Lanh_dao"].intact is None
    assert found["Co_quan"].problem is None
    assert found["Co_quan"].intact is False  # its bytes hold the broken one's


def test_what_is_not_signed_or_no_pdf_at_all(tmp_path: Path) -> None:
    assert signatures(kept(tmp_path / "plain.pdf", plain()), LIMITS) == ()
    assert not is_signed(kept(tmp_path / "empty.pdf", b""))
    assert signatures(kept(tmp_path / "rubbish.pdf", b"%PDF-1.4\n/ByteRange [0 1 2 3] rubbish"), LIMITS) is None
