"""A site's own files: they take the place of ours, and every mistake in them is named with file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.catalog import Catalog, CatalogError, Procedure, load_catalog
from models.catalog.catalog import FILES, PACKAGED
from models.catalog.files import UnreadableFile, read_document
from models.errors import InvalidCatalog

CODES = """
lines:
  - code: KQ.G15.000031
    kind: result
    name: Giấy khai sinh
    papers: [giay_khai_sinh]
    source: a site's own list
    certainty: P
"""


def put(folder: Path, name: str, text: str) -> Path:
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path) -> list[str]:
    with pytest.raises(CatalogError) as caught:
        load_catalog(folder)
    return [f"{problem.file}:{problem.line}: {problem.en}" for problem in caught.value.problems]


def changed(name: str, old: str, new: str) -> str:
    text = (PACKAGED / f"{name}.yaml").read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


def test_a_file_of_the_site_takes_the_place_of_the_packaged_one(tmp_path: Path) -> None:
    catalog = load_catalog(put(tmp_path, "paper_codes", CODES))
    assert [line.code for line in catalog.paper_codes] == ["KQ.G15.000031"]
    assert len(catalog.procedures) == len(load_catalog().procedures)


def test_codes_without_quotes_stay_what_was_written(tmp_path: Path) -> None:
    lines = "lines:\n  - {code: 001, name: Hà Nội, source: s, certainty: P}\n  - {code: 017, name: no, source: s, certainty: P}\n"
    catalog = load_catalog(put(tmp_path, "provinces", lines))
    assert [(line.code, line.name) for line in catalog.provinces.values()] == [("001", "Hà Nội"), ("017", "no")]


def test_all_mistakes_are_listed_at_once_with_their_lines(tmp_path: Path) -> None:
    put(
        tmp_path,
        "paper_codes",
        "lines:\n"
        "  - code: KQ.15.31\n"
        "    kind: result\n"
        "    name: x\n"
        "    papers: [giay_khai_sinh]\n"
        "    certainty: P\n"
        "  - nothing\n"
        "  - code: KQ.G15.000032\n"
        "    kind: outcome\n"
        "    name: x\n"
        "    papers: []\n"
        "    source: s\n"
        "    certainty: P\n"
        "    colour: red\n",
    )
    put(tmp_path, "provinces", "lines: [")
    found = problems(tmp_path)
    assert [line.split(": ")[0] for line in found[:-1]] == [
        "paper_codes.yaml:2",
        "paper_codes.yaml:2",
        "paper_codes.yaml:7",
        "paper_codes.yaml:9",
        "paper_codes.yaml:11",
        "paper_codes.yaml:14",
    ]
    assert found[-1].startswith("provinces.yaml:")
    text = "\n".join(found)
    assert "source: Field required" in text
    assert "colour: Extra inputs are not permitted" in text
    assert "not valid YAML" in text


@pytest.mark.parametrize(
    ("name", "text", "line", "says"),
    [
        (
            "paper_codes",
            CODES.replace("[giay_khai_sinh]", "[giay_khai_sinh, giay_la]"),
            6,
            "no paper type is named giay_la",
        ),
        ("paper_codes", CODES.replace("[giay_khai_sinh]", "[to_khai]"), 6, "never gets a result code"),
        (
            "paper_codes",
            CODES + CODES.removeprefix("\nlines:\n"),
            9,
            "in force twice: KQ.G15.000031, also at paper_codes.yaml:3",
        ),
    ],
)
def test_contradictions_between_lines(tmp_path: Path, name: str, text: str, line: int, says: str) -> None:
    (found,) = problems(put(tmp_path, name, text))
    assert found.startswith(f"{name}.yaml:{line}: ")
    assert says in found


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (
            "procedures",
            "accepts: [giay_bao_tu, ban_an",
            "accepts: [giay_bao_tuu, ban_an",
            "no paper type is named giay_bao_tuu",
        ),
        ("procedures", "results: [trich_luc_ho_tich]", "results: [to_khai]", "a paper from the applicant is no result"),
        (
            "procedures",
            "{level: huyen, valid_to: 2025-06-30}",
            "{level: huyen}",
            "there is no level huyen on 9999-12-31",
        ),
        ("procedures", 'replaced_by: "3.000333"', 'replaced_by: "3.000999"', "no procedure has the code 3.000999"),
        ("paper_types", "validity: marital_status", "validity: marital", "no validity rule is named marital"),
        ("paper_types", 'titles: ["CHỈ THỊ"]', 'titles: ["QUYẾT ĐỊNH"]', "nghi_quyet has this title too"),
        ("paper_types", 'titles: ["CHỈ THỊ"]', 'titles: ["Chỉ thị"]', "titles are written in capitals"),
        ("paper_types", "from_applicant: true", "from_applicant: true\n    is_result: true", "is no result (R21)"),
        ("validity", "kind: months\n    months: 6", "kind: months", "kind months needs months"),
        ("validity", "valid_to: 2024-06-30", "valid_to: 2024-07-30", "in force twice: identity_card"),
        ("rule_sets", "valid_to: 2025-09-14", "valid_to: 2025-09-10", "no rule set from the day after 2025-09-10"),
        ("rule_sets", "valid_from: 2025-09-15", "valid_from: 2025-09-14", "in force twice"),
        ("rule_sets", "dossier_code: ma_ho_so_cu", "dossier_code: ma_gi_do", "no code template is named ma_gi_do"),
        ("agencies", "merged_into: G17", "merged_into: G99", "no agency has the code G99"),
        ("agencies", "code: G01,", "code: G1,", "String should match pattern"),
        ("code_templates", "{so_ky_hieu}.{nn}", "{so_ky_hieu}", "a template has {nn} once"),
        ("code_templates", "{so_ky_hieu}.{nn}", "{so}.{nn}", "unknown parts in the template: so"),
        ("code_templates", "{so_ky_hieu}.{nn}", "{so_ky_hieu:>9}.{nn}", "a part stands between its braces alone"),
    ],
)
def test_a_slip_in_our_own_files_would_be_found(tmp_path: Path, name: str, old: str, new: str, says: str) -> None:
    if says.startswith("nghi_quyet has"):
        says = "has this title too"
    text = changed(name, old, new)
    found = problems(put(tmp_path, name, text))
    assert any(says in line for line in found), found
    assert all(line.startswith(f"{name}.yaml:") for line in found)


def test_the_line_named_is_the_one_of_the_slip(tmp_path: Path) -> None:
    text = changed("procedures", "accepts: [giay_bao_tu, ban_an", "accepts: [giay_bao_tuu, ban_an")
    expected = text[: text.index("giay_bao_tuu")].count("\n") + 1
    assert problems(put(tmp_path, "procedures", text)) == [
        f"procedures.yaml:{expected}: no paper type is named giay_bao_tuu"
    ]


def test_files_that_are_none_of_ours_are_named(tmp_path: Path) -> None:
    put(tmp_path, "procedure", "lines: []")
    (found,) = problems(tmp_path)
    assert "not a file of the catalog" in found
    assert "there is no such folder" in problems(tmp_path / "nowhere")[0]


@pytest.mark.parametrize(
    ("raw", "line", "says"),
    [
        (b"", 1, "the file is empty"),
        (b"lines:\n  - a\n  - \xff\xfe", 3, "not UTF-8"),
        (b"lines: []\nlines: []\n", 2, "a key twice"),
        (b"lines:\n  - {a: 1\n", 3, "not valid YAML"),
        (b"lines: &a [*a]", 1, "inside itself"),
        (b"? [a]\n: b\n", 1, "no word"),
    ],
)
def test_a_file_that_is_no_catalog(tmp_path: Path, raw: bytes, line: int, says: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(raw)
    with pytest.raises(UnreadableFile, match=says) as caught:
        read_document(path)
    assert caught.value.line == line


def test_the_error_is_a_coded_one_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(InvalidCatalog) as caught:
        load_catalog(put(tmp_path, "scan_limits", "lines: no"))
    assert caught.value.code == "INVALID_CATALOG"
    assert "thiếu danh sách" in caught.value.detail
    assert "no list `lines`" in caught.value.detail


def test_every_packaged_file_is_known() -> None:
    assert {path.stem for path in PACKAGED.glob("*.yaml")} == set(FILES)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def procedure(catalog: Catalog, **changes: object) -> Procedure:
    birth = catalog.procedure("1.001193", date(2026, 1, 5))
    assert birth is not None
    return Procedure.model_validate(birth.model_dump() | changes)


def test_imported_procedures_stand_before_the_packaged_ones(catalog: Catalog) -> None:
    merged = catalog.with_procedures([procedure(catalog, name="Tên của tỉnh"), procedure(catalog, code="9.999999")])
    found = merged.procedure("1.001193", date(2026, 1, 5))
    assert found is not None
    assert found.name == "Tên của tỉnh"
    assert len(merged.procedures) == len(catalog.procedures) + 1
    assert catalog.procedure("9.999999", date(2026, 1, 5)) is None


def test_imported_procedures_are_checked(catalog: Catalog) -> None:
    with pytest.raises(CatalogError, match="no paper type is named la"):
        catalog.with_procedures([procedure(catalog, results=("la",))])
    with pytest.raises(CatalogError, match="in force twice"):
        catalog.with_procedures([procedure(catalog), procedure(catalog)])
