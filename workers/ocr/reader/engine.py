"""Our reader behind ``OcrEngine``: cut lines -> frames -> net -> words with boxes, confidence and alternatives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from workers.ocr.engine import MIN_SIDE
from workers.ocr.lines import CutLine, cut_lines
from workers.ocr.normal import is_noise, lone_case
from workers.ocr.reader.beam import readings
from workers.ocr.reader.boxes import word_boxes
from workers.ocr.reader.confidence import Calibration, sureness, worth
from workers.ocr.reader.ctc import Claim, Span, best_path, spell, text_probabilities
from workers.ocr.reader.framing import Framed, Look, frame_line
from workers.ocr.reader.language import Pairs, load_phrases, lonely, settled
from workers.ocr.reader.net import LineNet, LogProbabilities, Net
from workers.ocr.reader.reading import Alternative, ReadLine, ReadWord
from workers.ocr.reader.weights import Weights, load_weights
from workers.page import Line, Pixels

LOOK_AGAIN = 0.88
"""A line whose letters are surer than this on average is looked at once; the others also through the band. On two real pages looking
again at surer lines cost up to twice the time and mended nothing (12 edits of 4,834 letters became 16)."""
UNSURE = 0.9
"""Raw confidence of a word under which its alternatives are searched."""
UNSURE_ALONE = 0.998
"""The same for a word that stands in no known phrase with a neighbour: on worn and coarse pages the net believes itself too much."""
MAX_SEARCHED = 120
"""Steps of a stretch whose alternatives are searched at most, for time: forty letters, or a rule taken for letters."""
ALTERNATIVES = 6
PEN = 0.5
"""What confidence is multiplied by in lines whose shapes look drawn by hand: the net has learned print, and believes what it sees."""
_LEAST = 1e-30


@dataclass(slots=True)
class _Piece:
    """One frame of a line and what the net said of it. ``probabilities``: of each of its words, over all alignments."""

    framed: Framed
    answer: LogProbabilities
    spans: tuple[Span, ...]
    probabilities: list[float] = field(default_factory=list)


class ReaderEngine:
    """``weights`` and ``phrases``: default those of the package. ``MissingProgram`` when the weights can't be used."""

    def __init__(
        self, weights: Weights | None = None, net: LineNet | None = None, phrases: Pairs | None = None
    ) -> None:
        weights = weights or load_weights()
        self.name = f"digitize-reader {weights.version} vie"
        self._calibration: Calibration = weights.calibration
        self.second_calibration: Calibration = weights.tesseract_calibration
        self._net: LineNet | None = net or Net(weights.model)
        self._phrases: Pairs = load_phrases() if phrases is None else phrases

    def read(self, grey: Pixels, dpi: float) -> tuple[Line, ...]:
        cut = cut_lines(grey, dpi) if min(grey.shape[:2]) >= MIN_SIDE else ()
        lines = [(line, read.as_line()) for line, read in zip(cut, self.read_lines(cut), strict=True)]
        return tuple(found for line, found in lines if found and (line.cell or not is_noise(found)))

    def read_lines(self, lines: Sequence[CutLine]) -> list[ReadLine]:
        """For each line what stands there; one without words when nothing does."""
        drafts = self._look(lines, Look.WHOLE)
        doubtful = [index for index, draft in enumerate(drafts) if len(draft) == 1 and self._doubtful(draft[0])]
        again = self._look([lines[index] for index in doubtful], Look.BAND)
        for index, draft in zip(doubtful, again, strict=True):
            if len(draft) == 1 and worth(self._guesses(draft[0])) > worth(self._guesses(drafts[index][0])):
                drafts[index] = draft
        return [self._read_line(line, draft) for line, draft in zip(lines, drafts, strict=True)]

    def close(self) -> None:
        self._net = None

    def _look(self, lines: Sequence[CutLine], look: Look) -> list[list[_Piece]]:
        """The pieces of each line, read."""
        if self._net is None:
            raise RuntimeError("the engine is closed")
        framed = [frame_line(line, look) for line in lines]
        flat = [frame for frames in framed for frame in frames]
        answers = self._net.read([frame.frame for frame in flat]) if flat else []
        pieces = [_Piece(frame, answer, best_path(answer)) for frame, answer in zip(flat, answers, strict=True)]
        claims = [
            Claim(index, span.start, span.end, span.classes)
            for index, piece in enumerate(pieces)
            for span in piece.spans
        ]
        for claim, probability in zip(claims, text_probabilities(answers, claims).tolist(), strict=True):
            pieces[claim.line].probabilities.append(probability)
        rest = iter(pieces)
        return [[next(rest) for _ in frames] for frames in framed]

    def _doubtful(self, piece: _Piece) -> bool:
        """Also where nothing was read: the band may show what the whole crop made too small."""
        return sureness(self._guesses(piece)) < LOOK_AGAIN

    def _guesses(self, piece: _Piece) -> list[_Guess]:
        return [
            _Guess(span.text, self._calibration(probability * span.apart))
            for span, probability in zip(piece.spans, piece.probabilities, strict=True)
        ]

    def _read_line(self, line: CutLine, pieces: Sequence[_Piece]) -> ReadLine:
        words: list[ReadWord] = []
        trust = PEN if line.handwritten else 1.0
        alone = iter(lonely([span.text for piece in pieces for span in piece.spans], self._phrases))
        for piece in pieces:
            boxes = word_boxes(line, piece.framed, piece.spans)
            for span, probability, (x0, y0, x1, y1) in zip(piece.spans, piece.probabilities, boxes, strict=True):
                least = UNSURE_ALONE if next(alone) else UNSURE
                text, chance, others = _settled(piece.answer, span, probability, least)
                words.append(ReadWord(text, x0, x1, trust * self._calibration(chance * span.apart), others, y0, y1))
        if len(words) == 1:
            words = [replace(words[0], text=lone_case(words[0].text, line.ink_height, line.x_height))]
        return ReadLine(settled(words, self._phrases), (line.baseline_at(0), line.slope))


@dataclass(frozen=True, slots=True)
class _Guess:
    text: str
    confidence: float


def _settled(
    answer: LogProbabilities, span: Span, probability: float, least: float
) -> tuple[str, float, tuple[Alternative, ...]]:
    """Text, its probability and the alternatives of a word; the best path may lose to a text that more paths spell.

    They are searched where ``probability`` is under ``least``.
    """
    best = span.text
    own = (best, math.log(max(probability, _LEAST)))
    if probability >= least or span.end - span.start > MAX_SEARCHED:
        return best, probability, (own,)
    found = dict([own])
    for classes, chance in readings(answer[span.start : span.end]):
        text = spell(classes).strip()
        if text:
            found[text] = max(chance, found.get(text, chance))
    ranked = sorted(found.items(), key=lambda item: -item[1])
    text, chance = next((item for item in ranked if " " not in item[0]), own)
    kept = (
        ranked[:ALTERNATIVES]
        if (text, chance) in ranked[:ALTERNATIVES]
        else [*ranked[: ALTERNATIVES - 1], (text, chance)]
    )
    return text, min(1.0, math.exp(chance)), tuple(kept)
