"""The curated set: whole dossiers as stations post them, and one file for each kind of damage."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from random import Random

from sample_scans.files import MEDIA_TYPES, encode
from sample_scans.generator import BLANK, Sample, generate, generate_pages
from sample_scans.people import Cast, make_cast
from sample_scans.truth import Component, FileTruth
from sample_scans.wear import subseed

SEED = 20260


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper in a file. ``pages``: which of its pages, all when empty."""

    kind: str
    wear: str = "scan"
    dpi: float = 200.0
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SetFile:
    """One file of the set. ``about``: what it is for, as the table says."""

    name: str
    about: str
    papers: tuple[Paper, ...]
    quality: int = 75

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix


@dataclass(frozen=True, slots=True)
class SetDossier:
    """``procedure``: mã thủ tục hành chính quốc gia (``D.DDDDDD``)."""

    key: str
    procedure: str
    title: str
    files: tuple[SetFile, ...]

    @property
    def cast(self) -> Cast:
        return make_cast(Random(subseed(SEED, self.key, "cast")), self.procedure)


DOSSIERS: tuple[SetDossier, ...] = (
    SetDossier(
        "khai_sinh",
        "1.001193",
        "Đăng ký khai sinh",
        (
            SetFile("ks_1_to_khai.jpg", "a form filled in with a blue pen; the plainest case", (Paper("to_khai"),)),
            SetFile(
                "ks_2_ket_hon.jpg", "a framed certificate, two columns of people", (Paper("giay_chung_nhan_ket_hon"),)
            ),
            SetFile(
                "ks_3_khai_sinh.jpg",
                "300 dpi; coloured frame and title, red seal",
                (Paper("giay_khai_sinh", dpi=300),),
                72,
            ),
        ),
    ),
    SetDossier(
        "xay_dung",
        "1.009994",
        "Cấp giấy phép xây dựng nhà ở riêng lẻ",
        (
            SetFile("xd_1_don.jpg", "skewed 2 to 6 degrees: deskew", (Paper("don", "skewed"),)),
            SetFile(
                "xd_2_gcn.pdf",
                "PDF of two JPEG pages; QR, land certificate, pink paper",
                (Paper("giay_chung_nhan_quyen_su_dung_dat"),),
            ),
            SetFile("xd_3_uy_quyen.jpg", "phone photo: perspective, shadow, desk", (Paper("giay_uy_quyen", "photo"),)),
            SetFile(
                "xd_4_giay_phep.jpg", "the result of the dossier, seal over signature", (Paper("giay_phep_xay_dung"),)
            ),
        ),
    ),
    SetDossier(
        "trich_luc",
        "2.000635",
        "Cấp bản sao trích lục hộ tịch",
        (
            SetFile("tl_1_to_khai.jpg", "phone photo of a form", (Paper("to_khai", "photo"),)),
            SetFile(
                "tl_2_trich_luc.jpg",
                "grey photocopy with dust and a dark edge",
                (Paper("trich_luc_ho_tich", "photocopy"),),
            ),
        ),
    ),
    SetDossier(
        "hon_nhan",
        "1.004873",
        "Cấp giấy xác nhận tình trạng hôn nhân",
        (
            SetFile(
                "hn_1_to_khai.jpg", "turned by 90, 180 or 270 degrees: orientation", (Paper("to_khai", "rotated"),)
            ),
            SetFile(
                "hn_2_xac_nhan.jpg",
                "a result with an expiry: six months, one purpose",
                (Paper("giay_xac_nhan_tinh_trang_hon_nhan"),),
            ),
        ),
    ),
    SetDossier(
        "van_ban",
        "1.000775",
        "Số hóa văn bản lưu trữ của Ủy ban nhân dân",
        (
            SetFile("vb_1_quyet_dinh.tif", "multi-page colour TIFF, JPEG strips", (Paper("quyet_dinh"),)),
            SetFile(
                "vb_2_ke_hoach.tif", "1-bit multi-page TIFF, CCITT G4, 300 dpi", (Paper("ke_hoach", "bitonal", 300),)
            ),
            SetFile(
                "vb_3_cong_van.png",
                "PNG without damage: what a perfect scan would read",
                (Paper("cong_van", "clean", 150),),
            ),
            SetFile("vb_4_phu_luc.pdf", "a ruled table on A4 across", (Paper("phu_luc"),)),
            SetFile("vb_5_cong_van.jpg", "with an incoming-mail stamp", (Paper("cong_van", "stamped"),)),
        ),
    ),
    SetDossier(
        "ton_dong",
        "1.000775",
        "Số hóa hồ sơ cũ: giấy hỏng, mờ, ố",
        (
            SetFile(
                "td_1_giay_vang.jpg",
                "old yellow paper, stains, a fold, punch holes",
                (Paper("quyet_dinh", "yellow", pages=(1,)),),
                70,
            ),
            SetFile("td_2_tham_muc.jpg", "the other side shows through", (Paper("ke_hoach", "bleed", pages=(1,)),), 70),
            SetFile("td_3_mat_sau.jpg", "blank back with ghost ink: must count as blank", (Paper(BLANK, "bleed"),), 70),
            SetFile("td_4_mo.jpg", "100 dpi: warning, still to be read", (Paper("don", "lowres"),)),
            SetFile(
                "td_5_ban_chup.tif",
                "a 1-bit copy of a certificate at 200 dpi",
                (Paper("giay_chung_nhan_ket_hon", "bitonal"),),
            ),
        ),
    ),
    SetDossier(
        "tron",
        "1.001193",
        "Tập giấy quét liền, nhiều loại giấy tờ",
        (
            SetFile(
                "tron.pdf",
                "a mixed stack in one PDF: five papers, blank backs, one page fed sideways or upside down; to be split",
                (
                    Paper("to_khai"),
                    Paper(BLANK, "bleed"),
                    Paper("trich_luc_ho_tich"),
                    Paper("quyet_dinh", "rotated", pages=(1,)),
                    Paper("quyet_dinh", pages=(2,)),
                    Paper("giay_xac_nhan_tinh_trang_hon_nhan", "skewed"),
                    Paper(BLANK, "scan"),
                    Paper("giay_uy_quyen"),
                ),
                70,
            ),
        ),
    ),
)


