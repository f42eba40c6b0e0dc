"""What sources hold: complete files, pairs, rows of manifests."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models.batches.entities import BatchSource, Duplex, SourceKind
from models.batches.store import Policies, key_of
from workers.feeding.files import Document, SourceFile, is_ignored, shown, side_of
from workers.feeding.folder import Stability, StillChanging, files_below, one_file
from workers.feeding.look import Looked, Looker

PDF = b"%PDF-1.4 "


def looker(*, final: bool = True, stability: Stability | None = None, **policies: Any) -> Looker:
    return Looker(Policies(**policies), stability or Stability(0.0), 1 << 20, final)


def source(path: Path, kind: SourceKind = SourceKind.FOLDER) -> BatchSource:
    return BatchSource(id="s", batch_id="b", kind=kind, path=str(path), path_key="")


def write(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PDF + name.encode())
    return folder


def told(looked: Looked, base: Path) -> list[tuple[str, str | None, str | None]]:
    """(path, key, code of its error)."""
    return [
        (one.path.removeprefix(f"{base}/"), one.key.text, one.error.code if one.error else None)
        for one in looked.documents
    ]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_names_that_are_no_scan_yet() -> None:
    ignored = (".x.pdf", "~$a.docx", "a.pdf.part", "a.TMP", "a.pdf.crdownload", "Thumbs.db", "a.pdf~", "a.filepart")
    assert [name for name in (*ignored, "a.pdf", "part.pdf", "tmp.tif") if not is_ignored(name)] == [
        "a.pdf",
        "part.pdf",
        "tmp.tif",
    ]


def test_a_folder_in_order_with_links_told(tmp_path: Path) -> None:
    write(tmp_path, "b/2.pdf", "a/1.pdf", "a/.hidden.pdf", "3.pdf.part", ".git/x.pdf")
    (tmp_path / "link.pdf").symlink_to("/etc/passwd")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = told(looker().look(source(tmp_path)), tmp_path)
    assert found == [("link.pdf", "link", "UNSUPPORTED_TYPE"), ("a/1.pdf", "1", None), ("b/2.pdf", "2", None)]


def test_a_renamed_file_comes_and_a_growing_one_is_waited_for(tmp_path: Path) -> None:
    clock = Clock()
    stability = Stability(5.0, clock)
    looking = looker(stability=stability)
    write(tmp_path, "1.pdf", "2.pdf.part")
    assert len(looking.look(source(tmp_path)).waiting) == 1
    clock.now = 4.9
    assert looking.look(source(tmp_path)).documents == []
    clock.now = 5.0
    assert [one.path for one in looking.look(source(tmp_path)).documents] == [str(tmp_path / "1.pdf")]
    (tmp_path / "2.pdf.part").rename(tmp_path / "2.pdf")
    with (tmp_path / "1.pdf").open("ab") as grown:
        grown.write(b"more")
    os.utime(tmp_path / "1.pdf", (1, 1))  # copied with the original's old time
    assert len(looking.look(source(tmp_path)).waiting) == 2
    clock.now = 11.0
    assert len(looking.look(source(tmp_path)).documents) == 2


def read_while(file: SourceFile, happens: Callable[[], object]) -> None:
    with file.open() as stream:
        stream.read()
        happens()


def test_a_file_that_changes_while_it_is_read_counts_for_nothing(tmp_path: Path) -> None:
    write(tmp_path, "1.pdf", "2.pdf", "3.pdf")
    first, second, third = files_below(tmp_path)
    with pytest.raises(StillChanging):
        read_while(first, lambda: (tmp_path / "1.pdf").write_bytes(b"other bytes, longer"))
    write(tmp_path, "new")
    with pytest.raises(StillChanging):
        read_while(second, lambda: (tmp_path / "new").replace(tmp_path / "2.pdf"))
    (tmp_path / "3.pdf").unlink()
    with pytest.raises(StillChanging):
        read_while(third, lambda: None)
    assert one_file(tmp_path / "3.pdf") is None


def test_names_that_no_database_takes(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff\nname.pdf")).write_bytes(PDF)
    (one,) = looker().look(source(tmp_path)).documents
    assert one.path == f"{tmp_path}/bad\\xff\\x0aname.pdf"
    one.path.encode()
    with one.sides[0].file.open() as stream:
        assert stream.read() == PDF
    assert shown("giấy.pdf") == "giấy.pdf"


@pytest.mark.parametrize(
    ("stem", "pattern", "key"),
    [
        ("12-2023", "", "12-2023"),
        (" ke\u0302\u0301t ", "", "kết"),
        ("", "", None),
        ("HS_0012_trang1", r"HS_(?P<key>\d+)", "0012"),
        ("khác", r"HS_(?P<key>\d+)", None),
        ("HS_", r"HS_(?P<key>\d*)", None),
    ],
)
def test_keys_of_names(stem: str, pattern: str, key: str | None) -> None:
    assert key_of(stem, pattern) == key


@pytest.mark.parametrize(
    ("stem", "found"),
    [
        ("12-truoc", ("12", "front")),
        ("12-sau", ("12", "back")),
        ("12 mặt trước", ("12", "front")),
        ("Hộp 3_Mặt_Sau", ("Hộp 3", "back")),
        ("12.A", ("12", "front")),
        ("12_front", ("12", "front")),
        ("12-back", ("12", "back")),
        ("sau", ("sau", "")),
        ("12sau", ("12sau", "")),
        ("123", ("123", "")),
    ],
)
def test_sides_of_names(stem: str, found: tuple[str, str]) -> None:
    assert side_of(stem) == found


def test_pairs_and_a_side_that_is_missing(tmp_path: Path) -> None:
    write(tmp_path, "h1/1-truoc.pdf", "h1/1-sau.pdf", "h2/1-truoc.pdf", "2_B.pdf", "2_a.pdf", "9.pdf")
    found = looker(duplex=Duplex.PAIRS).look(source(tmp_path))
    assert told(found, tmp_path) == [
        ("9.pdf", "9", None),
        ("2_a.pdf", "2", None),
        ("h1/1-truoc.pdf", "1", None),
        ("h2/1-truoc.pdf", "1", "UNEVEN_SIDES"),
    ]
    pair: Document = found.documents[2]
    assert [(side.file.name, side.side) for side in pair.sides] == [("1-truoc.pdf", "front"), ("1-sau.pdf", "back")]
    watching = looker(duplex=Duplex.PAIRS, final=False).look(source(tmp_path))
    assert watching.waiting == [str(tmp_path / "h2/1-truoc.pdf")]
    assert len(watching.documents) == 3


def test_two_files_for_one_side_are_no_pair(tmp_path: Path) -> None:
    write(tmp_path, "1-truoc.pdf", "1-front.pdf", "1-sau.pdf")
    assert [code for _, _, code in told(looker(duplex=Duplex.PAIRS).look(source(tmp_path)), tmp_path)] == [
        "UNEVEN_SIDES",
        None,
    ]


MANIFEST = """Đường dẫn,Mã kiểm kê,Tài liệu,Mặt,Thứ tự
a/1.pdf,12/2023,,,
2-s.jpg,,T2,sau,
2-t.jpg,13/2023,T2,trước,
../../etc/passwd,14,,,
missing.pdf,15,,,
1b.pdf,16,,ngang,
3b.jpg,,T3,,2
3a.jpg,17,T3,,1
"""


def test_a_manifest_row_by_row(tmp_path: Path) -> None:
    write(tmp_path, "a/1.pdf", "2-t.jpg", "2-s.jpg", "1b.pdf", "3a.jpg", "3b.jpg")
    sheet = tmp_path / "danh-sach.csv"
    sheet.write_text(MANIFEST, encoding="utf-8")
    found = looker(duplex=Duplex.PAIRS_BACK).look(source(sheet, SourceKind.MANIFEST))
    assert told(found, tmp_path) == [
        ("danh-sach.csv#5", "14", "INVALID_REQUEST"),
        ("missing.pdf", "15", "NOT_FOUND"),
        ("danh-sach.csv#7", "16", "INVALID_REQUEST"),
        ("a/1.pdf", "12/2023", None),
        ("2-t.jpg", "13/2023", None),
        ("3a.jpg", "17", None),
    ]
    sides = {
        one.path.rpartition("/")[2]: [(side.file.name, side.side) for side in one.sides] for one in found.documents
    }
    assert sides["2-t.jpg"] == [("2-t.jpg", "front"), ("2-s.jpg", "back")]
    assert sides["3a.jpg"] == [("3a.jpg", ""), ("3b.jpg", "")]
    assert [one.joined for one in found.documents[3:]] == [False, True, True]
    assert all(one.key.told for one in found.documents[3:])
    waits = looker(final=False).look(source(sheet, SourceKind.MANIFEST))
    assert waits.waiting == [str(tmp_path / "missing.pdf")]


def test_a_manifest_as_workbook_and_one_without_headers(tmp_path: Path) -> None:
    write(tmp_path, "1.pdf")
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["File", "Key"])
    book.active.append(["1.pdf", "A-1"])
    book.save(tmp_path / "m.xlsx")
    assert told(looker().look(source(tmp_path / "m.xlsx", SourceKind.MANIFEST)), tmp_path) == [("1.pdf", "A-1", None)]
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    looked = looker().look(source(tmp_path / "bad.csv", SourceKind.MANIFEST))
    assert looked.error is not None
    assert looked.error.code == "INVALID_REQUEST"


def test_a_source_that_is_not_there(tmp_path: Path) -> None:
    for kind in SourceKind:
        with pytest.raises(OSError, match="not there"):
            looker().look(source(tmp_path / "gone", kind))


def test_a_zip_that_is_none_is_one_refused_file(tmp_path: Path) -> None:
    write(tmp_path, "hop.zip")
    assert told(looker().look(source(tmp_path)), tmp_path) == [("hop.zip", None, "CORRUPT_FILE")]
