"""Good pages spoilt on purpose, each as a counter's scanner or phone may spoil it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import DecodedPage, Pixels
from workers.steps.inspect import Warn

SKINS = ((224, 172, 140), (198, 134, 96), (141, 85, 56))
"""Light, middle, dark."""

Damage = Callable[[DecodedPage, np.random.Generator], DecodedPage]


def _mm(page: DecodedPage, mm: float) -> float:
    return mm * page.dpi / 25.4


def _with(page: DecodedPage, pixels: NDArray[np.generic] | Pixels) -> DecodedPage:
    return replace(page, pixels=np.ascontiguousarray(np.clip(pixels, 0, 255).astype(np.uint8)))


def _mixed(page: DecodedPage, other: Pixels, share: NDArray[np.float32]) -> DecodedPage:
    """``other`` where ``share`` is 1."""
    if page.pixels.ndim == 3:
        share = share[..., None]
    return _with(page, page.pixels * (1 - share) + other * share)


def _quarter(page: DecodedPage, bits: np.random.Generator) -> NDArray[np.float32]:
    """1 in one quarter of the page that bears print, going over within 8 mm."""
    height, width = page.pixels.shape[:2]
    share = np.zeros((height, width), np.float32)
    dark = (page.pixels if page.pixels.ndim == 2 else page.pixels[..., 1]) < 128
    quarters = [(y, x) for y in (0, height // 2) for x in (0, width // 2)]
    with_print = [(y, x) for y, x in quarters if dark[y : y + height // 2, x : x + width // 2].mean() > 0.01]
    top, left = (with_print or quarters)[int(bits.integers(len(with_print or quarters)))]
    share[top : top + height // 2, left : left + width // 2] = 1
    return np.asarray(cv2.blur(share, (round(_mm(page, 8)),) * 2), np.float32)


def blurred(sigma_mm: float) -> Damage:
    def damage(page: DecodedPage, bits: np.random.Generator) -> DecodedPage:
        soft = np.asarray(cv2.GaussianBlur(page.pixels, (0, 0), _mm(page, sigma_mm)), np.uint8)
        return _mixed(page, soft, _quarter(page, bits))

    return damage


def moved(mm: float) -> Damage:
    """A band across the page, smeared along or across the feed."""

    def damage(page: DecodedPage, bits: np.random.Generator) -> DecodedPage:
        length = max(2, round(_mm(page, mm)))
        kernel = np.full((1, length) if bits.integers(2) else (length, 1), 1 / length, np.float32)
        smeared = np.asarray(cv2.filter2D(page.pixels, -1, kernel), np.uint8)
        height, width = page.pixels.shape[:2]
        share = np.zeros((height, width), np.float32)
        top = int(bits.uniform(0.1, 0.6) * height)
        share[top : top + round(0.3 * height)] = 1
        return _mixed(page, smeared, np.asarray(cv2.blur(share, (1, round(_mm(page, 4)))), np.float32))

    return damage


def _corner(page: DecodedPage, bits: np.random.Generator, legs_mm: tuple[float, float]) -> NDArray[np.float32]:
    """Signed distance in px from the slanting edge: positive beyond it, where the corner was."""
    height, width = page.pixels.shape[:2]
    a, b = (_mm(page, bits.uniform(*legs_mm)) for _ in range(2))
    x, y = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
    right, low = bits.integers(0, 2, 2)
    x, y = (width - 1 - x if right else x), (height - 1 - y if low else y)
    return np.asarray((1 - x / a - y / b) * a * b / np.hypot(a, b), np.float32)


def missing_corner(lid: int) -> Damage:
    """The lid shows, of grey level ``lid``; the sheet's edge throws a thin shadow on it."""

    def damage(page: DecodedPage, bits: np.random.Generator) -> DecodedPage:
        beyond = _corner(page, bits, (15, 40))
        shade = np.clip(1 - beyond / _mm(page, 0.7), 0, 1) * 45 * (beyond > 0) if lid > 128 else 0.0
        other = np.asarray(lid - shade, np.float32) * np.ones(page.pixels.shape[:2], np.float32)
        other = other if page.pixels.ndim == 2 else np.dstack([other] * 3)
        return _mixed(page, np.asarray(other, np.uint8), np.clip(beyond + 0.5, 0, 1))

    return damage


def dog_ear(page: DecodedPage, bits: np.random.Generator) -> DecodedPage:
    """The corner folded over the front: its blank back hides what was there, with a shadow along its edge on the page."""
    beyond = _corner(page, bits, (15, 40))
    a = page.pixels.astype(np.float32)
    inside = -beyond
    flap = (beyond > -_mm(page, 14)) & (beyond <= 0)
    gone = beyond > 0
    paper = np.median(a.reshape(-1, *a.shape[2:]), axis=0)
    a[flap] = paper * 0.97
    edge = np.exp(-(((inside - _mm(page, 14)) / _mm(page, 0.8)) ** 2)) * 60 * (inside > _mm(page, 14))
    fold = np.exp(-((beyond / _mm(page, 0.4)) ** 2)) * 40
    a[gone] = 255
    a -= (edge + fold)[..., None] if a.ndim == 3 else edge + fold
    return _with(page, a)


