"""Offices that issue acts: communes before and after 01/7/2025, departments, councils, schools. All places are made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from sample_scans.people import HAMLETS, Cast, random_day, workday

TWO_LEVELS = date(2025, 7, 1)
"""From this day there is no district (Luật Tổ chức chính quyền địa phương 72/2025/QH15)."""


@dataclass(frozen=True, slots=True)
class Office:
    """``above``: the superior body's line; ``lines``: the issuing body as printed, broken over lines; ``name``: as said in a sentence.

    ``posts``: the capital lines over the signature that this office uses; ``units``: who drafts its letters; ``area``: the
    place in a sentence; ``city``: the place before a date; ``level``: commune, district or province.
    """

    name: str
    above: str
    lines: tuple[str, ...]
    symbol: str
    city: str
    area: str
    seal: tuple[str, str]
    posts: tuple[tuple[str, ...], ...]
    units: tuple[str, ...]
    old: bool = False


_COMMITTEE = (
    ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    ("CHỦ TỊCH",),
    ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"),
    ("TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH"),
    ("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG KINH TẾ"),
)
_OLD_COMMITTEE = _COMMITTEE[:4]
_HEAD_OF_DEPARTMENT = (
    ("GIÁM ĐỐC",),
    ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    ("TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"),
    ("TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG NGHIỆP VỤ"),
)
_UNITS = ("VP", "KT", "VHXH", "TTPVHCC", "KTHT")

DEPARTMENTS = (
    ("Nội vụ", "SNV"),
    ("Tài chính", "STC"),
    ("Xây dựng", "SXD"),
    ("Nông nghiệp và Môi trường", "SNNMT"),
    ("Khoa học và Công nghệ", "SKHCN"),
    ("Giáo dục và Đào tạo", "SGDĐT"),
    ("Tư pháp", "STP"),
    ("Y tế", "SYT"),
)
SECTIONS = (
    ("Phòng Kinh tế", ("PHÒNG KINH TẾ",), "PKT", "TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"),
    ("Phòng Văn hóa - Xã hội", ("PHÒNG VĂN HÓA - XÃ HỘI",), "PVHXH", "TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"),
    (
        "Trung tâm Phục vụ hành chính công",
        ("TRUNG TÂM PHỤC VỤ", "HÀNH CHÍNH CÔNG"),
        "TTPVHCC",
        "GIÁM ĐỐC",
        "PHÓ GIÁM ĐỐC",
    ),
    (
        "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân",
        ("VĂN PHÒNG", "HỘI ĐỒNG NHÂN DÂN VÀ", "ỦY BAN NHÂN DÂN"),
        "VP",
        "CHÁNH VĂN PHÒNG",
        "PHÓ CHÁNH VĂN PHÒNG",
    ),
    (
        "Ban Chỉ đạo Chuyển đổi số",
        ("BAN CHỈ ĐẠO", "CHUYỂN ĐỔI SỐ"),
        "BCĐ",
        "TRƯỞNG BAN",
        "PHÓ TRƯỞNG BAN",
    ),
    (
        "Ban Quản lý dự án đầu tư xây dựng",
        ("BAN QUẢN LÝ DỰ ÁN", "ĐẦU TƯ XÂY DỰNG"),
        "BQLDA",
        "GIÁM ĐỐC",
        "PHÓ GIÁM ĐỐC",
    ),
)


def commune(cast: Cast, _rng: Random) -> Office:
    """The committee of a commune or ward since 01/7/2025."""
    agency = cast.agency
    lines = ("ỦY BAN NHÂN DÂN", agency.place.upper())
    return Office(agency.body, "", lines, "UBND", agency.name, agency.place, agency.seal, _COMMITTEE, _UNITS)


def old_commune(cast: Cast, rng: Random) -> Office:
    """The same before: the district's committee stands above it, or not."""
    agency = cast.agency
    above = f"ỦY BAN NHÂN DÂN\n{agency.old_district.upper()}" if rng.random() < 0.4 else ""
    lines = (f"ỦY BAN NHÂN DÂN {agency.place.upper()}",) if above else ("ỦY BAN NHÂN DÂN", agency.place.upper())
    area = f"{agency.place}, {agency.old_district}"
    units = ("VP", "TCKH", "ĐCXD")
    return Office(
        agency.body, above, lines, "UBND", agency.name, area, agency.old_seal, _OLD_COMMITTEE, units, old=True
    )


