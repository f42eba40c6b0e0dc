from __future__ import annotations

import json

import numpy as np
import pytest
import zxingcpp

from sample_scans import KINDS
from sample_scans.separators import PAYLOAD, separator_sample
from sample_scans.stack import BLANK_SIDE, PAGE, SEPARATOR, Stack, sides, stack

FEW = ("don", "quyet_dinh", "giay_khai_sinh", "phu_luc", "can_cuoc", "to_trinh")


def drawn(seed: int, pages: int = 14, *, duplex: bool | None = None, separators: bool | None = None) -> Stack:
    return stack(seed, pages, kinds=FEW, dpi=40, duplex=duplex, separators=separators)


@pytest.mark.parametrize("pages", [1, 6])
@pytest.mark.parametrize(("duplex", "separators"), [(False, False), (True, False), (False, True), (True, True)])
def test_a_stack_has_exactly_so_many_sides_each_with_its_place(pages: int, duplex: bool, separators: bool) -> None:
    found = drawn(3, pages, duplex=duplex, separators=separators)
    assert len(found.pages) == pages
    assert [page.role for page in found.pages if page.role not in {PAGE, BLANK_SIDE, SEPARATOR}] == []
    numbers = [number for component in found.components for number in component.pages]
    assert numbers == [number for number, page in enumerate(found.pages, 1) if page.role == PAGE]
    for component in found.components:
        truths = [found.pages[number - 1].image.truth for number in component.pages]
        assert [truth.sheet_page for truth in truths] == list(range(1, len(truths) + 1))
        assert {truth.paper_type for truth in truths} == {component.paper_type}
    for page in found.pages:
        assert page.image.truth.blank == (page.role == BLANK_SIDE)
        assert (page.image.truth.paper_type is None) == (page.role != PAGE)


def test_both_sides_were_fed_so_every_paper_begins_on_a_front() -> None:
    found = drawn(5, 12, duplex=True, separators=False)
    assert all(start % 2 for start in found.starts)
    assert any(page.role == BLANK_SIDE for page in found.pages)
    one_sided = drawn(5, 12, duplex=False, separators=False)
    assert all(page.role == PAGE for page in one_sided.pages)


def test_a_separator_sheet_lies_before_every_paper_and_its_code_reads() -> None:
    found = drawn(6, 12, duplex=False, separators=True)
    assert len(found.starts) > 3
    assert all(found.pages[start - 2].role == SEPARATOR for start in found.starts[:-1])
    _, sample = separator_sample(9, "photocopy", 12, 100)
    assert [code.text for code in zxingcpp.read_barcodes(np.ascontiguousarray(sample.image))] == [f"{PAYLOAD};key=12"]


def test_the_same_seed_gives_the_same_stack_and_its_sides_come_one_by_one() -> None:
    whole = drawn(7, 6)
    again = list(sides(7, 6, kinds=FEW, dpi=40))
    assert [page.role for page in whole.pages] == [page.role for page in again]
    assert all(np.array_equal(a.image.image, b.image.image) for a, b in zip(whole.pages, again, strict=True))
    assert whole.starts != drawn(8, 6).starts or whole.components != drawn(8, 6).components


def test_a_stack_of_all_kinds_holds_many_types_and_longer_papers() -> None:
    found = stack(2, 20, kinds=KINDS, dpi=30, duplex=False, separators=False, wear=("scan", "photocopy"))
    assert len({component.paper_type for component in found.components}) >= 10
    assert any(len(component.pages) > 1 for component in found.components)
    assert {page.image.truth.wear for page in found.pages} == {"scan", "photocopy"}
    assert any(component.attributes for component in found.components)


def test_the_truth_is_written_as_that_of_a_file() -> None:
    found = stack(5, 5, kinds=("to_trinh",), dpi=40, duplex=False, separators=False, extras=("khan",))
    told = json.loads(found.truth("a.pdf").dumps())
    assert told["schema"] == "digitize.truth/1"
    assert len(told["pages"]) == 5
    part = told["components"][0]
    assert part["paper_type"] == "to_trinh"
    assert any(other.get("attributes") == ["khan"] for other in told["components"])
    assert part["more"]["number_symbol"]["value"].startswith("TTr-")


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one page"):
        stack(1, 0)
    with pytest.raises(ValueError, match="extras"):
        stack(1, 2, extras=("trich_luc",))
