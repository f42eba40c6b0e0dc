"""Whole documents: copied pages, signed scans, metadata, the same bytes every time, and memory that does not grow."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from tests.paths import SCANS, needs_scans
from tests.workers.pdf.drawing import METADATA, ROWS, WHEN, draw, group4, jpeg_source, outcome, save, tilted, write
from tests.workers.pdf.proof import pdfium_words, pdftoppm, pdftotext, preflight, qpdf_check
from workers.limits import Limits
from workers.page import Encoding, Failure, Origin, PageOutcome, Placement, SourceImage
from workers.pdf import parts
from workers.pdf.metadata import PdfMetadata
from workers.pdf.searchable import build_pdf
from workers.steps.decode import inside
from workers.steps.decode.kinds import PDF
from workers.steps.placement import apply, place

RED = b"1 0 0 rg 0 0 200 60 re f 0 g BT /F1 20 Tf 10 20 Td (Signed) Tj ET"


def signed_scan(path: Path, rotate: int = 0, dpi: int = 100) -> tuple[int, int]:
    """A G4 scan on a page with ``/Rotate``, a red stamp (signature field) in its corner; returns the image's number."""
    page = draw(ROWS[:4], dpi=dpi, height_mm=150)
    with Pdf.new() as pdf:
        write(
            path,
            outcome(
                page,
                SourceImage(Encoding.CCITT_G4, page.pixels.shape[1], page.pixels.shape[0], group4(page.pixels)),
                lines=(),
            ),
        )
        with Pdf.open(path) as scan:
            pdf.pages.append(scan.pages[0])
        sheet = pdf.pages[0].obj
        width, height = (float(v) for v in sheet.MediaBox.as_list()[2:])
        sheet.MediaBox = Array([10, 20, width + 10, height + 20])  # an origin that is not 0 0
        sheet.Contents = Stream(pdf, f"{width:.2f} 0 0 {height:.2f} 10 20 cm /Im0 Do".encode())
        sheet.Rotate = rotate
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        look = Stream(pdf, RED, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 60]))
        look.Resources = Dictionary(Font=Dictionary(F1=font))
        field = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=pikepdf.String("s"), F=132,
            Rect=Array([210, 70, 310, 100]), AP=Dictionary(N=pdf.make_indirect(look)),
        )  # fmt: skip
        field = pdf.make_indirect(field)
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([20, 30, 60, 50]))
        link.A = Dictionary(S=Name.URI, URI=pikepdf.String("https://example.org/"))
        jump = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([20, 30, 60, 50]), Dest=Array([sheet, Name.Fit])
        )
        sheet.Annots = Array([field, link, jump])
        sheet.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)")))
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
        pdf.save(path)
    with Pdf.open(path) as pdf:
        number = pdf.pages[0].obj.Resources.XObject.Im0.objgen
        return int(number[0]), int(number[1])


