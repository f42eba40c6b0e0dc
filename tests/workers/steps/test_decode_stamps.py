"""Signed scans: the image is pulled, its stamps are drawn alone. Poppler's drawing of the whole page is the judge of every one."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.stamp import TextStampStyle

from tests.paths import SCANS, needs_scans
from tests.workers.signed import make_signer
from tests.workers.steps.samples import HEIGHT, WIDTH, alike, encoded, image_pdf, jpeg, saved, write
from workers.limits import Limits
from workers.page import DecodedPage, Encoding, Pixels
from workers.steps import decode
from workers.steps.decode import inside
from workers.steps.decode import pdf as pdf_pages
from workers.steps.decode.kinds import PDF

LIMITS = Limits()
# No turn and no mirror of it looks like it; it does not reach its rectangle's edges, and it lets the page through.
LOOK = b"/Through gs 1 0 0 rg 3 2 20 8 re f 0 0 1 rg 5 4 m 38 4 l 38 18 l f 0 g BT /F1 7 Tf 6 11 Td (Ky boi) Tj ET"
RECT = (55.0, 90.0, 95.0, 110.0)


@pytest.fixture(scope="module", autouse=True)
def _one_child() -> Iterator[None]:
    yield
    decode.stop()


def sheet() -> Pixels:
    """White, a black bar along the top left, and a field of pale green, the stamps' ground: Poppler scales the image by a hair, which shows at edges only."""
    pixels = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    pixels[HEIGHT // 5 : -HEIGHT // 5, WIDTH // 5 : -WIDTH // 5] = (200, 240, 190)
    pixels[20:60, 20:180] = 0
    return pixels


def scan(**how: Any) -> pikepdf.Pdf:
    return image_pdf(encoded(Image.fromarray(sheet()), "JPEG", quality=90), **how)


def stamped(
    pdf: pikepdf.Pdf,
    *,
    rect: tuple[float, float, float, float] = RECT,
    body: bytes = LOOK,
    state: Dictionary | None = None,
    **more: object,
) -> pikepdf.Pdf:
    """With one more annotation on its first page."""
    look = pikepdf.Stream(pdf, body, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 40, 20])
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    through = state if state is not None else Dictionary(ca=0.6)
    look.Resources = Dictionary(Font=Dictionary(F1=font), ExtGState=Dictionary(Through=through))
    entries: dict[str, object] = {"/Type": Name.Annot, "/Subtype": Name.Widget, "/FT": Name.Sig, "/F": 132}
    entries |= {"/Rect": Array(rect), "/AP": Dictionary(N=pdf.make_indirect(look))}
    entries |= {f"/{key}": value for key, value in more.items()}
    note = Dictionary({key: value for key, value in entries.items() if value is not None})
    note, shown = pdf.make_indirect(note), pdf.pages[0].obj
    shown.Annots = Array([*shown.get("/Annots", Array()), note])
    pdf.Root.AcroForm = Dictionary(Fields=Array(shown.Annots), SigFlags=3)
    return pdf


def decoded(folder: Path, pdf: pikepdf.Pdf | bytes) -> DecodedPage:
    data = pdf if isinstance(pdf, bytes) else saved(pdf)
    return decode.decode_page(decode.open_document(write(folder, "p.pdf", data), LIMITS), 1, LIMITS)


def drawn_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> DecodedPage:
    with monkeypatch.context() as patched:
        patched.setattr(pdf_pages, "can_be_drawn_alone", lambda *_: False)
        return inside.decode(path, PDF, 1, LIMITS)


