"""Bags: what is written holds by RFC 8493 and by ``sha256sum``; what is wrong with one that came is told by its kind."""

from __future__ import annotations

import hashlib
import io
import stat
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.bags import BagProblem, BagWriter, Bounds, Fault, open_bag
from storage.bags.paths import DECLARED, check_path, manifest_line, parse_manifest
from storage.objects import ChecksumMismatch

AT = datetime(2026, 11, 21, 12, 4, 12)  # noqa: DTZ001 - a ZIP's clock has no zone
FILES = {"H56-230502-0001.001.pdf": b"%PDF-1 " + b"a" * 300_000, "H56-230502-0001.002.pdf": b"%PDF-2"}


def made(files: dict[str, bytes] = FILES) -> bytes:
    writer = BagWriter("H56-230502-0001", AT)
    parts: list[bytes] = []
    for name, content in files.items():
        parts += writer.payload(name, io.BytesIO(content), len(content), hashlib.sha256(content).hexdigest())
    parts += writer.tag("metadata/a.json", [b'{"a": ', b"1}\n"])
    parts += writer.finish({"External-Identifier": "H56-230502-0001"})
    writer.close()
    return b"".join(parts)


def test_a_bag_as_other_programs_see_it(tmp_path: Path) -> None:
    package = made()
    assert package == made(), "the same content, the same bytes"
    archive = zipfile.ZipFile(io.BytesIO(package))
    assert archive.testzip() is None
    archive.extractall(tmp_path)
    folder = tmp_path / "H56-230502-0001"
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run(["sha256sum", "--check", "--strict", manifest], cwd=folder, check=True)
    assert (folder / "bagit.txt").read_text() == DECLARED
    size = sum(len(content) for content in FILES.values())
    assert f"Payload-Oxum: {size}.2\n" in (folder / "bag-info.txt").read_text()
    assert "  data/" not in (folder / "tagmanifest-sha256.txt").read_text()
    assert {line.split("  ")[1] for line in (folder / "tagmanifest-sha256.txt").read_text().splitlines()} == {
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "metadata/a.json",
    }


def test_it_is_read_again() -> None:
    with open_bag(io.BytesIO(made())) as bag:
        bag.check()
        assert bag.name == "H56-230502-0001"
        assert [one.path for one in bag.payload] == [f"data/{name}" for name in FILES]
        assert bag.text("metadata/a.json") == b'{"a": 1}\n'
        with bag.open("data/H56-230502-0001.002.pdf") as stream:
            assert stream.read() == b"%PDF-2"


def test_another_programs_bag_is_read_too(tmp_path: Path) -> None:
    """Deflated, with entries for folders, in another order."""
    zipfile.ZipFile(io.BytesIO(made())).extractall(tmp_path)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(tmp_path.rglob("*"), reverse=True):
            archive.write(path, path.relative_to(tmp_path))
    with open_bag(out) as bag:
        bag.check()


def test_a_file_that_changed_in_the_store_breaks_it_off() -> None:
    for content, sha256 in ((b"%PDF-3", "0" * 64), (b"%PDF-33", None)):
        with closing(BagWriter("a", AT)) as writer, pytest.raises(ChecksumMismatch):
            list(writer.payload("a.pdf", io.BytesIO(content), 6, sha256))