def text_page(index: int, number: int = 1) -> PageOutcome:
    return PageOutcome(number, 100, 100, 72.0, Origin.TEXT, source_pdf_page=index)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_copied_page_looks_as_it_did_with_its_stamp(tmp_path: Path, rotate: int) -> None:
    original, path = tmp_path / "in.pdf", tmp_path / "out.pdf"
    signed_scan(original, rotate)
    before = original.read_bytes()
    report = write(path, text_page(0), text_page(0, 2), source_pdf=original)
    assert original.read_bytes() == before
    assert (report.pages, report.pdfa_level, report.substituted) == (2, None, ())
    assert "copied" in report.pdfa_reason
    for number in (1, 2):
        assert (pdftoppm(path, 60, number) == pdftoppm(original, 60)).all()
    assert b"pdfaid" not in path.read_bytes()
    assert qpdf_check(path) == ""
    with Pdf.open(path) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert "/AA" not in pdf.pages[0].obj
        notes = pdf.pages[0].obj.Annots
        assert ["/A" in note for note in notes.as_list()] == [True, False]
        assert str(notes[0].A.URI) == "https://example.org/"


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("degrees", [0.0, 2.0, 180.0])
def test_a_signed_scan_that_was_drawn_keeps_its_bytes_under_its_stamp(
    tmp_path: Path, rotate: int, degrees: float
) -> None:
    """What was read is a drawing with the stamp; the PDF holds the fax bytes, and the stamp as a piece of the drawing."""
    original, path = tmp_path / "in.pdf", tmp_path / "out.pdf"
    signed_scan(original, rotate)
    drawing = pdftoppm(original, 100)
    height, width = drawing.shape[:2]
    placement, seen = Placement.identity(width, height), drawing
    if degrees:
        page = replace(draw(("x",), dpi=100), pixels=drawing)
        # "drawing" is how it lies; what tilted() returns maps a straight page to it, so turn it the other way round.
        image, back = tilted(page, degrees)
        inverse = np.linalg.inv(np.array([*np.array(back.matrix).reshape(2, 3), [0, 0, 1]]))
        placement = Placement(tuple(float(v) for v in inverse[:2].ravel()), image.shape[1], image.shape[0])  # type: ignore[arg-type] # six numbers
        seen = image
    read = PageOutcome(
        1, placement.width, placement.height, 100.0, placement=placement, source_pdf_page=0,
        fallback_jpeg=save(seen, "JPEG", quality=95),
    )  # fmt: skip
    report = write(path, read, source_pdf=original)
    with Pdf.open(path) as ours, Pdf.open(original) as theirs:
        kept = ours.pages[0].obj.Resources.XObject.Im0.read_raw_bytes()
        assert kept == theirs.pages[0].obj.Resources.XObject.Im0.read_raw_bytes()
    assert path.stat().st_size < len(read.fallback_jpeg or b"")
    assert (report.pdfa_level, report.pictures) == ("1b", ("stamped",))
    assert preflight(path) == ""
    shown = pdftoppm(path, 100)
    assert shown.shape == seen.shape
    small = [np.asarray(Image.fromarray(p).reduce(6)).astype(int) for p in (shown, seen)]
    assert np.abs(small[0] - small[1]).mean() < 3
    red = [((p[:, :, 0] - p[:, :, 1] > 120) & (p[:, :, 0] - p[:, :, 2] > 120)) for p in small]
    assert red[1].sum() > 20
    assert (red[0] & red[1]).sum() / (red[0] | red[1]).sum() > 0.85
    assert pdftotext(path).strip() == ""  # the stamp's own text is not there twice


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [0.0, 2.0])
def test_a_signed_scan_has_its_bytes_and_its_stamp_over_them(tmp_path: Path, rotate: int, skew: float) -> None:
    """As the decoder hands it over: the fax bytes, and the stamp as a piece of its own, which both lie straight in the PDF."""
    original, path = tmp_path / "in.pdf", tmp_path / "out.pdf"
    signed_scan(original, rotate, dpi=200)
    page = inside.decode(original, PDF, 1, Limits())
    assert len(page.overlays) == 1
    placement = place(page.pixels.shape[1], page.pixels.shape[0], skew=skew)
    read = PageOutcome(
        1, placement.width, placement.height, page.dpi, placement=placement, source_pdf_page=0,
        source=page.source, overlays=page.overlays,
    )  # fmt: skip
    report = write(path, read, source_pdf=original)
    with Pdf.open(path) as ours, Pdf.open(original) as theirs:
        kept = ours.pages[0].obj.Resources.XObject
        assert kept.Im0.read_raw_bytes() == theirs.pages[0].obj.Resources.XObject.Im0.read_raw_bytes()
        assert set(kept.keys()) == {"/Im0", "/Im1"}
    assert (report.pdfa_level, report.pictures) == ("1b", ("stamped",))
    assert preflight(path) == ""
    shown, seen = pdftoppm(path, 200), apply(page.pixels, placement)
    height, width = (min(sides) for sides in zip(shown.shape[:2], seen.shape[:2], strict=True))
    assert max(*shown.shape[:2]) - max(height, width) <= 1  # pdftoppm rounds up
    small = [np.asarray(Image.fromarray(p[:height, :width]).reduce(6)).astype(int) for p in (shown, seen)]
    assert np.abs(small[0] - small[1]).mean() < 3
    red = [((p[:, :, 0] - p[:, :, 1] > 120) & (p[:, :, 0] - p[:, :, 2] > 120)) for p in small]
    assert red[1].sum() > 20
    assert (red[0] & red[1]).sum() / (red[0] | red[1]).sum() > 0.85


