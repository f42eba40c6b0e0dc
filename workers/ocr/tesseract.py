"""Tesseract's LSTM reader behind ``OcrEngine``: in this process (tesserocr), or by the command line (pytesseract).

Both read the page as cut lines on one sheet (``lines``, ``mosaic``), page segmentation mode 6. ``invert_threshold=0`` spares
the search for light text on dark, which these pages do not hold.
"""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

# Tesseract's OpenMP threads cost more than they give, five-fold on two cores; read before the library is loaded.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

import pytesseract
import tesserocr
from PIL import Image

from models.errors import MissingProgram
from workers.ocr.engine import MIN_SIDE
from workers.ocr.lines import CutLine, cut_lines
from workers.ocr.mosaic import flow_and_cells, lay_out
from workers.ocr.normal import is_noise, normal_words, settle_lone_case
from workers.page import Line, Pixels, Word

TESSDATA = Path("/usr/share/tesseract-ocr/5/tessdata")
PSM_BLOCK, PSM_LINE = 6, 7
SECOND_LOOK = 0.7
"""A line whose words are less sure than this on average is read once more, alone; the surer reading stays."""
MAX_SECOND_LOOKS = 24
MIN_INK = 0.6
"""Letter heights of ink under which a piece that gave no words is dust, not a line."""
CLI_SECONDS = 120


def language_data(languages: str) -> Path:
    """The folder that holds the data of all ``languages`` (``vie`` or ``vie+eng``); ``MissingProgram`` when it does not."""
    for name in languages.split("+"):
        if not (TESSDATA / f"{name}.traineddata").is_file():
            raise MissingProgram(f"tesseract has no language data '{name}' in {TESSDATA}")
    return TESSDATA


class _SheetEngine(ABC):
    """What both engines share: cutting lines, laying sheets, putting the words back in order."""

    def read(self, grey: Pixels, dpi: float) -> tuple[Line, ...]:
        cut = cut_lines(grey, dpi) if min(grey.shape[:2]) >= MIN_SIDE else ()
        found: dict[int, Line] = {}
        for group in flow_and_cells(cut):
            for place, line in self._lines([cut[index] for index in group], PSM_BLOCK, dpi).items():
                found[group[place]] = line
        for index in _doubtful(cut, found):
            again = self._lines([cut[index]], PSM_LINE, dpi).get(0)
            if again is not None and (index not in found or _sureness(again) > _sureness(found[index])):
                found[index] = again
        return tuple(found[index] for index in sorted(found) if cut[index].cell or not is_noise(found[index]))

    def read_lines(self, cut: Sequence[CutLine], dpi: float) -> list[Line | None]:
        """Each line read alone; ``None`` where nothing was found."""
        return [self._lines([line], PSM_LINE, dpi).get(0) for line in cut]

    def _lines(self, cut: Sequence[CutLine], mode: int, dpi: float) -> dict[int, Line]:
        sheet = lay_out(cut)
        words = [part for word in self._read_sheet(sheet.pixels, mode, dpi) for part in normal_words(word)]
        return {
            index: settle_lone_case(line, cut[index].ink_height, cut[index].x_height)
            for index, line in sheet.gather(words).items()
        }

    @abstractmethod
    def _read_sheet(self, sheet: Pixels, mode: int, dpi: float) -> list[Word]:
        """Words with boxes on the sheet, text as the engine gave it."""


