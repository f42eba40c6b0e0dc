"""The report: types and fields of the real papers, of drawn papers of every kind at five degradations, of mixed stacks, of the seeds; its cost.

``python -m benchmarks.understanding [--parts real drawn stacks seeds] [--seed N] [--each N]``. Drawn papers come from seeds that nothing was tuned
on (``SEED``). Raw numbers and the table go to ``benchmarks/results/understanding-<date>-<commit>``.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import SCANS, keep, machine
from benchmarks.understanding import seeds
from benchmarks.understanding.judge import Tally, boundary_f1, plain, same_issuer, same_number, symbol
from benchmarks.understanding.labels import Label, real
from benchmarks.understanding.reading import Read, as_pdf, read
from models.catalog import Catalog, default_catalog
from models.local_time import local_day
from sample_scans.generator import KINDS, Sample, generate_pages
from sample_scans.papers import type_of
from sample_scans.stack import stack
from workers.classify.understand import FileFacts, Paper, understand
from workers.parallel import ReaderConfig, ReaderPool
from workers.settings import WorkerSettings

SEED: Final = 7_000_000
"""First seed of the drawn papers: far from those of training and tests."""
DEGRADED: Final = ("scan", "photocopy", "yellow", "skewed", "lowres")
STACKS, STACK_PAGES = 5, 40
PARTS: Final = ("real", "drawn", "stacks", "seeds")
CERTAIN: Final = 0.8
SEED_WEARS: Final = (("scan", 200.0), ("scan", 300.0), ("photocopy", 200.0), ("yellow", 200.0))
_ASKED: Final = (
    "number",
    "issued_on",
    "issuer",
    "summary",
    "holder_name",
    "holder_id",
    "holder_birth_date",
    "signer",
    "title",
)
_BY_HAND: Final = frozenset({"number", "issued_on"})
"""Fields that are filled in by hand as often as printed: told apart, as for the real papers."""


@dataclass(slots=True)
class Figures:
    """All that is counted. ``by_kind``: papers of wrong type by kind. ``milliseconds``: of processor time a page. ``rows``: a table of its own."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    by_kind: Counter[str] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    scores: list[tuple[float, bool]] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> Tally:
        return self.tallies.setdefault(name, Tally())


def _understood(found: Read, catalog: Catalog, figures: Figures) -> tuple[Paper, ...]:
    facts = FileFacts.of(local_day(), found.signatures)
    started = time.process_time()
    papers = understand(found.pages, catalog, facts)
    figures.milliseconds.append(1000 * (time.process_time() - started) / len(found.pages))
    return papers


def _value(paper: Paper, name: str) -> str | None:
    value = (paper.fields.get(name) or {}).get("value")
    return str(value) if value else None


def _judge_real(name: str, label: Label, papers: Sequence[Paper], figures: Figures) -> None:
    paper = papers[0]
    figures["real: one file, one paper"].add(len(papers) == 1, f"{name}: {[one.pages for one in papers]}")
    kind = paper.kind.id if paper.kind.id != "khac" else None
    figures["real: type"].add(kind == label.kind, f"{name}: {kind} ({paper.kind.score:.2f}), not {label.kind}")
    figures.scores.append((paper.kind.score, kind == label.kind))
    hand = "written" if label.pen else "printed"
    if label.number:
        number = paper.fields.get("number") or {}
        value = number.get("value")
        figures[f"real: number, {hand}"].add(
            same_number(value, label.number) if value else None,
            f"{name}: {value} {number.get('reason')}, not {label.number}",
        )
        shown = symbol(value) if value else number.get("symbol") or ""
        figures["real: kind and agency of the number"].add(
            plain(shown) == plain(symbol(label.number)) if shown else None,
            f"{name}: {shown}, not {symbol(label.number)}",
        )
    if label.day:
        day = _value(paper, "issued_on")
        figures[f"real: date, {hand}"].add(day == label.day if day else None, f"{name}: {day}, not {label.day}")
    if label.issuer:
        issuer = _value(paper, "issuer")
        figures["real: issuer"].add(
            same_issuer(issuer, label.issuer) if issuer else None, f"{name}: {issuer}, not {label.issuer}"
        )
    if label.summary:
        summary = _value(paper, "summary")
        figures["real: summary"].add(
            plain(summary) == plain(label.summary) if summary else None, f"{name}: {summary}\n    not {label.summary}"
        )


def _real(pool: ReaderPool, settings: WorkerSettings, catalog: Catalog) -> Figures:
    figures = Figures()
    for name, label in real().items():
        papers = _understood(read(SCANS / name, pool, settings.limits), catalog, figures)
        _judge_real(name, label, papers, figures)
    return figures