def test_pages_of_all_kinds_in_one_document(tmp_path: Path) -> None:
    page = draw(ROWS[:3], dpi=100, height_mm=100)
    original, path = tmp_path / "in.pdf", tmp_path / "out.pdf"
    number = signed_scan(original)
    stream = SourceImage(Encoding.PDF_STREAM, page.pixels.shape[1], page.pixels.shape[0], pdf_object=number)
    failed = PageOutcome(5, source_pdf_page=0, failure=Failure("PAGE_FAILED", "no words"))
    report = write(
        path,
        outcome(page, jpeg_source(page.pixels)),
        text_page(0, 2),
        outcome(page, stream, number=3),
        PageOutcome(4, failure=Failure("PAGE_FAILED", "nothing")),
        failed,
        text_page(99, 6),
        source_pdf=original,
    )
    assert report.pages == 6
    assert report.substituted == (6,)
    assert report.pictures == ("kept", "copied", "kept", "none", "copied", "none")
    assert [len(pdftotext(path, "-f", str(n), "-l", str(n)).split()) > 3 for n in range(1, 7)] == [
        True,
        False,
        True,
        False,
        False,
        False,
    ]
    assert (pdftoppm(path, 50, 5) == pdftoppm(original, 50)).all()
    assert qpdf_check(path) == ""


def test_a_source_that_is_pdfa_and_shows_no_offence_hands_its_level_on(tmp_path: Path) -> None:
    page = draw(ROWS[:3], dpi=100, height_mm=100)
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    write(first, outcome(page, jpeg_source(page.pixels)))
    report = write(second, text_page(0), source_pdf=first)
    assert (report.pdfa_level, report.pdfa_reason) == ("1b", "")
    assert preflight(second) == ""
    assert pdftotext(second) == pdftotext(first)
    with Pdf.open(first, allow_overwriting_input=True) as pdf:
        state = Dictionary(Type=Name.ExtGState, ca=0.5)
        pdf.pages[0].obj.Resources.ExtGState = Dictionary(G=state)
        pdf.save(first)
    report = write(second, text_page(0), source_pdf=first)
    assert report.pdfa_level is None
    assert "transparency" in report.pdfa_reason


def test_metadata_is_the_same_in_both_places(tmp_path: Path) -> None:
    when = datetime(2025, 6, 1, 9, 5, 7, tzinfo=timezone(timedelta(hours=7)))
    metadata = PdfMetadata(
        title="Giấy khai sinh <số 12> & \x00bản sao\ud800", created=when, author="UBND phường Ấp Bắc", subject="Trích lục",
        keywords="khai sinh", source_sha256="ab" * 32,
    )  # fmt: skip
    page = draw(ROWS[:1], dpi=72, height_mm=60)
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(page.pixels)), metadata=metadata)
    assert preflight(path) == ""
    with Pdf.open(path) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Giấy khai sinh <số 12> &  bản sao"
        assert str(pdf.docinfo["/CreationDate"]) == "D:20250601020507+00'00'"
        assert str(pdf.Root.Lang) == "vi"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as xmp:
            assert xmp["dc:title"] == "Giấy khai sinh <số 12> &  bản sao"
            assert xmp["dc:source"] == "urn:sha256:" + "ab" * 32
            assert xmp["pdfaid:part"] == "1"
            assert xmp["pdfaid:conformance"] == "B"
    with pytest.raises(ValueError, match="aware"):
        PdfMetadata(title="x", created=datetime(2025, 1, 1))  # noqa: DTZ001 - that is the point


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    page = draw(ROWS[:3], dpi=100, height_mm=100)
    reports = [write(tmp_path / name, outcome(page, jpeg_source(page.pixels))) for name in ("a.pdf", "b.pdf")]
    assert reports[0].sha256 == reports[1].sha256
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    later = write(tmp_path / "c.pdf", outcome(page, jpeg_source(page.pixels)), metadata=replace(METADATA, title="khác"))
    assert later.sha256 != reports[0].sha256


def test_a_linearised_file_takes_an_addition(tmp_path: Path) -> None:
    """As a signature is added: behind the end, every byte before it untouched."""
    page = draw(ROWS[:3], dpi=100, height_mm=100)
    path, signed = tmp_path / "out.pdf", tmp_path / "signed.pdf"
    write(path, outcome(page, jpeg_source(page.pixels)))
    assert qpdf_check(path) == ""
    before = path.read_bytes()
    with path.open("rb") as stream:
        addition = IncrementalPdfFileWriter(stream)
        append_signature_field(addition, SigFieldSpec("Chuky", box=(20, 20, 120, 60)))
        with signed.open("wb") as output:
            addition.write(output)  # type: ignore[no-untyped-call]
    assert signed.read_bytes().startswith(before)
    with Pdf.open(signed) as pdf:
        assert str(pdf.Root.AcroForm.Fields[0].T) == "Chuky"
    assert pdftotext(signed) == pdftotext(path)