def old_district(cast: Cast, _rng: Random) -> Office:
    agency = cast.agency
    place = agency.old_district
    seal = (f"ỦY BAN NHÂN DÂN {place.upper()}", f"T. {agency.province.upper()}")
    lines = ("ỦY BAN NHÂN DÂN", place.upper())
    units = ("VP", "NV", "TNMT", "TCKH")
    posts = (*_OLD_COMMITTEE, ("TL. CHỦ TỊCH", "TRƯỞNG PHÒNG NỘI VỤ"))
    name = f"Ủy ban nhân dân {place}"
    return Office(name, "", lines, "UBND", agency.district, place, seal, posts, units, old=True)


def province(cast: Cast, rng: Random) -> Office:
    place = f"tỉnh {cast.agency.province}"
    seal = (f"ỦY BAN NHÂN DÂN {place.upper()}", "VIỆT NAM")
    lines = rng.choice((("ỦY BAN NHÂN DÂN", place.upper()), (f"ỦY BAN NHÂN DÂN {place.upper()}",)))
    units = ("NC", "KGVX", "KT", "CN")
    return Office(
        f"Ủy ban nhân dân {place}", "", lines, "UBND", cast.agency.province, place, seal, _COMMITTEE[:5], units
    )


def council(cast: Cast, rng: Random) -> Office:
    """Hội đồng nhân dân, of the commune or the province."""
    agency = cast.agency
    wide = rng.random() < 0.35
    place = f"tỉnh {agency.province}" if wide else agency.place
    lower = "VIỆT NAM" if wide else f"T. {agency.province.upper()}"
    posts = (("CHỦ TỊCH",), ("TM. HỘI ĐỒNG NHÂN DÂN", "CHỦ TỊCH"), ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"))
    return Office(
        f"Hội đồng nhân dân {place}",
        "",
        ("HỘI ĐỒNG NHÂN DÂN", place.upper()),
        "HĐND",
        agency.province if wide else agency.name,
        place,
        (f"HỘI ĐỒNG NHÂN DÂN {place.upper()}", lower),
        posts,
        ("VP", "KTNS", "PC"),
    )


def department(cast: Cast, rng: Random) -> Office:
    """A sở of the province."""
    what, symbol = rng.choice(DEPARTMENTS)
    place = f"tỉnh {cast.agency.province}"
    above = rng.choice((f"UBND {place.upper()}", f"ỦY BAN NHÂN DÂN\n{place.upper()}"))
    words = f"SỞ {what.upper()}"
    lines = tuple(words.split(" VÀ ")) if len(words) > 22 else (words,)
    if len(lines) == 2:
        lines = (f"{lines[0]} VÀ", lines[1])
    units = ("VP", "XDCQ", "QLHC", "CCHC")
    seal = (words, f"T. {cast.agency.province.upper()}")
    return Office(f"Sở {what}", above, lines, symbol, cast.agency.province, place, seal, _HEAD_OF_DEPARTMENT, units)


def section(cast: Cast, rng: Random) -> Office:
    """A unit of the commune's committee."""
    agency = cast.agency
    name, lines, symbol, chief, deputy = rng.choice(SECTIONS)
    above = rng.choice((f"UBND {agency.place.upper()}", f"ỦY BAN NHÂN DÂN\n{agency.place.upper()}"))
    posts = ((chief,), (f"KT. {chief}", deputy))
    seal = (name.upper(), agency.place.upper())
    return Office(name, above, lines, symbol, agency.name, agency.place, seal, posts, ("TH", "NV"))


def school(cast: Cast, rng: Random) -> Office:
    agency = cast.agency
    kind, symbol = rng.choice((("Trường Tiểu học", "TH"), ("Trường Trung học cơ sở", "THCS"), ("Trường Mầm non", "MN")))
    name = f"{kind} {rng.choice(HAMLETS)}"
    above = f"UBND {agency.place.upper()}"
    posts = (("HIỆU TRƯỞNG",), ("KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG"))
    seal = (name.upper(), agency.place.upper())
    return Office(name, above, (name.upper(),), symbol, agency.name, agency.place, seal, posts, ("VT", "CM"))


OfficeOf = Callable[[Cast, Random], Office]

ANY: tuple[OfficeOf, ...] = (
    commune,
    commune,
    old_commune,
    old_district,
    province,
    department,
    section,
    school,
)
"""Who issues the common types of acts."""
COMMITTEES: tuple[OfficeOf, ...] = (commune, commune, old_commune, old_district, province)


def act_day(office: Office, cast: Cast, rng: Random) -> date:
    """A working day in the time of that office: before 01/7/2025 where a district is named, else the dossier's day."""
    return workday(random_day(rng, date(2018, 1, 3), date(2025, 6, 20))) if office.old else cast.today
