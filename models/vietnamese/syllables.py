"""The build of a Vietnamese syllable, and how Vietnamese a text is.

A syllable is written onset + rhyme + tone (âm đầu, vần, thanh). Onsets and rhymes are closed sets; spelling ties some
onsets to some vowels (c/k/qu, g/gh, ng/ngh), and a rhyme that ends in a stop (c, ch, p, t) takes only sắc or nặng
(Đoàn Thiện Thuật, *Ngữ âm tiếng Việt*; the spelling is that of the 1984 rules, QĐ 240/QĐ). No word list is used: what
matters for "is this text layer rubbish?" is that broken OCR breaks the build (``diém``, ``viéc``, ``quyét``, ``B$``).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

TONES = "\u0300\u0301\u0309\u0303\u0323"  # huyền, sắc, hỏi, ngã, nặng, as combining marks
STOP_TONES = "\u0301\u0323"  # all a stop coda allows

ONSETS = (
    # longest first, so that "ngh" is tried before "ng" and "n"
    *("ngh", "ng", "gh", "gi", "qu", "ch", "kh", "nh", "ph", "th", "tr"),
    *("b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", ""),
)

_RHYMES = """
    a ac ach ai am an ang anh ao ap at au ay   ăc ăk ăm ăn ăng ăp ăt   âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et   ê êch êm ên ênh êp êt êu   i ich im in inh ip it iu   ia iêc iêm iên iêng iêp iêt iêu
    o oc oi om on ong op ot oong ooc   ô ôc ôi ôm ôn ông ôp ôt   ơ ơi ơm ơn ơp ơt
    u uc ui um un ung up ut   ư ưc ưi ưm ưn ưng ưt ưu   ua uôc uôi uôm uôn uông uôt   ưa ươc ươi ươm ươn ương ươp ươt ươu
    y yêm yên yêng yêt yêu
    oa oac oach oai oam oan oang oanh oao oap oat oay   oăc oăm oăn oăng oăt   oe oen oeo oet
    uân uâng uât uây   uê uêch uên uênh uêt   uơ   uy uya uych uyn uynh uyt uyp uyu uyên uyêt
"""
RHYMES = frozenset(_RHYMES.split())

# After "qu" the u is spelled in the onset: quy, quyết, quỳnh, quốc, quở. No rhyme that begins with u or o but these.
_QU = """
    a ac ach ai am an ang anh ao ap at au ay   ăc ăm ăn ăng ăp ăt   ân âng ât âu ây   e en eng eo ep et
    ê êch ên ênh êt êu   i in it   ơ ơn   ôc   y ych yên yêt yn ynh yt yu
