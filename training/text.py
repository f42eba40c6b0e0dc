"""What the drawn lines say: windows of real administrative text, and the things such text has too little of.

A net that reads a line sees a few letters on each side, so it learns which letters follow which. Numbers, codes, names and
tones that no neighbour predicts are mixed in on purpose: there only the ink may decide.
"""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from models.vietnamese.syllables import ONSETS, RHYMES, parse
from training.vocabulary import ACTS, DOMAINS, ENGLISH, GIVEN, ISSUERS, MIDDLE, ROMAN, SURNAMES, UNITS
from workers.ocr.reader.symbols import SYMBOLS, readable

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
BASES = {"a": "aăâ", "e": "eê", "i": "i", "o": "oôơ", "u": "uư", "y": "y"}
LEADER = re.compile(r"([._…*=])\1{2,}")

CONFUSED = (
    "ổỗốồộô",
    "ửữứừựư",
    "ủũúùụu",
    "ểễếềệê",
    "ẩẫấầậâ",
    "ẳẵắằặă",
    "ởỡớờợơ",
    "ảãáàạa",
    "ỉĩíìịi",
    "ỏõóòọo",
    "ẻẽéèẹe",
    "ỷỹýỳỵy",
    "dđ",
    "nu",
    "ceo",
)
"""Letters that differ by the smallest marks: swapped within a word now and then, so that the label follows the ink alone."""


@dataclass(frozen=True, slots=True)
class Sources:
    """``lines``: real text, one printed line or paragraph each; ``wards``: names of communes and provinces."""

    lines: tuple[str, ...]
    wards: tuple[str, ...]


def load(paths: list[Path]) -> Sources:
    """Text files as sources; lines of ``…`` and form leaders are shortened. ``OSError`` when one is missing."""
    import vietnam_provinces  # noqa: PLC0415 - of the training group

    lines: dict[str, None] = {}
    for path in paths:
        for raw in path.read_text(encoding="utf-8").splitlines():
            line = readable(LEADER.sub("…", raw))
            if len(line) >= 3:
                lines[line] = None
    wards = [ward.name for ward in vietnam_provinces.Ward.iter_all()] + [
        p.name for p in vietnam_provinces.Province.iter_all()
    ]
    return Sources(tuple(lines), tuple(dict.fromkeys(readable(name) for name in wards)))


@lru_cache(maxsize=1)
def syllables() -> tuple[str, ...]:
    """Every writable syllable without tone, by the tables of Vietnamese spelling."""
    made = (onset + rhyme for onset in ONSETS for rhyme in sorted(RHYMES))
    return tuple(s for s in made if parse(s) is not None or parse(s + "\u0301") is not None)


def toned(bare: str, rng: random.Random) -> str:
    """A syllable with a tone on one of its vowels (which vowel is right is spelling; both placements are met in print)."""
    at = [i for i, c in enumerate(bare) if unicodedata.normalize("NFD", c)[0] in "aeiouy"]
    if not at:
        return bare
    place = rng.choice(at[-2:])
    return unicodedata.normalize("NFC", bare[: place + 1] + rng.choice(TONES) + bare[place + 1 :])