def apart(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def check(folder: Path, pdf: pikepdf.Pdf | bytes, monkeypatch: pytest.MonkeyPatch, near: float = 0.5) -> DecodedPage:
    """A page whose stamps were drawn alone: as the whole drawing has it within them, the image itself around them."""
    got = decoded(folder, pdf)
    whole = drawn_whole(folder / "p.pdf", monkeypatch)
    assert whole.source is None
    assert whole.pixels.shape[:2] == got.pixels.shape[:2]
    with pikepdf.open(folder / "p.pdf") as bare:
        del bare.pages[0].obj.Annots
        plain = decoded(folder, bare)
    assert got.source == plain.source is not None
    assert (got.dpi, got.dpi_known, got.image_share) == (plain.dpi, plain.dpi_known, plain.image_share)
    assert got.overlays
    around = np.ones(got.pixels.shape[:2], bool)
    for overlay in got.overlays:
        x0, y0, x1, y1 = overlay.box
        piece, theirs = got.pixels[y0:y1, x0:x1], whole.pixels[y0:y1, x0:x1]
        theirs = theirs if piece.ndim == 3 else theirs[:, :, 0]
        assert apart(piece, theirs) < near
        with Image.open(io.BytesIO(overlay.jpeg)) as kept:
            assert alike(np.asarray(kept, dtype=np.uint8), piece, 3)
        around[y0:y1, x0:x1] = False
    same = plain.pixels if plain.pixels.ndim == got.pixels.ndim else np.repeat(plain.pixels[:, :, None], 3, axis=2)
    assert (got.pixels[around] == same[around]).all()
    assert apart(got.pixels, same) > 0.2  # there is something to see
    return got


def test_a_stamp_is_drawn_over_the_image_as_it_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    got = check(tmp_path, stamped(scan()), monkeypatch)
    assert [overlay.box for overlay in got.overlays] == [(152, 254, 264, 310)]  # RECT at 200 dpi, whole pixels


def test_letters_under_a_stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their edges differ as much as without it; a stamp that lay off by a pixel would differ by 11."""
    got = check(tmp_path, stamped(image_pdf(jpeg()), rect=(60, 60, 100, 80)), monkeypatch, near=5)
    assert got.source is not None
    assert got.source.data == jpeg()


@pytest.mark.parametrize(
    ("matrix", "turned"),
    [
        ("-144 0 0 201.6 144 0", False),
        ("-144 0 0 -201.6 144 201.6", False),
        ("144 0 0 -201.6 0 201.6", False),
        ("0 -201.6 -144 0 144 201.6", True),
        ("0 -201.6 144 0 0 201.6", True),
        ("0 201.6 144 0 0 0", True),
        ("0 201.6 -144 0 144 0", True),
    ],
)
def test_however_the_image_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, matrix: str, *, turned: bool) -> None:
    stored = Image.fromarray(sheet())
    stored = stored.resize((HEIGHT, WIDTH)) if turned else stored
    made = image_pdf(encoded(stored, "JPEG"), size=stored.size, content=f"q {matrix} cm /Im0 Do Q")
    check(tmp_path, stamped(made), monkeypatch)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_on_a_turned_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rotate: int) -> None:
    check(tmp_path, stamped(scan(rotate=rotate)), monkeypatch)


def test_a_page_with_an_origin_of_its_own_and_other_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = stamped(scan(content="q 72 0 0 100.8 -30 15 cm /Im0 Do Q"), rect=(-4, 60, 16, 70))
    pdf.pages[0].MediaBox = [-30, 15, 42, 115.8]
    pdf.pages[0].obj.UserUnit = 2
    check(tmp_path, pdf, monkeypatch)


def test_an_image_a_little_larger_than_its_page(tmp_path: Path) -> None:
    """What the page cuts off stays part of the image, and a stamp ends where the page does. Its drawing has a pixel or two less."""
    pdf = stamped(scan(box=(143.0, 201.0), content="q 144 0 0 201.6 0 0 cm /Im0 Do Q"))
    stamped(pdf, rect=(120, 10, 160, 30))
    got = decoded(tmp_path, pdf)
    assert [overlay.box[2] for overlay in got.overlays] == [264, 398]
    assert got.pixels.shape == (HEIGHT, WIDTH, 3)


def test_a_page_cut_to_its_crop_box(tmp_path: Path) -> None:
    """The image has no bytes for the rest of it, so the page is drawn, as ever."""
    pdf = stamped(scan())
    pdf.pages[0].CropBox = [36, 0, 144, 201.6]
    got = decoded(tmp_path, pdf)
    assert (got.source, got.overlays) == (None, ())
    assert got.pixels.shape == (HEIGHT, 300, 3)


@pytest.mark.parametrize(
    "state", [Dictionary(BM=Name.Multiply), Dictionary(ca=0.3, CA=0.3), Dictionary(BM=Name.Difference)]
)
def test_ink_that_blends_with_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: Dictionary) -> None:
    check(tmp_path, stamped(scan(), state=state), monkeypatch)


def test_a_place_where_a_signature_field_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the field that it belongs to says that it is one of a signature."""
    check(tmp_path, stamped(scan(), FT=None, Parent=Dictionary(FT=Name.Sig, T=pikepdf.String("Ky"))), monkeypatch)


def test_stamps_that_lie_on_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = stamped(stamped(scan()), rect=(70, 95, 110, 135), body=b"0 1 0 rg 0 0 40 20 re f")
    assert len(check(tmp_path, pdf, monkeypatch).overlays) == 2


def test_a_grey_page_stays_grey_under_grey_ink_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bilevel = Image.fromarray(sheet()).convert("1", dither=Image.Dither.NONE)
    raw = np.packbits(np.asarray(bilevel), axis=1).tobytes()
    for body, channels in ((b"0.4 g 3 2 20 8 re f", 2), (LOOK, 3)):
        made = image_pdf(raw, image={"/Filter": None, "/ColorSpace": Name.DeviceGray, "/BitsPerComponent": 1})
        got = check(tmp_path, stamped(made, body=body), monkeypatch)
        assert got.pixels.ndim == channels
        assert got.source is not None
        assert got.source.encoding is Encoding.PDF_STREAM


def test_a_signature_that_pyhanko_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its font is not embedded: whatever the drawing takes for it, the stamp has it too."""
    writer = IncrementalPdfFileWriter(io.BytesIO(saved(scan())))
    fields.append_signature_field(writer, fields.SigFieldSpec("Ky", box=(35, 60, 110, 120), on_page=0))
    style = TextStampStyle(stamp_text="Ky boi: UBND xa Ngan Son\n2026-11-22", border_width=1)
    signer = signers.PdfSigner(signers.PdfSignatureMetadata(field_name="Ky"), make_signer(tmp_path), stamp_style=style)
    data = bytes(signer.sign_pdf(writer).getbuffer())
    assert len(check(tmp_path, data, monkeypatch).overlays) == 1


def _layered(pdf: pikepdf.Pdf) -> pikepdf.Pdf:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=pikepdf.String("stamps")))
    pdf.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(OFF=[layer]))
    return stamped(pdf, OC=layer)


def _beside(_: pikepdf.Pdf) -> pikepdf.Pdf:
    return stamped(scan(content="q 138 0 0 193.2 0 8.4 cm /Im0 Do Q"), rect=(100, 2, 140, 22))


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda pdf: stamped(pdf, F=4 | 16), id="stays upright on a turned page"),
        pytest.param(_layered, id="can be switched off"),
        pytest.param(lambda pdf: stamped(pdf, FT=Name.Tx), id="a field to fill in"),
        pytest.param(
            lambda pdf: stamped(stamped(pdf), Subtype=Name.Square, FT=None, AP=None), id="looks as the viewer likes"
        ),
        pytest.param(lambda pdf: stamped(pdf, rect=(5, 5, 140, 150)), id="most of the page"),
        pytest.param(_beside, id="beside the image"),
        pytest.param(
            lambda pdf: stamped(stamped(pdf), rect=(float("1e30"), 0, 1, 2), AS=Name.Off), id="makes no sense"
        ),
    ],
)
def test_what_is_no_picture_in_a_rectangle_is_drawn_with_the_page(
    tmp_path: Path, make: Callable[[pikepdf.Pdf], pikepdf.Pdf]
) -> None:
    got = decoded(tmp_path, make(scan()))
    assert (got.source, got.overlays) == (None, ())


def test_many_stamps_are_drawn_with_the_page(tmp_path: Path) -> None:
    pdf = scan()
    for index in range(17):
        stamped(pdf, rect=(10 + index, 10, 20 + index, 20))
    assert decoded(tmp_path, pdf).source is None


@needs_scans
@pytest.mark.parametrize("name", ["bitonal/464-ttg.signed.pdf", "official/51 QĐ UB.signed_20250219_231940.pdf"])
def test_real_signed_scans(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    got, whole = inside.decode(SCANS / name, PDF, 1, LIMITS), drawn_whole(SCANS / name, monkeypatch)
    assert got.source is not None
    assert got.overlays
    for overlay in got.overlays:
        x0, y0, x1, y1 = overlay.box
        assert apart(got.pixels[y0:y1, x0:x1], whole.pixels[y0:y1, x0:x1]) < 0.5