def rewritten(change: Callable[[str, bytes], tuple[str, bytes] | None], extra: dict[str, bytes] | None = None) -> bytes:
    """The same package, each entry changed (``None``: left out), others added; the manifests stay as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            kept = change(info.filename, old.read(info))
            if kept is not None:
                new.writestr(*kept)
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def same(name: str, content: bytes) -> tuple[str, bytes]:
    return name, content


def without(ending: str) -> Callable[[str, bytes], tuple[str, bytes] | None]:
    return lambda name, content: None if name.endswith(ending) else (name, content)


def other(ending: str, instead: bytes) -> Callable[[str, bytes], tuple[str, bytes] | None]:
    return lambda name, content: (name, instead if name.endswith(ending) else content)


F = "H56-230502-0001/"
BAD: list[tuple[str, bytes, Fault]] = [
    ("no zip", b"PK nothing of the kind", Fault.MALFORMED),
    ("empty", b"", Fault.MALFORMED),
    ("cut short", made()[:-40], Fault.MALFORMED),
    ("other bytes", rewritten(other(".002.pdf", b"%PDF-X")), Fault.DAMAGED),
    ("other size", rewritten(other(".002.pdf", b"%PDF-22")), Fault.DAMAGED),
    ("a paper missing", rewritten(without(".002.pdf")), Fault.DAMAGED),
    ("a paper too many", rewritten(same, {F + "data/x.pdf": b"%PDF"}), Fault.DAMAGED),
    ("metadata changed", rewritten(other("a.json", b"{}")), Fault.DAMAGED),
    ("metadata too many", rewritten(same, {F + "metadata/b.json": b"{}"}), Fault.DAMAGED),
    ("manifest changed", rewritten(other("/manifest-sha256.txt", b"")), Fault.DAMAGED),
    ("no manifest", rewritten(without("/manifest-sha256.txt")), Fault.MALFORMED),
    ("no tag manifest", rewritten(without("/tagmanifest-sha256.txt")), Fault.MALFORMED),
    ("manifest is no list", rewritten(other("/tagmanifest-sha256.txt", b"hello\n")), Fault.MALFORMED),
    ("no declaration", rewritten(without("bagit.txt")), Fault.MALFORMED),
    ("another version", rewritten(other("bagit.txt", b"BagIt-Version: 0.97\n")), Fault.MALFORMED),
    ("two folders", rewritten(same, {"other/data/x.pdf": b"%PDF"}), Fault.MALFORMED),
    ("climbs out", rewritten(same, {F + "data/../../../etc/passwd": b"x"}), Fault.UNSAFE),
    ("climbs at once", rewritten(same, {"../x.pdf": b"x"}), Fault.UNSAFE),
    ("absolute", rewritten(same, {"/etc/passwd": b"x"}), Fault.UNSAFE),
    ("a drive", rewritten(same, {"C:/x.pdf": b"x"}), Fault.UNSAFE),
    ("backslashes", rewritten(same, {F + "data\\..\\x.pdf": b"x"}), Fault.UNSAFE),
    ("a new line", rewritten(same, {F + "data/x\n.pdf": b"x"}), Fault.UNSAFE),
    ("twice by case", rewritten(same, {F + "BAGIT.txt": b"x"}), Fault.UNSAFE),
    ("to be fetched", rewritten(same, {F + "fetch.txt": b"http://x 1 data/x.pdf\n"}), Fault.UNSAFE),
    ("a bomb", rewritten(same, {F + "data/x.pdf": b"\0" * (8 << 20)}), Fault.UNSAFE),
]


@pytest.mark.parametrize(("package", "fault"), [pytest.param(*case[1:], id=case[0]) for case in BAD])
def test_bad_packages(package: bytes, fault: Fault) -> None:
    with pytest.raises(BagProblem) as refused, open_bag(io.BytesIO(package)) as bag:
        bag.check()
    assert refused.value.fault is fault, refused.value.detail


def test_a_link_is_no_file() -> None:
    out = io.BytesIO(made())
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo(F + "data/link.pdf")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(BagProblem) as refused, open_bag(out):
        pass
    assert refused.value.fault is Fault.UNSAFE


@pytest.mark.parametrize(
    "bounds", [Bounds(packed=1000), Bounds(unpacked=1000), Bounds(file=1000), Bounds(files=3), Bounds(text=10)]
)
def test_bounds(bounds: Bounds) -> None:
    with pytest.raises(BagProblem) as refused, open_bag(io.BytesIO(made()), bounds) as bag:
        bag.check()
    assert refused.value.fault is Fault.TOO_LARGE


@given(st.text(min_size=1, max_size=40))
def test_a_safe_path_comes_back_from_a_manifest(path: str) -> None:
    try:
        check_path(path)
    except BagProblem:
        return
    if path != path.strip() or len(path.splitlines()) != 1:
        return
    assert parse_manifest(manifest_line("ab" * 32, path), "m") == {path: "ab" * 32}


def test_percent_signs() -> None:
    assert manifest_line("0" * 64, "data/100%25.pdf") == "0" * 64 + "  data/100%2525.pdf\n"
    assert parse_manifest(manifest_line("0" * 64, "data/100%.pdf"), "m") == {"data/100%.pdf": "0" * 64}


def test_an_asterisk_is_the_path_s_own_behind_two_spaces() -> None:
    assert parse_manifest(f"{'0' * 64} *data/a.pdf\n{'1' * 64}  *b.pdf", "m") == {
        "data/a.pdf": "0" * 64,
        "*b.pdf": "1" * 64,
    }