def finger(page: DecodedPage, bits: np.random.Generator) -> DecodedPage:
    """A thumb from one of the sides, lighter along its middle, with a soft edge and a soft shadow."""
    height, width = page.pixels.shape[:2]
    side = int(bits.integers(4))
    along, deep = (width, height) if side in {0, 2} else (height, width)
    half, reach = _mm(page, bits.uniform(7, 11)), _mm(page, bits.uniform(14, 35))
    at = bits.uniform(0.2, 0.8) * along
    u, v = np.arange(along, dtype=np.float32)[None, :] - at, np.arange(deep, dtype=np.float32)[:, None]
    tip = reach - half
    distance = np.where(v < tip, np.abs(u), np.hypot(u, v - tip)) - half
    distance = np.rot90(np.broadcast_to(distance, (deep, along)), side)
    skin = np.array(SKINS[int(bits.integers(3))], np.float32)
    round_ = 0.72 + 0.28 * np.clip(-distance / half, 0, 1)
    other = skin * round_[..., None]
    pixels = page.pixels if page.pixels.ndim == 3 else np.dstack([page.pixels] * 3)
    shadow = 1 - 0.35 * np.exp(-np.clip(distance, 0, None) / _mm(page, 2.5))
    share = np.clip(0.5 - distance / _mm(page, 0.6), 0, 1)[..., None]
    return _with(page, pixels * shadow[..., None] * (1 - share) + other * share)


def phone_shadow(page: DecodedPage, bits: np.random.Generator) -> DecodedPage:
    """Of a phone and a hand under a lamp: soft, over a third of the page or so."""
    height, width = page.pixels.shape[:2]
    share = np.zeros((height // 8, width // 8), np.float32)
    h, w = share.shape
    x0, y0 = int(bits.uniform(-0.1, 0.5) * w), int(bits.uniform(0.2, 0.6) * h)
    cv2.rectangle(share, (x0, y0), (x0 + int(0.55 * w), y0 + int(0.6 * h)), 1.0, -1)
    share = cv2.GaussianBlur(share, (0, 0), _mm(page, 9) / 8)
    light = 1 - bits.uniform(0.4, 0.6) * cv2.resize(share, (width, height))
    return _with(page, page.pixels * (light[..., None] if page.pixels.ndim == 3 else light))


def spine(page: DecodedPage, bits: np.random.Generator) -> DecodedPage:
    """The gutter of a bound volume: ever darker towards one long side."""
    width = page.pixels.shape[1]
    x = np.arange(width, dtype=np.float32)
    x = x if bits.integers(2) else width - 1 - x
    light = 1 - bits.uniform(0.6, 0.8) * np.exp(-x / _mm(page, bits.uniform(9, 15)))
    return _with(page, page.pixels * (light[None, :, None] if page.pixels.ndim == 3 else light[None, :]))


def cropped(page: DecodedPage, bits: np.random.Generator) -> DecodedPage:
    """An eighth to a third of the height is not there."""
    height = page.pixels.shape[0]
    return _with(page, page.pixels[: int(height * bits.uniform(0.66, 0.87))])


def scaled(page: DecodedPage, bits: np.random.Generator) -> DecodedPage:
    factor = bits.uniform(1.07, 1.3) ** (1 if bits.integers(2) else -1)
    return _with(page, np.asarray(cv2.resize(page.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)))


def leaning(page: DecodedPage, bits: np.random.Generator) -> DecodedPage:
    """By 4 to 15 degrees, the size of the picture kept."""
    height, width = page.pixels.shape[:2]
    angle = bits.uniform(4, 15) * (1 if bits.integers(2) else -1)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(page.pixels, matrix, (width, height), borderValue=(255, 255, 255))
    return _with(page, np.asarray(turned))


def cut_side(page: DecodedPage, bits: np.random.Generator) -> DecodedPage:
    """Laid on the glass too far to one side: 40 to 50 mm are lost, the picture's size kept."""
    off = round(_mm(page, bits.uniform(40, 50)))
    lost = page.pixels[:, off:]
    blank = np.full((page.pixels.shape[0], off, *page.pixels.shape[2:]), 255, np.uint8)
    return _with(page, np.hstack([lost, blank]))


DAMAGES: dict[str, tuple[Warn, Damage]] = {
    "a quarter out of focus, 0.2 mm": (Warn.BLURRED, blurred(0.2)),
    "a quarter out of focus, 0.35 mm": (Warn.BLURRED, blurred(0.35)),
    "a quarter out of focus, 0.8 mm": (Warn.BLURRED, blurred(0.8)),
    "a band smeared by 0.8 mm": (Warn.BLURRED, moved(0.8)),
    "a band smeared by 1.5 mm": (Warn.BLURRED, moved(1.5)),
    "a corner missing, dark lid": (Warn.CUT_CORNER, missing_corner(45)),
    "a corner missing, light grey lid": (Warn.CUT_CORNER, missing_corner(225)),
    "a corner missing, white lid": (Warn.CUT_CORNER, missing_corner(255)),
    "a corner folded over": (Warn.CUT_CORNER, dog_ear),
    "a finger": (Warn.FINGER, finger),
    "a phone's shadow": (Warn.SHADOW, phone_shadow),
    "a volume's spine": (Warn.SHADOW, spine),
    "cropped below": (Warn.ODD_SIZE, cropped),
    "drawn larger or smaller": (Warn.ODD_SIZE, scaled),
    "leaning by 4 to 15 degrees": (Warn.SKEWED, leaning),
    "shifted over the glass's edge": (Warn.CUT_EDGES, cut_side),
}