"""
_QU_RHYMES = frozenset(_QU.split())
# After "gi" the i is spelled once: gì, gìn (g + in), giêng, giết, giếc.
_GI_EXTRA = frozenset({"", "êc", "êng", "êt"})
_FRONT = "eêiy"  # the vowels before which k, gh and ngh stand for c, g and ng


@dataclass(frozen=True, slots=True)
class Syllable:
    """``tone``: a combining mark of ``TONES``, or empty (ngang); ``tone_at``: the letter that carries it, -1 without."""

    onset: str
    rhyme: str
    tone: str
    tone_at: int


@lru_cache(maxsize=65536)
def parse(word: str) -> Syllable | None:
    """The parts of one written syllable (any case, NFC or NFD), wherever its tone mark stands; ``None`` if it is none."""
    bare, tone, tone_at = split_tone(word.lower())
    if tone_at == -2 or not 1 <= len(bare) <= 7:
        return None
    for onset in ONSETS:
        rhyme = bare[len(onset) :]
        if bare.startswith(onset) and _joins(onset, rhyme) and tone_at < len(bare):
            if rhyme.endswith(("c", "ch", "p", "t", "k")) and tone not in {*STOP_TONES}:
                return None
            return Syllable(onset, rhyme, tone, tone_at)
    return None


def split_tone(word: str) -> tuple[str, str, int]:
    """Letters without the tone (hats and đ kept), the tone mark, and the index of the letter it was on.

    The index is -1 when there is no tone, and -2 when there are two.
    """
    letters: list[str] = []
    tone, tone_at = "", -1
    for mark in unicodedata.normalize("NFD", word):
        if mark in TONES:
            tone_at = -2 if tone else len(letters) - 1
            tone = mark
            if tone_at < 0:
                return word, tone, -2
        elif unicodedata.combining(mark) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + mark)
        else:
            letters.append(mark)
    return "".join(letters), tone, tone_at


def _joins(onset: str, rhyme: str) -> bool:
    """Whether the spelling rules let this rhyme follow this onset."""
    if onset == "qu":
        return rhyme in _QU_RHYMES
    if onset == "gi":
        return rhyme in _GI_EXTRA or (rhyme in RHYMES and rhyme[0] not in "iy")
    if rhyme not in RHYMES:
        return False
    if (
        rhyme.startswith("yê") or rhyme == "y"
    ):  # yêu, yên stand alone; y follows h k l m s t v (hy, kỷ, lý, mỹ, sỹ, tỷ, vỹ)
        return onset == "" or (rhyme == "y" and onset in {"h", "k", "l", "m", "qu", "s", "t", "v"})
    if onset == "" and rhyme.startswith("iê"):
        return False
    return _front_or_back(onset, front=rhyme[0] in _FRONT, rhyme=rhyme)


def _front_or_back(onset: str, *, front: bool, rhyme: str) -> bool:
    if onset in {"k", "gh", "ngh"}:
        return front or (onset == "k" and rhyme in {"a", "an", "on", "um"})  # Bắc Kạn, Kon Tum: names of places
    if onset == "g":
        return not front or rhyme in {"i", "in"}
    return not (onset in {"c", "ng"} and front)


def tone_position(onset: str, rhyme: str) -> int:
    """Index in ``onset + rhyme`` of the letter that carries the tone in the old style (``hòa``, ``thúy``, ``khỏe``).

    On the (last) letter with a hat or horn; else on the only vowel; else, of two vowels, the second before a consonant and
    the first at the end; of three, the middle one.
    """
    if not rhyme:  # gì
        return len(onset) - 1
    hatted = [index for index, letter in enumerate(rhyme) if letter in "ăâêôơư"]
    if hatted:
        return len(onset) + hatted[-1]
    vowels = len(rhyme) - len(rhyme.lstrip("aeiouy"))
    if vowels == 1 or (vowels == 2 and len(rhyme) == 2):
        return len(onset)
    return len(onset) + 1


def is_syllable(word: str) -> bool:
    """Whether the word can be a Vietnamese syllable: build, spelling, tone on its right letter (old or new style)."""
    found = parse(word)
    if found is None:
        return False
    if not found.tone:
        return True
    right = tone_position(found.onset, found.rhyme)
    return found.tone_at == right or (found.rhyme in {"oa", "oe", "uy"} and found.tone_at == right + 1)


def is_marked(word: str) -> bool:
    """Whether it carries a tone, a hat, a horn or is spelled with đ: what careless OCR loses first."""
    return any(letter in "đĐ" or unicodedata.combining(letter) for letter in unicodedata.normalize("NFD", word))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a text by kind.

    ``marked``: syllables with marks. ``plain``: syllables without (also found in rubbish, and in English). ``broken``: words
    of letters that are no syllable, or letters mixed with signs and digits in a way codes are not. ``neutral``: numbers,
    codes, abbreviations, addresses; they say nothing.
    """

    marked: int
    plain: int
    broken: int
    neutral: int

    @property
    def words(self) -> int:
        """How many words say something."""
        return self.marked + self.plain + self.broken

    @property
    def score(self) -> float:
        """See :func:`score`."""
        healthy = MARKED_SHARE * (self.words + PRIOR_WORDS)
        marks = min(1.0, (self.marked + MARKED_SHARE * PRIOR_WORDS) / healthy)
        whole = 1.0 - self.broken / (self.words + PRIOR_WORDS)
        return marks * whole


MARKED_SHARE = 0.65  # of the words of healthy official Vietnamese at least carry a mark
PRIOR_WORDS = 4  # a text of two words proves little: as if four healthy words stood before it

_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
_ADDRESS = re.compile(r"@|://|^www\.|\.(vn|com|org|net|html?)\b", re.IGNORECASE)
_JOINED = re.compile(r"[-–—/.,;:+&()\[\]“”\"'’…_|]+")


def weigh(text: str) -> Evidence:
    """Sort the words of a text (any normal form) into the kinds of :class:`Evidence`."""
    counts = {"marked": 0, "plain": 0, "broken": 0, "neutral": 0}
    for token in unicodedata.normalize("NFC", text).split():
        word = _EDGES.sub("", token)
        if _ADDRESS.search(word):
            counts["neutral"] += 1
            continue
        for part in _JOINED.split(word):
            if part:
                kind = _kind(part)
                # No syllable is longer than seven letters (nghiêng): a layer that lost its spaces weighs as its words would.
                counts[kind] += max(1, len(part) // 7) if kind == "broken" else 1
    return Evidence(**counts)


def _kind(word: str) -> str:
    if word.isalpha():
        if _one_case(word) and is_syllable(word):
            return "marked" if is_marked(word) else "plain"
        if (word.isupper() and len(word) <= 8) or len(word) == 1:  # UBND, TTHC, DVCTT; a), b), X
            return "neutral"
        return "broken"
    letters = [letter for letter in word if letter.isalpha()]
    if all(letter.isalnum() for letter in word):
        # H56, 2a, V1V2, QĐ20: codes; s6, X4ay, cta1: digits where letters should be
        code = (len(letters) == 1 and word[0].isdigit()) or all(map(str.isupper, letters))
        return "neutral" if code else "broken"
    return "broken" if letters else "neutral"


def _one_case(word: str) -> bool:
    """``Thủ``, ``THỦ``, ``thủ``; not ``cOng``."""
    return word[1:].islower() or word.isupper() or len(word) == 1


def score(text: str) -> float:
    """How Vietnamese a text is, 0..1: does it keep its marks, and are its words built like syllables?

    Product of two shares: syllables with marks against what healthy text has (capped at 1), and words that are not broken.
    Text without words that say anything (a table of numbers) is given the benefit of the doubt: 1.
    """
    return weigh(text).score
