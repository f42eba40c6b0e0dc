"""The fields of NĐ 30/2020 Phụ lục VI: never longer than it allows, never half a code, and the whole value beside."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.entities import Channel, ComponentState, PageState, SignatureState, new_id
from models.handover.appendix import LENGTHS, TEXTS, Paper, fill, shortened
from models.handover.record import AgencyRecord, DossierRecord, PageRecord, PaperRecord, file_name, parse
from models.vietnamese.folding import nfc

DAY = date(2023, 5, 2)
TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=1500)


def paper(**values: object) -> Paper:
    usual: dict[str, object] = {
        "agency": "H56.14",
        "dossier": "H56.14-230502-0007",
        "year": 2023,
        "ordinal": 1,
        "type_name": "Kế hoạch",
        "number": "383/KH-UBND",
        "issued_on": DAY,
        "issuer": "Ủy ban nhân dân xã Mẫu",
        "subject": "Số hóa kết quả",
        "pages": 3,
        "description": "",
        "received_on": DAY,
        "signer": "Trần Văn Thử",
    }
    return Paper(**{**usual, **values})  # type: ignore[arg-type]


def test_a_paper() -> None:
    filled = fill(paper())
    assert list(filled.fields) == list(LENGTHS)
    told = {name: value for name, value in filled.fields.items() if value}
    assert told == {
        "OrganId": "H56.14",
        "FileCatalog": "2023",
        "FileNotation": "H56.14-230502-0007",
        "DocOrdinal": "1",
        "TypeName": "Kế hoạch",
        "CodeNumber": "383",
        "CodeNotation": "KH-UBND",
        "IssuedDate": "02/05/2023",
        "OrganName": "Ủy ban nhân dân xã Mẫu",
        "Subject": "Số hóa kết quả",
        "Language": "Tiếng Việt",
        "PageAmount": "3",
        "ArrivalDate": "02/05/2023",
        "FullName": "Trần Văn Thử",
    }
    assert (filled.cut, filled.left_out) == ((), ())


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        ("383/KH-UBND", ("383", "KH-UBND")),
        ("45/2020/NĐ-CP", ("45", "2020/NĐ-CP")),
        ("12/2023", ("12", "2023")),
        ("", ("", "")),
        ("AA 01234567", ("", "AA 01234567")),
    ],
)
def test_a_number_in_two_fields(number: str, parts: tuple[str, str]) -> None:
    fields = fill(paper(number=number)).fields
    assert (fields["CodeNumber"], fields["CodeNotation"]) == parts


def test_texts_are_cut_and_codes_are_not() -> None:
    filled = fill(paper(subject="số hóa " * 200, dossier="000.17.22.H56-210531-0001", signer="a" * 51, pages=1000))
    assert filled.cut == ("Subject",)
    assert filled.fields["Subject"].endswith("số…")
    assert set(filled.left_out) == {"FileNotation", "FullName", "PageAmount"}
    assert {filled.fields[name] for name in filled.left_out} == {""}


@given(st.text(max_size=60), st.integers(2, 40))
def test_shortened(text: str, longest: int) -> None:
    short = shortened(text, longest)
    assert len(short) <= longest
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@given(
    st.builds(
        paper,
        agency=TEXT,
        dossier=TEXT,
        year=st.integers(1, 99999),
        ordinal=st.integers(1, 99999),
        type_name=TEXT,
        number=TEXT,
        issued_on=st.none() | st.dates(),
        issuer=TEXT,
        subject=TEXT,
        pages=st.integers(1, 10**6),
        description=TEXT,
        received_on=st.dates(),
        signer=TEXT,
    ),
    TEXT,
)
def test_whatever_a_paper_says_it_goes_out_within_its_lengths_and_comes_in_whole(told: Paper, words: str) -> None:
    filled = fill(told)
    for name, longest in LENGTHS.items():
        value = filled.fields[name]
        assert longest is None or len(value) <= longest
        assert (name in filled.cut) <= (name in TEXTS)
        if name in filled.left_out:
            assert value == ""
    fitting = set(LENGTHS) - set(filled.cut) - set(filled.left_out)
    if "Subject" in fitting:
        assert filled.fields["Subject"] == " ".join(nfc(told.subject).split())
    sent = record(filled.fields, words)
    again = parse(sent.json_bytes())
    assert again == sent
    assert again.papers[0].fields == {"summary": {"value": words, "page": 1}}
    assert again.papers[0].appendix == filled.fields


def record(appendix: dict[str, str], words: str) -> DossierRecord:
    moment = datetime(2023, 5, 2, 1, 2, 3, 456789, tzinfo=UTC)
    page = PageRecord(
        width=1654,
        height=2339,
        dpi=200.0,
        origin="raster",
        rotation=0,
        skew=-1.25,
        blank=False,
        warnings=[],
        grade_mean=0.9,
        grade_low=0.7,
        engine="reader 1",
        state=PageState.READ,
        failure_code=None,
        text=words,
        read_at=moment,
    )
    code = "H56.14-230502-0007"
    return DossierRecord(
        id=new_id(),
        code=code,
        agency=AgencyRecord(code="H56.14", name="UBND xã Mẫu"),
        procedure="1.001193",
        title="",
        channel=Channel.COUNTER,
        created_at=moment,
        created_by="",
        finished_on=DAY,
        result_form=None,
        holder=None,
        whole=True,
        reuses=[],
        papers=[
            PaperRecord(
                ordinal=1,
                file=file_name(code, 1),
                bytes=10,
                sha256="0" * 64,
                appendix=appendix,
                cut=[],
                left_out=[],
                id=new_id(),
                code=None,
                code_template=None,
                paper_type="ke_hoach",
                paper_type_score=None,
                title="",
                fields={"summary": {"value": words, "page": 1}},
                attributes=[],
                flags=[],
                slot=None,
                scope={},
                signature=SignatureState.MISSING,
                state=ComponentState.EXTRACTED,
                version=1,
                created_at=moment,
                scanned_at=moment,
                scanned_by="station:a",
                original_sha256="1" * 64,
                pages=[page],
                result=None,
            )
        ],
    )


def test_what_comes_in_is_measured_too() -> None:
    good = record(fill(paper()).fields, "lời").json_bytes()
    assert parse(good).papers[0].appendix["CodeNumber"] == "383"
    for old, new, named in [
        (b'"FileCatalog": "2023"', b'"FileCatalog": "20231"', "FileCatalog has more than 4"),
        (b"digitize.handover/1", b"digitize.handover/9", "schema"),
        (b'"ordinal": 1', b'"ordinal": 2', "another name"),
        (b'"ke_hoach"', b'"../../x"', "papers.0.paper_type"),
        (b'"rotation": 0', b'"rotation": "x"', "papers.0.pages.0.rotation"),
    ]:
        assert old in good, old
        with pytest.raises(ValueError, match=named):
            parse(good.replace(old, new))
