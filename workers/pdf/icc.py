"""ICC profiles, written out here so that they are version 2 (PDF/A-1 allows no newer) and the same bytes every time.

Sources: ICC.1:1998-09 for the layout; IEC 61966-2-1 for sRGB's curve, its primaries adapted to D50 as the ICC publishes them.
"""

from __future__ import annotations

import struct
from functools import cache

import numpy as np
from numpy.typing import NDArray

_D50 = (0.9642, 1.0, 0.8249)
_RED, _GREEN, _BLUE = (0.4360, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)
_CURVE_POINTS = 33  # straight lines between them are off by 0.4 of 255 levels, 0.15 of lightness
_GRID = 9  # nodes a channel of the CMYK table: 6561 colours, under 1 delta-E off between them
_NOTICE = "No copyright"


@cache
def srgb_profile() -> bytes:
    """A matrix profile of sRGB (device class ``mntr``), for the output intent."""
    encoded = np.linspace(0.0, 1.0, _CURVE_POINTS)
    samples = np.rint(_linear(encoded) * 65535).astype(">u2").tobytes()
    curve = b"curv" + bytes(4) + struct.pack(">I", _CURVE_POINTS) + samples
    tags = [(b"desc", _description("sRGB IEC61966-2.1")), (b"cprt", _text(_NOTICE)), (b"wtpt", _xyz(_D50))]
    tags += [(b"rXYZ", _xyz(_RED)), (b"gXYZ", _xyz(_GREEN)), (b"bXYZ", _xyz(_BLUE))]
    tags += [(b"rTRC", curve), (b"gTRC", curve), (b"bTRC", curve)]
    return _profile(b"mntr", b"RGB ", b"XYZ ", tags)


@cache
def cmyk_profile() -> bytes:
    """CMYK as viewers show it without a profile (``R = (1-C)(1-K)`` …, sRGB), as a ``scnr`` profile with one table.

    A CMYK JPEG without a profile of its own has no colour that PDF/A could call device-independent; this one keeps the look it
    has on a screen.
    """
    axis = np.linspace(0.0, 1.0, _GRID)
    c, m, y, k = np.meshgrid(axis, axis, axis, axis, indexing="ij")
    rgb = np.stack([(1 - c) * (1 - k), (1 - m) * (1 - k), (1 - y) * (1 - k)], axis=-1).reshape(-1, 3)
    xyz = _linear(rgb) @ np.array([_RED, _GREEN, _BLUE])
    table = np.rint(_lab16(xyz / np.array(_D50))).astype(">u2").tobytes()
    ramp = struct.pack(">2H", 0, 65535)
    identity = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    lut = (
        b"mft2" + bytes(4) + bytes([4, 3, _GRID, 0]) + identity + struct.pack(">2H", 2, 2) + ramp * 4 + table + ramp * 3
    )
    tags = [
        (b"desc", _description("CMYK as shown on sRGB")),
        (b"cprt", _text(_NOTICE)),
        (b"wtpt", _xyz(_D50)),
        (b"A2B0", lut),
    ]
    return _profile(b"scnr", b"CMYK", b"Lab ", tags)


def _linear(encoded: NDArray[np.float64]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return result


def _lab16(relative: NDArray[np.float64]) -> NDArray[np.float64]:
    """XYZ relative to white -> the legacy 16-bit Lab of ``mft2`` (L 100 = 65280, a and b 0 = 32768)."""
    f = np.where(relative > 0.008856, np.cbrt(relative), 7.787 * relative + 16 / 116)
    lightness, a, b = 116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])
    coded = np.stack([lightness * 652.8, (a + 128) * 256, (b + 128) * 256], axis=-1)
    result: NDArray[np.float64] = np.clip(coded, 0, 65535)
    return result


def _xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(v * 65536) for v in value))


def _text(text: str) -> bytes:
    return b"text" + bytes(4) + text.encode("ascii") + b"\0"


def _description(text: str) -> bytes:
    """A version 2 ``desc``: ASCII, then empty Unicode and Macintosh names."""
    ascii_name = text.encode("ascii") + b"\0"
    return b"desc" + bytes(4) + struct.pack(">I", len(ascii_name)) + ascii_name + bytes(4 + 4 + 2 + 1 + 67)


def _profile(device_class: bytes, space: bytes, pcs: bytes, tags: list[tuple[bytes, bytes]]) -> bytes:
    offset = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    placed: dict[bytes, int] = {}
    for name, content in tags:
        if content not in placed:
            placed[content] = offset + len(body)
            body += content + bytes(-len(content) % 4)
        table += name + struct.pack(">2I", placed[content], len(content))
    header = struct.pack(">I4sI4s4s4s", offset + len(body), bytes(4), 0x02100000, device_class, space, pcs)
    header += struct.pack(">6H", 2000, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + _xyz(_D50)[8:] + bytes(48)
    return header + table + body