def draw_file(dossier: SetDossier, file: SetFile) -> tuple[bytes, FileTruth]:
    """The file's bytes and its truth."""
    cast = dossier.cast
    samples: list[Sample] = []
    components: list[Component] = []
    for paper in file.papers:
        seed = subseed(SEED, dossier.key, file.name, paper.kind) % 10**9
        drawn = (
            [generate(paper.kind, seed, paper.wear, page=number, dpi=paper.dpi, cast=cast) for number in paper.pages]
            if paper.pages
            else generate_pages(paper.kind, seed, paper.wear, dpi=paper.dpi, cast=cast)
        )
        numbers = tuple(range(len(samples) + 1, len(samples) + len(drawn) + 1))
        samples += drawn
        truth = drawn[0].truth
        previous = components[-1] if components else None
        if previous and previous.paper_type == truth.paper_type and truth.sheet_page > 1:
            components[-1] = Component((*previous.pages, *numbers), previous.paper_type, previous.fields)
        elif truth.paper_type:
            components.append(Component(numbers, truth.paper_type, truth.fields))
    data = encode(samples, file.suffix, file.quality)
    pages = tuple(sample.truth for sample in samples)
    return data, FileTruth(file.name, MEDIA_TYPES[file.suffix], pages, tuple(components))


def manifest() -> list[dict[str, object]]:
    """What ``manifest.json`` holds: each dossier as an officer would open it, and its files in order."""
    entries: list[dict[str, object]] = []
    for dossier in DOSSIERS:
        holder = dossier.cast.holder
        entries.append(
            {
                "dossier": {
                    "procedure": dossier.procedure,
                    "title": dossier.title,
                    "holder": {
                        "kind": "person",
                        "id_number": holder.id_number,
                        "name": holder.name,
                        "birth_date": holder.born.isoformat(),
                    },
                },
                "files": [file.name for file in dossier.files],
            }
        )
    return entries