def _drawn(pool: ReaderPool, settings: WorkerSettings, catalog: Catalog, seed: int, each: int) -> Figures:
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        for index, kind in enumerate(KINDS):
            for degree, wear in enumerate(DEGRADED):
                for turn in range(each):
                    samples = generate_pages(kind, seed + 1000 * index + 10 * degree + turn, wear)
                    found = read(as_pdf(samples, Path(folder) / "paper.pdf"), pool, settings.limits)
                    papers = _understood(found, catalog, figures)
                    truth, written = samples[0].truth.fields, written_fields(samples)
                    _judge_drawn(kind, wear, truth, papers, figures, written=written)
    return figures


def written_fields(samples: Sequence[Sample]) -> frozenset[str]:
    """The fields of a drawn paper of which a word was written by hand."""
    words = (word for sample in samples for line in sample.truth.lines for word in line.words)
    return frozenset(name for word in words if word.hand for name in word.fields)


def _judge_drawn(
    kind: str,
    wear: str,
    truth: dict[str, str | None],
    papers: Sequence[Paper],
    figures: Figures,
    *,
    written: frozenset[str],
) -> None:
    name, paper = f"{kind}, {wear}", papers[0]
    figures["drawn: one file, one paper"].add(len(papers) == 1, name)
    ok = (paper.kind.id or "khac") == type_of(kind)
    figures[f"drawn: type, {wear}"].add(ok, f"{name}: {paper.kind.id} ({paper.kind.score:.2f})")
    figures.scores.append((paper.kind.score, ok))
    if not ok:
        figures.by_kind[kind] += 1
    for field_name in _ASKED:
        wanted, value = truth.get(field_name), _value(paper, field_name)
        if not wanted:
            if value and field_name in {"number", "issued_on", "holder_id"}:
                figures[f"drawn: {field_name}, where there is none"].add(False, f"{name}: {value}")
            continue
        same = {"number": same_number, "issuer": same_issuer}.get(field_name, lambda a, b: plain(a) == plain(b))
        ok_field = same(value, wanted) if value else None
        hand = f", {'written' if field_name in written else 'printed'}" if field_name in _BY_HAND else ""
        figures[f"drawn: {field_name}{hand}"].add(ok_field, f"{name}: {value}, not {wanted}")


def _stacks(pool: ReaderPool, settings: WorkerSettings, catalog: Catalog, seed: int) -> Figures:
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(STACKS):
            pile = stack(seed + turn, STACK_PAGES)
            found = read(as_pdf(pile.samples, Path(folder) / "stack.pdf"), pool, settings.limits)
            papers = _understood(found, catalog, figures)
            right, told, true = boundary_f1([paper.pages[0] for paper in papers], pile.starts)
            tally = figures["stacks: boundaries (open: missed, wrong: false)"]
            tally.right, tally.open_, tally.wrong = (
                tally.right + right,
                tally.open_ + true - right,
                tally.wrong + told - right,
            )
            tally.notes.append(f"stack {turn}: {[p.pages[0] for p in papers]}, not {list(pile.starts)}")
    return figures


def _seeds(pool: ReaderPool, settings: WorkerSettings, catalog: Catalog) -> Figures:
    """Every seed as four scans with its number as printed, and once with serial and day by pen."""
    figures = Figures()
    asked = ("type", "number", "date", "issuer", "summary", "signer")
    figures.rows += [f"| seed | {' | '.join(asked)} |", f"|---|{'---|' * len(asked)}"]
    with tempfile.TemporaryDirectory() as folder:
        for name, text in seeds.texts().items():
            label = seeds.FACTS[name]
            for pen in (False, True) if label.number else (False,):
                told: dict[str, Tally] = {question: Tally() for question in asked}
                for wear, dpi in SEED_WEARS:
                    samples = seeds.draw(name, text, wear, dpi, pen=pen)
                    found = read(as_pdf(samples, Path(folder) / "seed.pdf"), pool, settings.limits)
                    papers = _understood(found, catalog, figures)
                    signer = seeds.plan_of(text).signer if label.kind else None
                    for question, (ok, value) in _judge_seed(label, signer, papers[0]).items():
                        note = f"{name}, {wear} {dpi:.0f}, {'pen' if pen else 'print'}: {value}"
                        told[question].add(ok, note)
                        figures[f"seeds{', by pen' if pen else ''}: {question}"].add(ok, note)
                cells = [
                    f"{tally.right} of {tally.asked}" + (f", {tally.open_} open" if tally.open_ else "")
                    for tally in told.values()
                ]
                figures.rows.append(f"| {name}{', by pen' if pen else ''} | {' | '.join(cells)} |")
    return figures


