"""Numbers of licences and registers of business that are neither a số, ký hiệu nor a tax code."""

from __future__ import annotations

import re

from models.vietnamese.folding import nfc

_DRIVING = re.compile(r"\d{12}", re.ASCII)
_HOUSEHOLD = re.compile(r"\d{2}[A-Z]\d{7}", re.ASCII)
_LAND_CODE = re.compile(r"[0-9A-Z]{12}", re.ASCII)
DRIVING_CLASSES = (
    "A1",
    "A",
    "B1",
    "B",
    "B2",
    "C1",
    "C",
    "D1",
    "D2",
    "D",
    "BE",
    "C1E",
    "CE",
    "D1E",
    "D2E",
    "DE",
    "A2",
    "A3",
    "A4",
    "E",
    "FB2",
    "FC",
    "FD",
    "FE",
)
"""Hạng: those of Luật 36/2024, and of the licences issued before it that are still in force."""


def parse_driving_licence_number(text: str) -> str | None:
    """Số giấy phép lái xe: twelve digits. They say nothing of the holder, unlike those of a số định danh."""
    return _matching(_DRIVING, text)


def parse_driving_class(text: str) -> str | None:
    """Hạng, as one of ``DRIVING_CLASSES``; nothing is mended (``8`` is not ``B``)."""
    bare = _bare(text)
    return bare if bare in DRIVING_CLASSES else None


def parse_household_business_number(text: str) -> str | None:
    """Số of an older hộ kinh doanh registration, like ``41A8012345`` (from memory); newer ones are tax codes or personal ids."""
    return _matching(_HOUSEHOLD, text)


def parse_land_certificate_code(text: str) -> str | None:
    """Mã giấy chứng nhận of certificates from 01/8/2024: twelve characters; the first two tell the authority."""
    return _matching(_LAND_CODE, text)


def _matching(pattern: re.Pattern[str], text: str) -> str | None:
    bare = _bare(text)
    return bare if pattern.fullmatch(bare) else None


def _bare(text: str) -> str:
    return re.sub(r"[\s.]+", "", nfc(text)).upper()
