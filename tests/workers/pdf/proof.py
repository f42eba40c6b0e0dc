"""What other programs make of our PDFs: PDFBox Preflight, qpdf, poppler and pdfium, all in pixels of page space."""

from __future__ import annotations

import html
import io
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image

from workers.page import Box, Pixels

JARS = Path("/usr/share/java")
_CLASSPATH = ":".join(
    str(JARS / f"{name}.jar")
    for name in ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api")
)
_BRIEF = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
)  # it lives half a second: what a JVM does for a long life takes longer
_WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')


@dataclass(frozen=True)
class Found:
    text: str
    box: tuple[float, float, float, float]


def preflight(path: Path) -> str:
    """Empty when PDFBox Preflight calls the file valid PDF/A-1b, else what it said."""
    done = subprocess.run(
        ["java", *_BRIEF, "-cp", _CLASSPATH, "org.apache.pdfbox.preflight.Validator_A1b", str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    valid = "is a valid PDF/A-1b file" in done.stdout
    return "" if valid and "not" not in done.stdout.split() else (done.stdout + done.stderr)


def qpdf_check(path: Path) -> str:
    """Empty when ``qpdf --check`` finds neither errors nor warnings, and the file linearised."""
    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, timeout=120, check=False)
    linearized = "File is linearized" in done.stdout
    return "" if done.returncode == 0 and linearized else done.stdout + done.stderr


def pdftotext(path: Path, *options: str) -> str:
    done = subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def poppler_words(path: Path, page: int, dpi: float) -> list[Found]:
    markup = pdftotext(path, "-bbox", "-f", str(page), "-l", str(page))
    scale = dpi / 72
    return [
        Found(html.unescape(m[5]), (float(m[1]) * scale, float(m[2]) * scale, float(m[3]) * scale, float(m[4]) * scale))
        for m in _WORD.finditer(markup)
    ]


def pdfium_text(path: Path, page: int = 1) -> str:
    with pypdfium2.PdfDocument(path) as document:
        text: str = document[page - 1].get_textpage().get_text_range()
    return text.replace("\r\n", "\n")


def pdfium_words(path: Path, page: int, dpi: float, *, loose: bool = False) -> list[Found]:
    """Characters between spaces, with the union of their boxes."""
    words: list[Found] = []
    with pypdfium2.PdfDocument(path) as document:
        sheet = document[page - 1]
        height, scale = sheet.get_height(), dpi / 72
        text = sheet.get_textpage()
        pending: list[tuple[str, tuple[float, float, float, float]]] = []
        for index in range(text.count_chars() + 1):
            char = text.get_text_range(index, 1) if index < text.count_chars() else " "
            if char.strip():
                left, bottom, right, top = text.get_charbox(index, loose=loose)
                box = (left * scale, (height - top) * scale, right * scale, (height - bottom) * scale)
                pending.append((char, box))
            elif pending:
                boxes = [box for _, box in pending]
                whole = (
                    min(box[0] for box in boxes),
                    min(box[1] for box in boxes),
                    max(box[2] for box in boxes),
                    max(box[3] for box in boxes),
                )
                words.append(Found("".join(char for char, _ in pending), whole))
                pending = []
    return words


def render(path: Path, page: int = 1, dpi: float = 72) -> Pixels:
    """RGB, uint8 ``(H, W, 3)``, as pdfium shows it."""
    with pypdfium2.PdfDocument(path) as document:
        image = document[page - 1].render(scale=dpi / 72).to_pil().convert("RGB")
    return np.asarray(image)


def pdftoppm(path: Path, dpi: float, page: int = 1) -> Pixels:
    """RGB, uint8 ``(H, W, 3)``, as poppler shows it."""
    command = ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), str(path)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    with Image.open(io.BytesIO(done.stdout)) as image:
        return np.asarray(image.convert("RGB"))


def overlap(a: Box | tuple[float, float, float, float], b: Box | tuple[float, float, float, float]) -> float:
    """Intersection over union."""
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    if across <= 0 or down <= 0:
        return 0.0
    both = across * down
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)