class Text:
    """Lines of text without end. ``seed`` makes them repeatable."""

    def __init__(self, sources: Sources, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.sources = sources
        self.words = [word for line in sources.lines for word in line.split()]
        self.rare = sorted(set(self.words))

    def line(self, low: int, high: int) -> str:
        """Between about ``low`` and ``high`` symbols, all nameable; never empty."""
        rng = self.rng
        size = rng.randint(low, high)
        kind = rng.random()
        if kind < 0.46:
            words = self._window(size)
        elif kind < 0.60:
            words = [rng.choice(self.rare) for _ in range(size // 4 + 1)]
        elif kind < 0.70:
            words = [toned(rng.choice(syllables()), rng) for _ in range(size // 4 + 1)]
        elif kind < 0.78:
            words = self._name().split() + [rng.choice(self.words) for _ in range(size // 6)]
        elif kind < 0.82:
            words = [
                rng.choice(ENGLISH) if rng.random() < 0.5 else rng.choice(self.words) for _ in range(size // 5 + 1)
            ]
        else:
            words = [self.number() if rng.random() < 0.55 else rng.choice(self.words) for _ in range(size // 4 + 1)]
        text = " ".join(self._cut([self._altered(word) for word in words], size))
        style = rng.random()
        if style < 0.2:
            text = text.upper()
        elif style < 0.24:
            text = text.title()
        if rng.random() < 0.012:  # a footnote
            text = f"{rng.choice('¹²³')}{rng.choice(('', ' '))}{text}"
        if rng.random() < 0.03:  # word processors break a line behind a document number's hyphen
            text = f"{text} {self._document().partition('-')[0]}-"
        return readable(text)[: high + 12].strip() or self.number()

    def _window(self, size: int) -> list[str]:
        rng, words = self.rng, list[str]()
        while sum(map(len, words)) + len(words) < size:
            words += rng.choice(self.sources.lines).split()
        start = 0 if rng.random() < 0.3 else rng.randint(0, max(0, len(words) - 2))
        words = words[start:]
        while sum(map(len, words)) + len(words) < size:
            words += rng.choice(self.sources.lines).split()
        return words

    @staticmethod
    def _cut(words: list[str], size: int) -> list[str]:
        kept: list[str] = []
        total = 0
        for word in words:
            if kept and total + len(word) > size:
                break
            kept.append(word)
            total += len(word) + 1
        return kept

    def _altered(self, word: str) -> str:
        rng = self.rng
        chance = rng.random()
        if chance < 0.06:
            return self.number()
        if chance < 0.12:
            return self.retoned(word)
        if chance < 0.17:
            return self.confused(word)
        if chance < 0.195:
            return self._signed(word)
        if chance < 0.205:
            return self._address()
        if chance < 0.212:
            return f"{word}{rng.choice('¹²³')}{rng.choice(('', '', ',', ';', '.', ')'))}"
        return word

    def _signed(self, word: str) -> str:
        marks = (
            f"“{word}”",
            f'"{word}"',
            f"({word})",
            f"{word},",
            f"{word};",
            f"{word}:",
            f"{word}.",
            f"{word}/",
            f"- {word}",
            f"+ {word}",
            "…",
            f"{word}…",
        )
        rare = (
            f"‘{word}’",
            f"{word}!",
            f"{word}?",
            f"[{word}]",
            f"• {word}",
            f"□ {word}",
            f"{word} –",
            f"{word}*",
            f"{word}%",
            f"{word}{self.rng.choice('¹²³')}",
            self.rng.choice(SYMBOLS[1:]),
        )
        return self.rng.choice(marks if self.rng.random() < 0.7 else rare)

    def retoned(self, word: str) -> str:
        """The word with other tones and vowel marks: spelling no longer tells what the ink shows."""
        rng, out = self.rng, []
        for letter in word:
            base = unicodedata.normalize("NFD", letter)[0]
            if base.lower() in BASES and rng.random() < 0.7:
                new = unicodedata.normalize("NFC", rng.choice(BASES[base.lower()]) + rng.choice(TONES))
                out.append(new.upper() if letter.isupper() else new)
            else:
                out.append(letter)
        return "".join(out)

    def confused(self, word: str) -> str:
        rng, out = self.rng, list(word)
        places = [(i, group) for i, c in enumerate(word) for group in CONFUSED if c.lower() in group]
        if places:
            at, group = rng.choice(places)
            new = rng.choice(group)
            out[at] = new.upper() if word[at].isupper() else new
        return "".join(out)

    def _name(self) -> str:
        rng = self.rng
        name = f"{rng.choice(SURNAMES)} {rng.choice(MIDDLE)} {rng.choice(GIVEN)}"
        if rng.random() < 0.3:
            name = f"{rng.choice(('Ông', 'Bà', 'Họ và tên:', 'ông', 'bà'))} {name}"
        if rng.random() < 0.25:
            name = f"{name}, {rng.choice(self.sources.wards)}"
        return name.upper() if rng.random() < 0.2 else name

    def _address(self) -> str:
        rng, kind = self.rng, self.rng.random()
        who = (
            "".join(rng.choice("abcdefghijklmnopqrstuvwxyz0123456789._") for _ in range(rng.randint(3, 10))).strip("._")
            or "vp"
        )
        if kind < 0.5:
            return f"{who}@{rng.choice(DOMAINS)}"
        return f"{rng.choice(('http://', 'https://', 'www.', ''))}{who}.{rng.choice(DOMAINS)}{rng.choice(('', '/', '/tthc', '/vbpq'))}"

    def _moment(self) -> str:
        """A time, as a digital signature's note gives it."""
        rng = self.rng
        time = f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}"
        if rng.random() < 0.7:
            time = f"{time}:{rng.randint(0, 59):02d}"
        if rng.random() < 0.6:
            time = f"{time} {rng.choice('++++-')}{rng.choice(('07', '07', '07', f'{rng.randint(0, 12):02d}'))}:00"
        day = f"{rng.randint(1, 31):02d}{{0}}{rng.randint(1, 12):02d}{{0}}{rng.randint(2015, 2029)}".format(
            rng.choice("./-")
        )
        return rng.choice((time, f"{day} {time}", f"{time} {day}"))

    def _document(self) -> str:
        rng = self.rng
        serial = rng.randint(1, rng.choice((99, 999, 9999)))
        if rng.random() < 0.25:
            return f"{serial}/{rng.choice(ISSUERS)}-{rng.choice(UNITS)}"
        of = rng.choice(("", "", f"/{rng.randint(1998, 2026)}"))
        return f"{serial}{of}/{rng.choice(ACTS)}-{rng.choice(ISSUERS)}"

    def number(self) -> str:
        """A date, document number, amount, code, share, Roman numeral or bare digits: no digit follows from another."""
        rng, kind = self.rng, self.rng.random()
        two = f"{rng.randint(0, 99):02d}"
        if kind < 0.17:
            day, month, year = (
                rng.randint(1, 31),
                rng.randint(1, 12),
                rng.choice((rng.randint(1930, 2029), rng.randint(2003, 2026))),
            )
            forms = (
                f"{day:02d}/{month:02d}/{year}",
                f"{day}/{month}/{year}",
                f"{day:02d}-{month:02d}-{year}",
                f"ngày {day} tháng {month} năm {year}",
                f"{day:02d}.{month:02d}.{year}",
            )
            return rng.choices(forms, (5, 4, 1, 2, 1))[0]
        if kind < 0.38:
            return self._document()
        if kind < 0.52:
            groups = [str(rng.randint(1, 999)), *(f"{rng.randint(0, 999):03d}" for _ in range(rng.randint(1, 3)))]
            return ".".join(groups) + rng.choice(("", " đồng", "đ", " VNĐ", ",0", " m²", " m³"))
        if kind < 0.62:
            return f"{rng.randint(0, 999)},{rng.randint(0, 99)}{rng.choice(('', '%', ' ha', ' m²', ' m³', ' km'))}"
        if kind < 0.76:
            return "".join(rng.choice("0123456789") for _ in range(rng.randint(1, 12)))
        if kind < 0.84:
            return (
                rng.choice(("", "H", "1.", "2.", "MS ", "G"))
                + ".".join(f"{rng.randint(0, 999999):0{rng.choice((2, 3, 6))}d}" for _ in range(rng.randint(1, 3)))
                + rng.choice(("", ".H" + two))
            )
        if kind < 0.865:
            return self._moment()
        if kind < 0.91:
            return rng.choice(
                (
                    f"{rng.choice(ROMAN)}.",
                    f"({rng.choice(ROMAN[:9]).lower()})",
                    rng.choice(ROMAN),
                    f"{rng.randint(1, 99)}.",
                    f"{rng.randint(1, 30)})",
                    f"({rng.randint(1, 30)})",
                    f"{rng.randint(1, 9)}.{rng.randint(1, 20)}.",
                )
            )
        return (
            "".join(rng.choice("ABCDEFGHIKLMNOPQRSTUVXYZ0123456789-/.") for _ in range(rng.randint(2, 10))).strip("./-")
            or two
        )
