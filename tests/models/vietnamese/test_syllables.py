from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese import fold
from models.vietnamese.syllables import is_syllable, score, weigh
from tests.paths import SCANS, SEEDS, needs_scans, needs_seeds

GOOD = """
nghiêng khuỷu quyết giường giếng gì gìn quốc quý quỳnh ngoéo xoong boong huỳnh oanh yêu yến ý uyên ương ổi đường
Thủ ĐỨC xoè xòe nguyễn Nguyễn chuyển khuya thuở quở quạnh hoặc loắt xuân tuần luật khuấy tuệ uể suýt huých uỳnh tuýp
Kạn Đắk Lắk Kon kỹ mỹ lý sỹ tỷ hy vy ghế ghi nghe ngành cá kẻ ưu hươu rượu bướu
"""
BAD = """
diém viéc quyét Tiép x4 gia1 nghanh ngè cẻ kó gế ghà cyêu catt cat mep hoc vàt cạh the's str wifi zoo fax jeep
hòà tóán đđ abc qa qua2 tiêm1 iêu2 ngg nghiêm3 lyêu êê ưă ìì tuơg
"""


@pytest.mark.parametrize("word", GOOD.split())
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", BAD.split())
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_a_stop_coda_takes_sac_or_nang_only() -> None:
    assert [word for word in ("hát", "hạt", "hat", "hàt", "hảt", "hãt") if is_syllable(word)] == ["hát", "hạt"]


def test_gi_takes_what_has_no_i() -> None:
    assert is_syllable("giêng")
    assert not is_syllable("giim")


HEALTHY = (
    "Ủy ban nhân dân xã đề nghị các cơ quan, đơn vị phối hợp giải quyết thủ tục hành chính đúng thời hạn theo quy định tại "
    "Quyết định số 06/QĐ-TTg và Nghị định số 45/2020/NĐ-CP của Chính phủ; báo cáo kết quả trước ngày 15/8/2023. "
)


@pytest.mark.parametrize(
    "text",
    [
        HEALTHY,
        HEALTHY.upper(),
        HEALTHY + "Email: vanthu.xa@mau.gov.vn, https://dichvucong.gov.vn, ĐT 0212.345.678 " * 2,
        HEALTHY + "DVCTT UBND TTHC VNeID H56.14 000.00.14.H56 QR code file PDF online " * 2,
        HEALTHY + "\n".join(f"{n} | {n * 17} | {n * 3},5% | 1.{n:06d}" for n in range(200)),
        "",
        "1 2 3 4,5 12/2/2023 1.000.000",
        "STT 1 2 3 A B",
    ],
)
def test_healthy_text_keeps_a_high_score(text: str) -> None:
    assert score(text) > 0.75


@pytest.mark.parametrize(
    "text",
    [
        fold(HEALTHY) * 3,  # the marks are gone
        HEALTHY.encode().decode("latin-1") * 3,  # UTF-8 taken for Latin-1
        "Céng hßa x· héi chñ nghÜa ViÖt Nam §éc lËp - Tù do - H¹nh phóc " * 5,  # TCVN3 letters without their font
        "X4ay dung mé hinh diém tai B$ phan Tiép nhan va Tra két qua phuc vu giai quyét hiéu qua " * 5,
        "The Ministry has published the decision on procedures for registration of birth " * 5,
        "".join(random.Random(1).choices("abcdđeêghiklmnôơpqrstuưvxy  ", k=2000)),
        HEALTHY.replace(" ", ""),  # the spaces are gone
    ],
)
def test_rubbish_has_a_low_score(text: str) -> None:
    assert score(text) < 0.25


@given(st.text())
def test_score_is_a_share(text: str) -> None:
    assert 0 <= score(text) <= 1


@given(st.integers(1, 40))
def test_more_rubbish_never_helps(count: int) -> None:
    assert score(HEALTHY + " diém" * count) <= score(HEALTHY + " diém" * (count - 1))


@needs_seeds
def test_the_seeds_part_widely() -> None:
    scores = {path.name[:3]: score(path.read_text("utf-8", errors="replace")) for path in SEEDS.glob("*.txt")}
    assert scores.pop("002") < 0.15
    assert len(scores) == 4
    assert min(scores.values()) > 0.95


@needs_scans
def test_every_page_of_real_text_layers_is_healthy() -> None:
    import pypdfium2  # noqa: PLC0415 - needed by this test only

    pages = 0
    for path in sorted((SCANS / "digital").glob("*.pdf")):
        document = pypdfium2.PdfDocument(path)
        for page in document:
            layer = page.get_textpage()
            text = layer.get_text_bounded()
            layer.close()
            page.close()
            pages += 1
            assert score(text) > 0.9, (path.name, weigh(text))
        document.close()
    assert pages > 40
