"""What strangers' ZIPs try."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from models.errors import ArchiveLimit, CorruptFile, DigitizeError
from workers.feeding import archive
from workers.feeding.files import SourceFile
from workers.limits import MEBIBYTE

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 8
MOST = 200 * MEBIBYTE


def zip_of(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as made:
        for name, data in members:
            made.writestr(name, data)
    return path


def look(path: Path, *, most: int = MOST) -> dict[str, SourceFile]:
    return {file.path.removeprefix(f"{path}!/"): file for file in archive.members(path, max_bytes=most)}


def code(file: SourceFile) -> str | None:
    return file.error.code if file.error else None


def read(file: SourceFile) -> bytes:
    with file.open() as stream:
        return stream.read()


def test_members_are_files_of_the_source(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "hop 1.zip", ("Hộp 1/001.pdf", PDF), ("Hộp 1/", b""), ("002.pdf", PDF + b"2"))
    found = look(path)
    assert list(found) == ["Hộp 1/001.pdf", "002.pdf"]
    assert found["Hộp 1/001.pdf"].name == "001.pdf"
    assert read(found["Hộp 1/001.pdf"]) == PDF
    assert [code(file) for file in found.values()] == [None, None]
    assert found["002.pdf"].stamp != found["Hộp 1/001.pdf"].stamp


def test_what_is_no_scan_is_left_out(tmp_path: Path) -> None:
    path = zip_of(
        tmp_path / "a.zip", ("__MACOSX/._1.pdf", b"x"), (".DS_Store", b"x"), ("1.pdf.part", PDF), ("1.pdf", PDF)
    )
    assert list(look(path)) == ["1.pdf"]


@pytest.mark.parametrize(
    "name", ["../1.pdf", "a/../../1.pdf", "/etc/1.pdf", "C:/1.pdf", "C:\\1.pdf", "..\\1.pdf", "\\\\server\\1.pdf"]
)
def test_names_that_lead_out(tmp_path: Path, name: str) -> None:
    path = zip_of(tmp_path / "slip.zip", (name, PDF), ("good.pdf", PDF))
    assert sorted(code(file) or "" for file in look(path).values()) == ["", "UNSAFE_ARCHIVE"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["slip.zip"], "nothing is ever written"


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("passwd.pdf")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    assert code(look(zip_of(tmp_path / "a.zip", (link, b"/etc/passwd")))["passwd.pdf"]) == "UNSAFE_ARCHIVE"


@pytest.mark.parametrize("name", ["inner.zip", "INNER.ZIP", "a.7z", "b.tar.gz", "c.rar"])
def test_archives_within(tmp_path: Path, name: str) -> None:
    inner = zip_of(tmp_path / "i", ("1.pdf", PDF)).read_bytes()
    assert code(look(zip_of(tmp_path / "a.zip", (name, inner)))[name]) == "NESTED_ARCHIVE"


def test_a_bomb_by_its_own_header(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "bomb.zip", ("1.tif", bytes(48 * MEBIBYTE)), ("2.pdf", PDF))
    assert [code(file) for file in look(path).values()] == ["ARCHIVE_LIMIT", None]


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    """The directory says a thousand bytes, the stream holds forty megabytes: it is stopped while it is read."""
    path = zip_of(tmp_path / "bomb.zip", ("1.tif", bytes(40 * MEBIBYTE)))
    raw = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", raw, raw.index(signature) + offset, 1000)
    path.write_bytes(raw)
    (file,) = look(path).values()
    assert file.size == 1000
    with pytest.raises(DigitizeError) as caught:
        read(file)
    assert caught.value.code in {"ARCHIVE_LIMIT", "CORRUPT_FILE"}


def test_a_member_larger_than_a_file_may_be(tmp_path: Path) -> None:
    (file,) = look(zip_of(tmp_path / "a.zip", ("1.pdf", PDF), packing=zipfile.ZIP_STORED), most=1000).values()
    with pytest.raises(ArchiveLimit):
        read(file)


def test_more_members_than_anybody_scans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zip_of(tmp_path / "a.zip", *((f"{n}.pdf", b"") for n in range(50)))
    monkeypatch.setattr(archive, "MOST_MEMBERS", 49)
    with pytest.raises(ArchiveLimit):
        look(path)


def test_a_directory_that_says_it_is_endless_is_not_read(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", ("1.pdf", PDF))
    raw = bytearray(path.read_bytes())
    struct.pack_into("<L", raw, raw.rindex(b"PK\x05\x06") + 12, 1 << 30)
    path.write_bytes(raw)
    with pytest.raises((ArchiveLimit, CorruptFile)):
        look(path)


def test_all_together_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zip_of(tmp_path / "a.zip", ("1.pdf", PDF), ("2.pdf", PDF))
    monkeypatch.setattr(archive, "MOST_UNPACKED", len(PDF) + 1)
    with pytest.raises(ArchiveLimit):
        look(path)


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip" * 100, PDF])
def test_what_is_no_zip(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(CorruptFile):
        look(path)


def test_a_zip_cut_short_and_a_member_damaged(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", ("1.pdf", PDF), ("2.pdf", PDF), packing=zipfile.ZIP_STORED)
    raw = bytearray(path.read_bytes())
    raw[60] ^= 0xFF
    path.write_bytes(raw)
    damaged, good = look(path).values()
    with pytest.raises(CorruptFile):
        read(damaged)
    assert read(good) == PDF
    path.write_bytes(raw[: len(raw) // 2])
    with pytest.raises(CorruptFile):
        look(path)


def test_a_locked_member(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", ("1.pdf", PDF))
    raw = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + offset] |= 1
    path.write_bytes(raw)
    (file,) = look(path).values()
    assert code(file) == "ENCRYPTED_ARCHIVE"
    with pytest.raises(DigitizeError) as caught:
        read(file)
    assert caught.value.code == "ENCRYPTED_ARCHIVE"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1258"])
def test_names_without_the_mark_for_their_letters(tmp_path: Path, encoding: str) -> None:
    """As macOS and as Vietnamese Windows write them: bytes, and no flag that says which."""
    wanted = "Giấy tờ.pdf" if encoding == "utf-8" else "Quyết định.pdf"
    spelt = wanted if encoding == "utf-8" else "Quy\u00ea\u0301t \u0111i\u0323nh.pdf"  # the page has marks of its own
    raw = spelt.encode(encoding)
    path = zip_of(tmp_path / "a.zip", ("x" * len(raw), PDF))
    path.write_bytes(path.read_bytes().replace(b"x" * len(raw), raw))
    assert list(look(path)) == [wanted]


def test_two_members_of_one_name_are_two_files(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("1.pdf", PDF)
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr("1.pdf", PDF + b"other")
    path = tmp_path / "a.zip"
    path.write_bytes(out.getvalue())
    found = look(path)
    assert list(found) == ["1.pdf", "1.pdf#2"]
    assert read(found["1.pdf#2"]) == PDF + b"other"
