"""The papers that the weights are tuned on and tried on: drawn ones of every kind there is, and pages that are no paper of the catalog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from sample_scans.generator import KINDS, write_paper
from sample_scans.papers import type_of
from sample_scans.wear import subseed
from training.kinds.readings import STRENGTHS, Slips, read_draft
from workers.page import Line, PageOutcome, Word

DPI = 100.0  # of the sheets: nothing is drawn to be looked at


@dataclass(frozen=True, slots=True)
class Example:
    """``paper_type``: the right one, ``None`` for none. ``group``: what must not be in both halves of a split: its kind and seed."""

    paper_type: str | None
    kind: str
    strength: float
    pages: tuple[PageOutcome, ...]
    group: str


def drawn(kinds: Sequence[str], seeds: Sequence[int]) -> Iterator[Example]:
    """Each kind with each seed, read at every strength."""
    for kind in kinds:
        for seed in seeds:
            draft = write_paper(kind, seed, dpi=DPI)
            for strength in STRENGTHS:
                rng = Random(subseed(seed, kind, "slips", strength))
                pages = read_draft(draft, Slips(strength), rng)
                yield Example(type_of(kind), kind, strength, pages, f"{kind}/{seed}")


def strangers(seeds: Sequence[int]) -> Iterator[Example]:
    """Pages that are no paper: later pages of papers by themselves, scraps of handwriting, slides, lists of words."""
    for seed in seeds:
        rng = Random(subseed(seed, "strangers"))
        for kind in ("bao_cao", "ke_hoach", "quyet_dinh", "quy_che", "de_an", "phuong_an"):
            if kind not in KINDS:
                continue
            draft = write_paper(kind, seed, dpi=DPI)
            pages = read_draft(draft, Slips(rng.choice(STRENGTHS)), rng)
            if len(pages) > 1:
                yield Example(None, "later page", 0.0, pages[1:], f"later/{kind}/{seed}")
        for name, writer in (("scrap", _scrap), ("slide", _slide), ("prose", _prose)):
            yield Example(None, name, 0.0, (writer(rng),), f"{name}/{seed}")


_WORDS = (
    "anh em nhà cửa đồng ruộng cây lúa con trâu bờ ao trăng sáng mùa xuân năm nay học sinh lớp bài toán giải phương trình công ty sản phẩm "
    "khách hàng doanh thu giá bán giảm mua ngay hôm nay gọi điện thoại quyết định thông báo đơn giản kế hoạch dự án hợp đồng giấy mời"
)  # words of titles among them, as they stand in running text
_SYLLABLES = tuple(_WORDS.split())


def annexes_of_forms(seeds: Sequence[int]) -> Iterator[Example]:
    """An annex that begins with a form: its title stands above the form's, on one page."""
    for seed in seeds:
        rng = Random(subseed(seed, "annex of forms"))
        slips = Slips(rng.choice(STRENGTHS))
        annex = read_draft(write_paper("phu_luc", seed, dpi=DPI), slips, rng)[0]
        form = read_draft(write_paper(rng.choice(("to_khai", "don")), seed, dpi=DPI), slips, rng)[0]
        head = [line for line in annex.lines if line.box[3] < 0.25 * annex.height]
        shift = round(0.2 * form.height)
        moved = [_moved(line, shift) for line in form.lines if line.box[3] + shift < form.height]
        kept = [line for line in moved if line.box[1] > shift + 0.1 * form.height]  # blank forms come without quốc hiệu
        yield Example("phu_luc", "annex of forms", 0.0, (replace(form, lines=(*head, *kept)),), f"forms/{seed}")


def _moved(line: Line, down: int) -> Line:
    words = tuple(
        replace(word, box=(word.box[0], word.box[1] + down, word.box[2], word.box[3] + down)) for word in line.words
    )
    return replace(line, words=words)


def _scrap(rng: Random) -> PageOutcome:
    """What is left of a handwritten page: bits, most of them no words."""
    letters = "abcdeghiklmnoprstuvxyàáạảơưêô  "
    bits = ["".join(rng.choice(letters) for _ in range(rng.randint(1, 14))) for _ in range(rng.randint(0, 25))]
    return _page(bits, rng)


def _slide(rng: Random) -> PageOutcome:
    """A slide or a poster: capitals in the middle that are no title of ours, and lists."""
    title = " ".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(2, 7))).upper()
    items = [
        f"{place}. {' '.join(rng.choice(_SYLLABLES) for _ in range(rng.randint(1, 6)))}"
        for place in range(1, rng.randint(3, 14))
    ]
    return _page([title, *items], rng)


def _prose(rng: Random) -> PageOutcome:
    """A page of a book."""
    return _page([" ".join(rng.choice(_SYLLABLES) for _ in range(13)) for _ in range(rng.randint(8, 35))], rng)


def _page(texts: Sequence[str], rng: Random) -> PageOutcome:
    lines, top = [], rng.randint(40, 120)
    for text in texts:
        words, left = [], 80 if len(text) > 40 or text[:1].isdigit() else max(60, 413 - 5 * len(text))
        for word in text.split():
            words.append(Word(word, (left, top, left + 9 * len(word), top + 18), 0.8))
            left += 9 * len(word) + 5
        if words:
            lines.append(Line(tuple(words)))
        top += rng.randint(24, 40)
    return PageOutcome(1, 827, 1169, 100.0, lines=tuple(lines))