def test_no_pages_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="page"):
        build_pdf([], tmp_path / "out.pdf", source_pdf=None, metadata=METADATA)
    assert list(tmp_path.iterdir()) == []


def test_a_long_document_is_written_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = draw(ROWS[:3], dpi=100, height_mm=100)
    pages = [outcome(page, jpeg_source(page.pixels), number=n + 1) for n in range(7)]
    whole = write(tmp_path / "whole.pdf", *pages)
    monkeypatch.setattr(parts, "PART_BYTES", 2 * len(pages[0].source.data) if pages[0].source else 0)
    path = tmp_path / "parts.pdf"
    report = write(path, *pages)
    assert (report.pages, report.pdfa_level) == (whole.pages, whole.pdfa_level)
    assert report.sha256 == write(tmp_path / "again.pdf", *pages).sha256
    assert preflight(path) == ""
    assert qpdf_check(path) == ""
    assert path.read_bytes().startswith(b"%PDF-1.4")
    assert pdftotext(path) == pdftotext(tmp_path / "whole.pdf")
    for number in (1, 4, 7):
        assert [w.text for w in pdfium_words(path, number, 100)] == [w.text for w in page.words]
    with Pdf.open(path) as pdf:
        assert str(pdf.docinfo["/Title"]) == METADATA.title
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again.pdf", "parts.pdf", "whole.pdf"]


GROWTH = """
import resource, sys, os
from pathlib import Path
from workers.page import Encoding, PageOutcome, Placement, SourceImage
from workers.pdf.searchable import build_pdf
from workers.steps.decode import inside
from workers.steps.decode.kinds import PDF
from workers.steps.placement import apply, place
from tests.workers.pdf.drawing import METADATA, draw, jpeg_source
jpeg = jpeg_source(draw(("x",), dpi=72).pixels)
def pages(count):
    for number in range(count):
        data = jpeg.data + os.urandom(1_000_000)  # bytes after the end of the image are part of the file
        source = SourceImage(Encoding.JPEG, jpeg.width, jpeg.height, data)
        yield PageOutcome(number + 1, jpeg.width, jpeg.height, 72.0, placement=Placement.identity(jpeg.width, jpeg.height), source=source)
peaks = []
for count in (30, 150):
    build_pdf(pages(count), Path(sys.argv[1]), source_pdf=None, metadata=METADATA)
    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
print(*peaks)
"""


def test_memory_does_not_grow_with_the_pages(tmp_path: Path) -> None:
    """150 MB of images against 30: the peak stays within 40 MB."""
    command = [sys.executable, "-c", GROWTH, str(tmp_path / "out.pdf")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=280)
    few, many = (int(value) for value in done.stdout.split())
    assert many - few < 40, done.stdout
    assert (tmp_path / "out.pdf").stat().st_size > 150_000_000


@needs_scans
@pytest.mark.slow
def test_broken_and_hostile_sources_never_stop_the_document(tmp_path: Path) -> None:
    """Each real bad file as source PDF and as image of every kind: always every page, something to see, no exception."""
    fallback = save(draw(("x",), dpi=72).pixels, "JPEG")
    sheet = PageOutcome(1, 595, 842, 72.0, placement=Placement.identity(595, 842))
    for file in sorted((SCANS / "bad").iterdir()):
        images = [
            SourceImage(kind, 100, 100, file.read_bytes()) for kind in Encoding if kind is not Encoding.PDF_STREAM
        ]
        outcomes = [
            replace(sheet, origin=Origin.TEXT, source_pdf_page=0),
            replace(sheet, fallback_jpeg=fallback, source_pdf_page=0),
            replace(sheet, source=SourceImage(Encoding.PDF_STREAM, 10, 10, pdf_object=(4, 0))),
            *(replace(sheet, source=image) for image in images),
        ]
        report = write(tmp_path / "out.pdf", *outcomes, source_pdf=file)
        assert report.pages == len(outcomes), file.name
        with Pdf.open(tmp_path / "out.pdf") as pdf:
            assert len(pdf.pages) == len(outcomes), file.name


def test_the_created_date_is_the_only_date(tmp_path: Path) -> None:
    page = draw(ROWS[:1], dpi=72, height_mm=60)
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(page.pixels)))
    data = path.read_bytes()
    assert data.count(b"D:2025") == 1
    assert WHEN.strftime("%Y-%m-%dT%H:%M:%S").encode() in data
