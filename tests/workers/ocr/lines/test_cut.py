"""What the line cutter does with what is no plain line of print."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.workers.drawn import BODY, FONTS, LEFT_HEAD, RECEIVERS, RIGHT_HEAD, SIGNER, Sheet, act, leaning
from workers.ocr.ink import Enlarged, components, ink_mask, outlines
from workers.ocr.layout import analyse
from workers.ocr.lines import cut_lines
from workers.ocr.lines.cut import BLURRED
from workers.page import Pixels

DPI = 190


def body(leading: float = 1.25) -> Sheet:
    sheet = Sheet(DPI)
    sheet.write(30, 50, BODY, leading=leading)
    return sheet


def test_a_line_tells_its_baseline_its_lean_and_its_own_height() -> None:
    level = cut_lines(body().grey, DPI)
    leant = cut_lines(leaning(body().grey, 0.15), DPI)
    assert len(level) == len(leant) == len(BODY)
    for line in level:
        assert line.slope == pytest.approx(0, abs=2e-4)
        assert line.own_x_height == pytest.approx(13 * DPI / 72 * 0.459, abs=1.5)
        assert line.box[1] < line.baseline < line.box[3]
    for line in leant[:-1]:
        assert line.slope == pytest.approx(np.tan(np.radians(0.15)), abs=4e-4)
        assert line.baseline_at(line.box[2]) - line.baseline_at(line.box[0]) == pytest.approx(
            line.slope * (line.box[2] - line.box[0])
        )


def test_the_polygon_holds_the_ink_of_the_line() -> None:
    grey = body().grey
    for line in cut_lines(grey, DPI):
        assert line.polygon is not None
        inside = np.zeros(grey.shape, np.uint8)
        cv2.fillPoly(inside, [np.array(line.polygon, np.int32)], 255)
        x0, y0, x1, y1 = line.box
        assert not ((line.pixels < 100) & (inside[y0:y1, x0:x1] == 0)).any()


def test_specks_far_from_a_line_do_not_stretch_it() -> None:
    clean = body().grey
    dirty = clean.copy()
    last = cut_lines(clean, DPI)[-1]
    x, y = last.box[2] + 300, round(last.baseline) - 3
    dirty[y : y + 3, x : x + 3] = 0
    assert [line.box for line in cut_lines(dirty, DPI)] == [line.box for line in cut_lines(clean, DPI)]


def test_a_speck_over_low_letters_does_not_stretch_their_line() -> None:
    clean = body(1.6).grey
    line = cut_lines(clean, DPI)[2]
    x0, _, x1, _ = line.box
    low = round(line.baseline - 1.1 * line.own_x_height)
    over = clean[low - 30 : low, x0:x1].min(axis=0) > 200
    at = next(x for x in range(20, x1 - x0 - 20) if over[x - 12 : x + 12].all())
    dirty = clean.copy()
    y = round(line.baseline - 2.2 * line.own_x_height)
    dirty[y : y + 3, x0 + at : x0 + at + 3] = 0
    assert [line.box for line in cut_lines(dirty, DPI)] == [line.box for line in cut_lines(clean, DPI)]


def test_a_dot_that_hangs_over_low_letters_is_the_upper_line_s() -> None:
    sheet = Sheet(DPI)
    sheet.write(30, 50, ("Người dùng nộp", "Sau ra sao, xem mẫu"), leading=1.25)
    upper, _ = cut_lines(sheet.grey, DPI)
    dot = sheet.grey[round(upper.baseline) + 2 : upper.box[3], upper.box[0] : upper.box[2]].min()
    assert dot < 100
    assert upper.pixels[round(upper.baseline) + 2 - upper.box[1] :].min() < 100


def test_an_underline_is_in_no_crop() -> None:
    plain = body(1.6).grey
    ruled = plain.copy()
    line = cut_lines(plain, DPI)[1]
    y = round(line.baseline) + 12
    ruled[y : y + 3, line.box[0] : line.box[0] + 500] = 20
    under = cut_lines(ruled, DPI)[1]
    kept = under.pixels[y + 1 - under.box[1] : y + 2 - under.box[1], :500] if under.box[3] > y + 1 else np.array([255])
    assert float((kept < 128).mean()) < 0.1


def test_words_whose_feet_run_together_are_no_rule() -> None:
    sheet = body()
    image = Image.fromarray(sheet.grey)
    font = ImageFont.truetype(FONTS.format("Regular"), round(13 * DPI / 72))
    for row, word in enumerate(("thinhdinhmin", "nhanhmanhhinh", "hinhthinhninh")):
        x = 300.0
        for letter in word:  # set a little closer than the type is, as a coarse scan joins its serifs
            ImageDraw.Draw(image).text((round(x), 1200 + 60 * row), letter, fill=20, font=font)
            x += font.getlength(letter) - 2
    grey = np.asarray(cv2.GaussianBlur(np.asarray(image, np.uint8), (0, 0), 1.0), np.uint8)
    lines = cut_lines(grey, DPI)[len(BODY) :]
    assert len(lines) == 3
    for line in lines:
        x0, y0, x1, y1 = line.box
        dark = grey[y0:y1, x0:x1] < 100
        assert (line.pixels[dark] == grey[y0:y1, x0:x1][dark]).all()


def test_a_small_note_is_cut_into_its_lines() -> None:
    sheet = body()
    note = ("Người ký: Ủy ban nhân dân tỉnh", "Email: vanthu@example.gov.vn", "Thời gian ký: 04.05.2026")
    sheet.write(150, 12, note, points=6)
    assert len(cut_lines(sheet.grey, DPI)) == len(note) + len(BODY)


def ghost_of_a_seal(strength: int) -> Pixels:
    """A blank back on which only parts of a seal show, paler than print."""
    page = np.full((2222, 1570), 255, np.uint8)
    rng = np.random.default_rng(4)
    for angle in rng.uniform(0, 2 * np.pi, 160):
        radius = rng.uniform(40, 140)
        x, y = round(700 + radius * np.cos(angle)), round(1000 + radius * np.sin(angle))
        axes = (int(rng.integers(2, 9)), int(rng.integers(2, 9)))
        cv2.ellipse(page, (x, y), axes, float(rng.uniform(0, 180)), 0, 360, (strength,), -1)
    return page


def test_what_is_left_of_a_seal_is_no_line() -> None:
    assert not [line for line in cut_lines(ghost_of_a_seal(190), DPI) if not line.handwritten]


def test_print_is_never_told_to_be_handwriting() -> None:
    for dpi in (150, 200, 300):
        assert not any(line.handwritten for line in cut_lines(act(dpi, seal=True).grey, dpi))


def test_a_pen_is_told_from_print() -> None:
    sheet = body()
    grey = sheet.grey
    rng = np.random.default_rng(11)
    for x in range(700, 1200, 45):
        y = 1500 + int(rng.integers(-14, 15))
        points = np.array([[x + int(rng.integers(0, 30)), y + int(rng.integers(-22, 22))] for _ in range(5)], np.int32)
        cv2.polylines(grey, [points], False, (30,), 3)
    lines = cut_lines(grey, DPI)
    assert not any(line.handwritten for line in lines[: len(BODY)])
    assert len(lines) > len(BODY)
    assert all(line.handwritten for line in lines[len(BODY) :])


@pytest.mark.parametrize("share", [0.01, 0.3])
def test_labels_are_right_even_on_noise(share: float) -> None:
    noise = np.where(np.random.default_rng(1).random((1500, 1200)) < share, 255, 0).astype(np.uint8)
    labels, stats = components(noise)
    _, wanted, facts, _ = cv2.connectedComponentsWithStats(noise, connectivity=8)
    assert (np.asarray(labels, np.int64) == wanted).all()
    assert (stats == facts).all()


@pytest.mark.parametrize("every", [6, 60])
def test_labels_are_right_on_hatching(every: int) -> None:
    """Strokes that fall to the left get a number in each pair of rows before they are joined: more than 16 bits hold."""
    y, x = np.mgrid[:1600, :1600]
    hatched = np.where((x + y) % every == 0, 255, 0).astype(np.uint8)
    labels, stats = components(hatched)
    assert labels.dtype == np.uint16
    assert len(stats) == 1 + -(-3199 // every)
    assert set(stats[1:, 4].tolist()) == {np.count_nonzero(labels == i) for i in range(1, len(stats))}


def test_outlines_are_the_pieces_those_in_holes_too() -> None:
    ink = np.zeros((60, 90), np.uint8)
    cv2.rectangle(ink, (5, 5), (50, 50), 255, 2)
    cv2.circle(ink, (27, 27), 6, 255, -1)
    cv2.line(ink, (60, 10), (85, 40), 255, 1)
    _, facts = components(ink)
    boxes = sorted(box for box, _ in outlines(ink))
    assert boxes == sorted((x, y, x + w, y + h) for x, y, w, h, _ in facts[1:].tolist())
    assert outlines(np.zeros((4, 4), np.uint8)) == []


@pytest.mark.parametrize("factor", [1, 2, 3])
def test_an_enlarged_mask_is_what_repeating_its_pixels_gives(factor: int) -> None:
    small = np.where(np.random.default_rng(3).random((20, 30)) < 0.1, 255, 0).astype(np.uint8)
    whole = small.repeat(factor, 0).repeat(factor, 1)
    mask = Enlarged(small, factor)
    for box in ((0, 0, 30 * factor, 20 * factor), (3, 5, 17, 18), (7, 1, 8, 2)):
        x0, y0, x1, y1 = box
        got, want = mask.within(box), whole[y0:y1, x0:x1]
        assert not want.any() if got is None else np.array_equal(got, want)
    beyond = mask.within((30 * factor - 4, 20 * factor - 4, 30 * factor + 3, 20 * factor + 2))
    assert beyond is None or (beyond.shape == (6, 7) and not beyond[4:].any())


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (3, 2), (7, 400), (401, 5)])
def test_tiny_pages_have_no_ink_that_is_not_theirs(shape: tuple[int, int]) -> None:
    assert ink_mask(np.full(shape, 220, np.uint8), DPI).shape == shape
    assert cut_lines(np.full(shape, 220, np.uint8), DPI) == ()


def letter_to(*, apart: float) -> Sheet:
    """The head of an official letter; its last line stands ``apart`` mm under the subject on the left."""
    sheet = Sheet(DPI)
    y = sheet.write(25, 20, (*LEFT_HEAD, "V/v số hóa hồ sơ"), points=12)
    sheet.write(95, 20, RIGHT_HEAD, points=12)
    sheet.write(40, y + apart, ("Kính gửi:",))
    sheet.write(55, y + apart + 8, RECEIVERS[2:])
    sheet.write(30, y + apart + 40, BODY)
    return sheet


@pytest.mark.parametrize(("apart", "place"), [(8.0, len(LEFT_HEAD) + 1 + len(RIGHT_HEAD)), (0.0, len(LEFT_HEAD) + 1)])
def test_a_line_alone_under_the_left_of_the_head_follows_both_columns(apart: float, place: int) -> None:
    lines = cut_lines(letter_to(apart=apart).grey, DPI)
    lefts = [line.box[0] for line in lines]
    assert min(range(len(lines)), key=lambda index: abs(lefts[index] - Sheet(DPI).px(40))) == place


def blurred(dpi: int, sigma: float) -> Pixels:
    """An act scanned coarsely and out of focus, enlarged to ``DPI`` again; ``sigma`` in pixels of the scan."""
    grey = act(DPI).grey
    small = cv2.resize(grey, None, fx=dpi / DPI, fy=dpi / DPI, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), sigma)
    return np.asarray(cv2.resize(soft, grey.shape[::-1], interpolation=cv2.INTER_CUBIC), np.uint8)


def test_a_blurred_page_is_cut_into_the_lines_of_the_sharp_one() -> None:
    grey = blurred(100, 1.5)
    assert analyse(grey, DPI).touching > BLURRED
    lines = cut_lines(grey, DPI)
    assert len(lines) == len(LEFT_HEAD) + len(RIGHT_HEAD) + len(BODY) + len(RECEIVERS) + len(SIGNER)
    for line, sharp in zip(lines, cut_lines(act(DPI).grey, DPI), strict=True):
        assert np.allclose(line.box, sharp.box, atol=Sheet(DPI).px(1.2))


def test_blurred_letters_get_their_contrast_back() -> None:
    grey = blurred(100, 1.5)
    line = cut_lines(grey, DPI)[len(LEFT_HEAD) + len(RIGHT_HEAD)]
    x0, y0, x1, y1 = line.box
    assert line.pixels.std() > 1.3 * grey[y0:y1, x0:x1].std()


def test_a_sharp_page_is_read_as_it_is() -> None:
    grey = act(DPI).grey
    assert analyse(grey, DPI).touching < BLURRED
    for line in cut_lines(grey, DPI):
        x0, y0, x1, y1 = line.box
        assert (line.pixels >= grey[y0:y1, x0:x1]).all()  # whitened where other lines' ink is, else the page's own
        assert (line.pixels == grey[y0:y1, x0:x1]).mean() > 0.9
