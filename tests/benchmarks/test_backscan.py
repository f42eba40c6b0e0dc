"""The benchmark of back-scans counts what it says: its inventory, its waits, its report."""

from __future__ import annotations

import csv
from dataclasses import asdict, replace
from pathlib import Path
from random import Random

import pytest

from benchmarks.backscan import report
from benchmarks.backscan.counter import Probe, quantile, spread
from benchmarks.backscan.papers import Drawn, draw, slip, write_inventory


def test_papers_are_drawn_once_and_differ(tmp_path: Path) -> None:
    papers = draw(tmp_path, 3, seed=5, processes=1)
    assert len({paper.sha256 for paper in papers}) == 3
    for paper in papers:
        path = tmp_path / "papers" / paper.name
        assert path.stat().st_size == paper.bytes
        assert all(len(text) > 100 for text in paper.texts)
        path.unlink()
    assert draw(tmp_path, 3, seed=5, processes=1) == papers, "taken from the list, not drawn again"
    assert not list((tmp_path / "papers").rglob("*.pdf"))


def drawn(number: int) -> Drawn:
    return Drawn(
        f"hop-01/{number}.pdf",
        f"{number:064x}",
        1,
        "quyet_dinh",
        ("chữ",),
        f"{number}/QĐ-UBND",
        "2023-05-06",
        "Lê Thị Mẫu",
    )


def test_the_inventory_has_what_was_done_to_it(tmp_path: Path) -> None:
    papers = [drawn(number) for number in range(1000)] + [replace(drawn(1000), day="")]
    listed = write_inventory(tmp_path / "list.csv", papers, seed=3)
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["Mã kiểm đếm"]: row for row in csv.DictReader(stream)}
    assert rows.keys() == listed.paper.keys()
    told = {sha for sha in listed.paper.values() if sha}
    assert 10 < len(papers) - 1 - len(told) < 60, "papers in no line"
    assert papers[-1].sha256 not in told, "nothing could be listed of a paper without a day"
    assert 10 < sum(sha is None for sha in listed.paper.values()) < 60, "lines without a paper"
    by_sha = {paper.sha256: paper for paper in papers}
    for key, sha in listed.paper.items():
        if sha is not None:
            same = (rows[key]["Số, ký hiệu"], rows[key]["Họ và tên"]) == (by_sha[sha].number, by_sha[sha].holder)
            assert same == (key not in listed.typed_wrong)


@pytest.mark.parametrize("seed", range(30))
def test_a_slip_is_one_sign(seed: int) -> None:
    row = {"number": "12/QĐ-UBND", "holder": "Lê Thị Mẫu"}
    before = dict(row)
    slip(row, Random(seed))
    changed = [name for name in row if row[name] != before[name]]
    assert len(changed) == 1
    (name,) = changed
    assert sum(a != b for a, b in zip(row[name], before[name], strict=True)) == 1


def test_quantiles_are_of_what_was_seen() -> None:
    values = [float(one) for one in range(1, 101)]
    assert (quantile(values, 0.5), quantile(values, 0.95), quantile([7.0], 0.95)) == (50, 95, 7)
    probes = [Probe(at, 1.0 + at, 2.0, 3.0, 1, "x") for at in range(10)]
    assert spread(probes)["accepted"] == {"p50": 5.0, "p95": 10.0, "max": 10.0}


def test_waits_after_a_kill_are_told_apart_and_what_is_lost_is_named() -> None:
    probes = [Probe(at, 0.1, 0.2, 1.0, 1, str(at)) for at in (5.0, 95.0, 105.0, 200.0)]
    blow = {"at": 96.0, "papers_done": 3, "victims": "api", "processes": 1, "next_paper_after": 2.5, "share": 0.1}
    record = {
        "machine": {},
        "papers": 4,
        "pages": 10,
        "bytes": 1024,
        "seconds": 36.0,
        "moments": [{"at": 36.0, "papers": 4, "pages": 10, "memory": 1 << 20, "largest": 1 << 20}],
        "blows": [blow],
        "probes": [asdict(probe) for probe in probes],
        "idle": [asdict(probes[0])],
        "counter_lost": ["abc failed"],
        "counter_failed": [],
        "disk_before": {"originals": 0, "derived": 0},
        "disk_after": {"originals": 14 * 1024, "derived": 28 * 1024},
        "verify": {"exit": 4, "differences": "", "seconds": 1.0},
        "reconciliation": {
            "papers": 3,
            "pages": 9,
            "words": 10,
            "words_found": 9,
            "least_words": 0.5,
            "orphans": 1,
            "wrong": ["hop-01/1.pdf: 2 scans"],
        },
        "matching": dict.fromkeys(
            (
                *("seconds", "lines", "papers", "lines_with_a_paper", "tied_right", "tied_wrong", "typed_wrong"),
                *("typed_wrong_tied", "lines_without_a_paper", "of_them_told_missing", "papers_in_no_line"),
                "of_them_told_unlisted",
            ),
            1,
        )
        | {"findings": {"missing": 2}},
    }
    text = "\n".join(report.of_run(record))
    assert "**1000 pages an hour**" in text
    assert "| within 30 s of a kill | 2 |" in text, "one was under way when it came, one began after it"
    assert "| during the back-scan | 2 |" in text
    assert "lost or not done: 1. abc failed" in text
    assert "KiB a page: originals 1.0, derived 2.0" in text
    assert "hop-01/1.pdf: 2 scans" in text
    assert "exit code 4" in text
