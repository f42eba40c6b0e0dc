"""Digital signatures of PDFs, made here with a certificate of a synthetic office."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyhanko.sign import signers

from tests.workers.signed import OFFICE, PROVINCE, make_signer, plain, signed
from workers.limits import Limits
from workers.page import DocumentInfo
from workers.steps import signatures as module
from workers.steps.decode.kinds import JPEG, PDF
from workers.steps.signatures import is_signed, signatures

LIMITS = Limits()


@pytest.fixture(scope="module", autouse=True)
def child() -> Iterator[None]:
    yield
    module.stop()


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> signers.SimpleSigner:
    return make_signer(tmp_path_factory.mktemp("keys"))


def kept(path: Path, data: bytes, media_type: str = PDF) -> DocumentInfo:
    path.write_bytes(data)
    return DocumentInfo(path, media_type, "", len(data), 1)


def test_a_sound_signature_tells_who_and_when(tmp_path: Path, signer: signers.SimpleSigner) -> None:
    info = kept(tmp_path / "a.pdf", signed(plain(), signer, "Lanh_dao"))
    assert is_signed(info.path)
    (found,) = signatures(info, LIMITS) or ()
    assert (found.field, found.signer, found.organization) == ("Lanh_dao", OFFICE, PROVINCE)
    assert (found.intact, found.valid, found.covers, found.problem) == (True, True, "file", None)
    assert found.timestamp is None
    assert found.signed_at is not None
    assert abs(found.signed_at - datetime.now(UTC)) < timedelta(minutes=10)
    assert found.as_json()["signed_at"] == found.signed_at.isoformat()


def test_the_first_of_two_covers_its_revision(tmp_path: Path, signer: signers.SimpleSigner) -> None:
    info = kept(tmp_path / "a.pdf", signed(signed(plain(), signer, "Lanh_dao"), signer, "Co_quan"))
    found = signatures(info, LIMITS) or ()
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
    assert not is_signed(kept(tmp_path / "empty.pdf", b"").path)
    rubbish = b"%PDF-1.4\n/ByteRange [0 1 2 3] rubbish"
    assert signatures(kept(tmp_path / "rubbish.pdf", rubbish), LIMITS) is None
    assert signatures(kept(tmp_path / "picture.jpg", rubbish, JPEG), LIMITS) == (), "whatever stands in a picture"