def _judge_seed(label: Label, signer: str | None, paper: Paper) -> dict[str, tuple[bool | None, str | None]]:
    """By question: right, open (``None``) or wrong, and what was said. Where the text says nothing, nothing is right."""
    kind = paper.kind.id if paper.kind.id != "khac" and paper.kind.score >= CERTAIN else None
    said: dict[str, tuple[str | None, str | None, Callable[[str, str], bool]]] = {
        "type": (kind, label.kind, str.__eq__),
        "number": (_value(paper, "number"), label.number, same_number),
        "date": (_value(paper, "issued_on"), label.day, str.__eq__),
        "issuer": (_value(paper, "issuer"), label.issuer, same_issuer),
        "summary": (_value(paper, "summary"), label.summary, lambda a, b: plain(a) == plain(b)),
        "signer": (_value(paper, "signer"), signer, lambda a, b: plain(a) == plain(b)),
    }
    return {
        question: ((same(value, truth) if value and truth else (not value if not truth else None)), value)
        for question, (value, truth, same) in said.items()
    }


def _lines(parts: dict[str, Figures]) -> list[str]:
    lines = ["# Which paper, what it says", ""]
    for name, figures in parts.items():
        lines += [f"## {name}", "", *figures.rows, *([""] if figures.rows else [])]
        lines += ["| question | right | open | wrong | rate |", "|---|---|---|---|---|"]
        for question, tally in figures.tallies.items():
            lines.append(f"| {question} | {tally.right} | {tally.open_} | {tally.wrong} | {100 * tally.rate:.1f} % |")
        middle, most = statistics.median(figures.milliseconds), max(figures.milliseconds)
        lines += ["", f"Processor time a page: median {middle:.1f} ms, most {most:.1f} ms.", ""]
        if figures.scores:
            lines += [*_calibration(figures.scores), ""]
        if "boundaries" in " ".join(figures.tallies):
            tally = figures["stacks: boundaries (open: missed, wrong: false)"]
            f1 = 2 * tally.right / (2 * tally.right + tally.open_ + tally.wrong)
            lines += [f"Boundary F1: {f1:.3f}", ""]
    return lines


def _calibration(scores: Sequence[tuple[float, bool]]) -> list[str]:
    sure = [ok for score, ok in scores if score >= CERTAIN]
    rest = [ok for score, ok in scores if score < CERTAIN]
    lines = [
        f"Types said with {CERTAIN} and more: {len(sure)}, right {sum(sure)}; to a person: {len(rest)}, right {sum(rest)}."
    ]
    for low, high in ((0.0, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 1.01)):
        inside = [(score, ok) for score, ok in scores if low <= score < high]
        if inside:
            said = statistics.mean(score for score, _ in inside)
            lines.append(
                f"Score {low} to {min(high, 1.0)}: {len(inside)}, said {said:.3f}, right {sum(ok for _, ok in inside) / len(inside):.3f}."
            )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--each", type=int, default=1, help="papers of each kind and degradation")
    asked = parser.parse_args()
    settings, catalog = WorkerSettings(), default_catalog()
    config = ReaderConfig(settings.engine, settings.languages, settings.limits)
    parts: dict[str, Figures] = {}
    with ReaderPool(config, len(os.sched_getaffinity(0))) as pool:
        if "real" in asked.parts and SCANS.is_dir():
            parts["Real papers"] = _real(pool, settings, catalog)
        if "drawn" in asked.parts:
            parts["Drawn papers of every kind"] = _drawn(pool, settings, catalog, asked.seed, asked.each)
        if "stacks" in asked.parts:
            parts["Mixed stacks"] = _stacks(pool, settings, catalog, asked.seed)
        if "seeds" in asked.parts and seeds.SEEDS.is_dir():
            parts["Seeds"] = _seeds(pool, settings, catalog)
        elif "seeds" in asked.parts:
            print(f"No seeds: {seeds.SEEDS} is not there.")
    record: dict[str, Any] = {"machine": machine(), "seed": asked.seed}
    for name, figures in parts.items():
        record[name] = {
            "tallies": {question: asdict(tally) for question, tally in figures.tallies.items()},
            "wrong_by_kind": dict(figures.by_kind),
            "milliseconds": figures.milliseconds,
            "scores": figures.scores,
        }
    keep("understanding", record, _lines(parts))


if __name__ == "__main__":
    main()
