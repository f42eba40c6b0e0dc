"""From posted bytes to typed papers with fields, with the real reader: a stack, and a page that must not be kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from benchmarks.understanding.reading import as_pdf
from models.entities import Component, Page
from models.errors import SecretMaterial
from sample_scans.generator import Sample, generate_pages
from storage.keys import scan_prefix
from tests.workers.runtimes import post, runtime_in, scan_of
from tests.workers.test_jobs import run_all
from workers.document import scan_document
from workers.limits import Limits
from workers.ocr.factory import make_engine
from workers.parallel import ReaderConfig, ReaderPool
from workers.runtime import Runtime
from workers.settings import WorkerSettings

SEED = 11


def pages_of(kind: str, *attributes: str) -> list[Sample]:
    return generate_pages(kind, SEED, "clean", dpi=150, attributes=attributes)


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    settings = WorkerSettings()
    with runtime_in(
        tmp_path_factory.mktemp("understood"), load_engine=lambda: make_engine(settings.engine, settings.languages)
    ) as made:
        made.doorbell.ring = lambda _rings: []  # type: ignore[assignment,method-assign]  # nobody listens: the test runs the rows
        yield made


def test_r07_a_stack_becomes_a_pdf_a_paper(runtime: Runtime, tmp_path: Path) -> None:
    papers = [pages_of("giay_khai_sinh"), pages_of("quyet_dinh"), pages_of("to_khai")]
    path = as_pdf([page for paper in papers for page in paper], tmp_path / "stack.pdf")
    scan_id, _ = post(runtime, path)
    run_all(runtime, scan_id)
    assert scan_of(runtime, scan_id).state == "done"
    with runtime.sessions() as session:
        rows = list(session.scalars(select(Component).where(Component.scan_id == scan_id).order_by(Component.position)))
    assert [row.paper_type for row in rows] == ["giay_khai_sinh", "quyet_dinh", "to_khai"]
    ends = [sum(map(len, papers[: count + 1])) for count in range(len(papers))]
    assert [(row.first_page, row.last_page) for row in rows] == list(
        zip([1, *(end + 1 for end in ends[:-1])], ends, strict=True)
    )
    truth = papers[1][0].truth.fields
    decision = rows[1].fields
    for name in ("issuer", "issued_at"):
        assert str(decision[name]["value"]).casefold() == str(truth[name]).casefold(), name
    assert len({row.pdf_key for row in rows}) == 3
    for row in rows:
        assert row.pdf_key is not None
        assert runtime.store.stat(row.pdf_key).size == row.pdf_bytes


@pytest.mark.parametrize("attribute", ["mat", "toi_mat"])
def test_r02_a_mark_of_secrecy_stops_the_job_and_no_text_stays(
    runtime: Runtime, tmp_path: Path, attribute: str
) -> None:
    plain, marked = pages_of("ke_hoach")[:1], pages_of("cong_van", attribute)[:1]
    scan_id, _ = post(runtime, as_pdf([*plain, *marked], tmp_path / f"{attribute}.pdf"))
    run_all(runtime, scan_id)
    scan = scan_of(runtime, scan_id)
    assert (scan.state, scan.refused_code) == ("blocked_secret", SecretMaterial.code)
    assert list(runtime.store.list(scan_prefix(scan_id))) == []
    with runtime.sessions() as session:
        assert list(session.scalars(select(Component).where(Component.scan_id == scan_id))) == []
        assert [page.text for page in session.scalars(select(Page).where(Page.scan_id == scan_id))] == ["", ""]


def test_r02_the_command_line_keeps_nothing_either(tmp_path: Path) -> None:
    path = as_pdf(pages_of("cong_van", "toi_mat")[:1], tmp_path / "mat.pdf")
    settings = WorkerSettings()
    with ReaderPool(ReaderConfig(settings.engine, settings.languages, settings.limits), 1) as pool:
        with pytest.raises(SecretMaterial, match="page 1"):
            scan_document(path, pool, Limits(), pdf=tmp_path / "out.pdf", scratch=tmp_path)
        assert sorted(entry.name for entry in tmp_path.iterdir()) == ["mat.pdf"]