class TesserocrEngine(_SheetEngine):
    """Tesseract in this process; its model is loaded once."""

    def __init__(self, languages: str = "vie") -> None:
        folder = language_data(languages)
        self.name = f"tesserocr {tesserocr.tesseract_version().split()[1]} {languages}"
        self._api: tesserocr.PyTessBaseAPI | None = tesserocr.PyTessBaseAPI(
            path=str(folder),
            lang=languages,
            psm=PSM_BLOCK,
            oem=tesserocr.OEM.LSTM_ONLY,
            variables={"invert_threshold": "0"},
        )

    def _read_sheet(self, sheet: Pixels, mode: int, dpi: float) -> list[Word]:
        if self._api is None:
            raise RuntimeError("the engine is closed")
        height, width = sheet.shape
        self._api.SetPageSegMode(mode)
        self._api.SetImageBytes(sheet.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(round(dpi))
        self._api.Recognize()
        words: list[Word] = []
        level = tesserocr.RIL.WORD
        iterator = self._api.GetIterator()
        if iterator is not None:
            for item in tesserocr.iterate_level(iterator, level):
                box = item.BoundingBox(level)
                text = item.GetUTF8Text(level) if box and not item.Empty(level) else ""
                if text and box:
                    words.append(Word(text, box, _share(item.Confidence(level))))
        self._api.Clear()
        return words

    def close(self) -> None:
        if self._api is not None:
            self._api.End()
            self._api = None


class TesserocrDigits:
    """Tesseract that knows nothing but digits, for a number that stands alone. ``eng`` reads lone digits better than ``vie``."""

    def __init__(self) -> None:
        languages = "eng" if (TESSDATA / "eng.traineddata").is_file() else "vie"
        self._api = tesserocr.PyTessBaseAPI(
            path=str(language_data(languages)),
            lang=languages,
            oem=tesserocr.OEM.LSTM_ONLY,
            variables={
                "invert_threshold": "0",
                "tessedit_char_whitelist": "0123456789",
                "load_system_dawg": "0",
                "load_freq_dawg": "0",
                "load_punc_dawg": "0",
                "load_number_dawg": "0",
            },
        )

    def digits(self, sheet: Pixels, mode: int) -> str:
        """What stands on a small sheet, grey ``(h, w)``, in the page segmentation ``mode``; empty for nothing."""
        height, width = sheet.shape
        self._api.SetPageSegMode(mode)
        self._api.SetImageBytes(sheet.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(300)
        text = "".join(self._api.GetUTF8Text().split())
        self._api.Clear()
        return text


class PytesseractEngine(_SheetEngine):
    """Tesseract's command line, for machines where the library can't be loaded."""

    def __init__(self, languages: str = "vie") -> None:
        folder = language_data(languages)
        if shutil.which("tesseract") is None:
            raise MissingProgram("the program 'tesseract' is not on PATH")
        self.name = f"tesseract {pytesseract.get_tesseract_version()} {languages}"
        self._languages = languages
        self._options = f"--tessdata-dir {folder} --oem 1 -c invert_threshold=0"

    def _read_sheet(self, sheet: Pixels, mode: int, dpi: float) -> list[Word]:
        data = pytesseract.image_to_data(
            Image.fromarray(sheet),
            lang=self._languages,
            config=f"{self._options} --psm {mode} --dpi {round(dpi)}",
            output_type=pytesseract.Output.DICT,
            timeout=CLI_SECONDS,
        )
        columns = zip(data["text"], data["left"], data["top"], data["width"], data["height"], data["conf"], strict=True)
        return [
            Word(text, (x, y, x + w, y + h), _share(float(confidence)))
            for text, x, y, w, h, confidence in columns
            if float(confidence) >= 0 and text.strip()
        ]

    def close(self) -> None:
        """Nothing is kept between calls."""


def _doubtful(cut: Sequence[CutLine], found: dict[int, Line]) -> list[int]:
    """Lines that the sheet gave no words for, or unsure ones: short lines among others are sometimes dropped or misjudged."""
    doubtful = [
        index
        for index, line in enumerate(cut)
        if line.ink_height >= MIN_INK * line.x_height and (index not in found or _sureness(found[index]) < SECOND_LOOK)
    ]
    return sorted(doubtful, key=lambda index: index in found)[:MAX_SECOND_LOOKS]


def _sureness(line: Line) -> float:
    return sum(word.confidence for word in line.words) / len(line.words)


def _share(percent: float) -> float:
    return min(1.0, max(0.0, percent / 100))
