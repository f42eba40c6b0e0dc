"""What every search engine must do; runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from models.agencies import create_agency
from models.catalog import default_catalog
from models.database import reading, transaction
from models.dossiers import HolderData, create_dossier
from models.entities import Agency, Component, Dossier, Page, Scan
from models.search import HIT_START, SearchIndex, SearchQuery, SearchResult, make_index, reindex
from models.warehouse import keep


class Library:
    """Puts papers in and searches them."""

    def __init__(self, engine: Engine, factory: sessionmaker[Session]) -> None:
        self.factory = factory
        self.index: SearchIndex = make_index(engine)
        self.scans = 0
        with transaction(factory) as session:
            self.agency = create_agency(session, code="H56.14", name="UBND xã Mẫu")
            self.other = create_agency(session, code="H56.15", name="UBND xã Khác")

    def add(self, *pages: str, agency: Agency | None = None, holder: HolderData | None = None, **values: Any) -> str:
        """A component with these page texts, indexed; its id."""
        agency = agency or self.agency
        self.scans += 1
        with transaction(self.factory) as session:
            dossier = create_dossier(session, agency=agency, holder=holder)
            scan = Scan(
                dossier_id=dossier.id,
                agency_id=agency.id,
                actor="station:a",
                filename="a.pdf",
                media_type="application/pdf",
                bytes=1,
                sha256=f"{self.scans:064x}",
                original_key="originals/x",
            )
            session.add(scan)
            session.flush()
            session.add_all(Page(scan_id=scan.id, number=number, text=text) for number, text in enumerate(pages, 1))
            component = Component(
                scan_id=scan.id,
                dossier_id=dossier.id,
                agency_id=agency.id,
                position=1,
                first_page=1,
                last_page=len(pages),
                **values,
            )
            session.add(component)
            session.flush()
            self.index.index_component(session, component.id)
            return component.id

    def search(self, q: str = "", **filters: Any) -> SearchResult:
        filters.setdefault("agency_ids", {self.agency.id})
        with reading(self.factory) as session:
            return self.index.search(session, SearchQuery(q=q, **filters))

    def find(self, q: str = "", **filters: Any) -> list[str]:
        return [hit.component_id for hit in self.search(q, **filters).hits]


@pytest.fixture
def library(engine: Engine, factory: sessionmaker[Session]) -> Library:
    return Library(engine, factory)


PLAN = "KẾ HOẠCH\nSố: 383/KH-UBND\nvề cải cách thủ tục hành chính tại thành phố Thủ Đức"


@pytest.mark.parametrize(
    "q",
    [
        "thủ tục hành chính",
        "thu tuc hanh chinh",
        "THỦ TỤC",
        unicodedata.normalize("NFD", "thủ tục"),
        "thu duc",
        "Thủ Đức",
        "cải cách thủ tuc",
        "cải các",
        "ke hoa",
        '"thủ tục hành chính"',
        "“thu tuc hanh chinh”",
        '"thủ tục hà',
        "383/KH-UBND",
        "383 / KH – UBND",
        "383",
        "KH-UBND",
        "383/kh",
        "kh ubnd 383",
        "hành c",
        "thủ tục đ",
    ],
)
def test_finds_the_page(library: Library, q: str) -> None:
    paper = library.add("Trang bìa", PLAN)
    library.add("Một giấy tờ khác hẳn, số 12/QĐ-STP")
    result = library.search(q)
    assert [(hit.component_id, hit.page) for hit in result.hits] == [(paper, 2)]
    assert result.total == 1
    assert HIT_START in result.hits[0].snippet


@pytest.mark.parametrize(
    "q",
    [
        "giấy khai sinh",
        '"tục thủ"',
        '"thủ tục hành chinhs"',
        "3830",
        "383/QĐ",
        '"383/K"',
        "?!",
        "cải cáo",
        "giấy h",
        "hành 7",
        'hành "c"',
        "hành c d",
    ],
)
def test_does_not_find_it(library: Library, q: str) -> None:
    library.add(PLAN)
    assert library.search(q) == SearchResult((), 0)


def test_a_mark_that_is_no_letter_stands_in_a_word(library: Library) -> None:
    paper = library.add("đất đai a\u034fbc nhà")
    assert library.find("đất a\u034fb") == [paper]
    assert library.find('"đai a\u034fbc nhà"') == [paper]


def test_a_letter_that_stands_as_a_word_is_one(library: Library) -> None:
    listed = library.add("Phụ lục b kèm theo")
    library.add("Phụ lục khác")
    assert library.find("phụ lục b") == [listed]
    assert library.search("phụ lục c").total == 2


def test_exact_marks_come_first(library: Library) -> None:
    flower = library.add("hoa " * 30)
    peace = library.add("Vợ chồng hòa giải với nhau " + "và nhiều chữ nữa " * 40)
    chemistry = library.add("hóa chất " * 20)
    assert library.find("hòa")[0] == peace
    assert library.find("hoà")[0] == peace  # the other tone placement
    assert library.find("hóa")[0] == chemistry
    assert library.find("hoa")[0] == flower
    assert set(library.find("hoa")) == {flower, peace, chemistry}
    assert [hit.exact for hit in library.search("hòa").hits] == [True, False, False]


def test_d_with_and_without_its_bar(library: Library) -> None:
    earth = library.add("quyền sử dụng đất")
    candle = library.add("quyen su dung dat")
    assert library.find("đất") == [earth, candle]
    assert library.find("dat") == [candle, earth]


def test_whole_words_before_beginnings(library: Library) -> None:
    longer = library.add("bản sao bản sao bản sao")
    whole = library.add("tấm bả " + "và nhiều chữ khác " * 30)
    assert library.find("bả") == [whole, longer]


def test_the_paper_itself_before_those_that_cite_it(library: Library) -> None:
    citing = library.add("Căn cứ Kế hoạch số 383/KH-UBND, 383/KH-UBND, 383/KH-UBND\n" + "và " * 400)
    library.add("x " * 400 + "theo Kế hoạch số 383/KH-UBND " * 5)
    paper = library.add("y " * 300 + PLAN, fields={"number": {"value": "383/KH-UBND"}})
    assert library.find("383/kh-ubnd")[:2] == [paper, citing]
    assert library.find(number="383/KH-UBND")[:2] == [paper, citing]
    assert library.find(number="383")[0] in {paper, citing}
    assert library.find(number="38") == []


def test_one_hit_a_component_its_best_page(library: Library) -> None:
    paper = library.add("giấy phép", "xây dựng", "giấy phép xây dựng nhà ở riêng lẻ", "xây nhà")
    result = library.search("giấy phép xây dựng")
    assert [(hit.component_id, hit.page) for hit in result.hits] == [(paper, 3)]


def test_filters_hold_together_and_alone(library: Library) -> None:
    lan = HolderData(id_number="079200000123", name="Trần Thị Lan")
    birth = library.add("giấy khai sinh", holder=lan, paper_type="giay_khai_sinh")
    marriage = library.add("giấy chứng nhận kết hôn", holder=lan, paper_type="giay_chung_nhan_ket_hon")
    someone = library.add("giấy khai sinh", paper_type="giay_khai_sinh")
    assert set(library.find(holder_id_number="079200000123")) == {birth, marriage}
    assert library.find(holder_id_number="079200000123", paper_type="giay_khai_sinh") == [birth]
    assert set(library.find("giấy", paper_type="giay_khai_sinh")) == {birth, someone}
    assert library.find("ket hon", paper_type="giay_khai_sinh") == []
    assert library.find() == [someone, marriage, birth]  # the newest first


def test_a_paper_is_found_by_its_own_holder(library: Library) -> None:
    """One person's paper in another's dossier: the warehouse's word once it is stored, either's before."""
    lan = HolderData(id_number="079200000123", name="Trần Thị Lan")
    own = {"holder_id": {"value": "079200000789", "source": "ocr"}, "holder_name": {"value": "Lê Văn Bưởi"}}
    paper = library.add("giấy khai sinh", holder=lan, paper_type="giay_khai_sinh", fields=own)
    library.add(
        "giấy khai sinh", holder=HolderData(id_number="079200000456", name="Võ Thị Mận"), fields={"holder_id": None}
    )
    assert library.find(holder_id_number="079200000789") == library.find(holder_id_number="079200000123") == [paper]
    assert library.find("le van buoi") == library.find(number="079200000789") == [paper]
    with transaction(library.factory) as session:
        component = session.get_one(Component, paper)
        keep(session, component, session.get_one(Dossier, component.dossier_id), default_catalog())
    assert library.find("khai", holder_id_number="079200000789", paper_type="giay_khai_sinh") == [paper]
    assert library.find(holder_id_number="079200000123") == []


def test_holder_and_dossier_code_are_found(library: Library) -> None:
    paper = library.add("trang một", "trang hai", holder=HolderData(id_number="079200000456", name="Lê Văn Bưởi"))
    with reading(library.factory) as session:
        component = session.get_one(Component, paper)
        code = session.get_one(Dossier, component.dossier_id).code
    for q in ("079200000456", code, code.lower(), "le van buoi", "Lê Văn Bưởi trang hai"):
        assert library.find(q) == [paper], q
    assert library.find(number=code) == [paper]
    assert library.search("Lê Văn Bưởi trang hai").hits[0].page == 2
    assert library.search("079200000456").hits[0].snippet == "trang một"


@pytest.mark.parametrize(
    "q",
    [
        "thủ tuc hàmh chính",  # a letter wrong in the query
        "thu tuc hnah chinh",
        "cải cch thủ tục",
        "tai thanh phoo",
        "hoach 3B3/KH-UBND",
        "kế hoạnh",
    ],
)
def test_one_wrong_letter_still_finds_it(library: Library, q: str) -> None:
    paper = library.add("Trang bìa", PLAN)
    library.add("Giấy khai sinh, trích lục, số 12/QĐ-STP")
    theirs = library.add(PLAN, agency=library.other)
    result = library.search(q)
    assert [(hit.component_id, hit.page, hit.exact) for hit in result.hits] == [(paper, 2, False)]
    assert (result.total, result.misread) == (1, True)
    assert HIT_START in result.hits[0].snippet
    assert theirs not in library.find(q)


def test_a_page_read_wrong_is_found_by_the_right_words(library: Library) -> None:
    paper = library.add("GIẤY KHAI SlNH của Nguyễn Thị Mẫu")
    assert library.find("giấy khai sinh") == [paper]
    right = library.add("giấy khai sinh")
    assert library.find("giấy khai sinh") == [right], "guesses only where nothing has the words"
    assert library.search("giấy khai sinh").misread is False


@pytest.mark.parametrize("q", ["384/KH-UBND", "thủ tục hàmh chímh", '"thủ tục hàmh chính"'])
def test_other_numbers_two_wrong_letters_and_quotes_find_nothing(library: Library, q: str) -> None:
    library.add(PLAN)
    assert library.search(q) == SearchResult((), 0)


def test_words_of_very_many_pages_bring_the_newest(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.search.index.WIDE", 4)
    old = library.add("hòa giải, kế hoạch số 383/KH-UBND", fields={"number": {"value": "383/KH-UBND"}})
    papers = [
        library.add(f"theo kế hoạch 383/KH-UBND về hoa quả, bản {number}", paper_type="ke_hoach") for number in range(6)
    ]
    library.add("kế hoạch 383/KH-UBND về hoa quả", agency=library.other)
    result = library.search("hoa quả")
    assert [hit.component_id for hit in result.hits] == papers[:1:-1]
    assert (result.total, result.at_least) == (4, True)
    assert library.find("hòa")[0] == old, "the marks as typed first, however old"
    assert library.find("383/KH-UBND")[0] == old, "the paper itself, however old"
    assert library.find("hoa", paper_type="ke_hoach", limit=2, offset=1) == [papers[4], papers[3]]
    assert library.search("hoa", paper_type="quyet_dinh").total == 0


def test_the_newest_come_from_however_many_blocks(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.search.index.WIDE", 4)
    for module in ("postgresql", "newest"):
        monkeypatch.setattr(f"models.search.{module}.BLOCK_BITS", 0)  # a page is a block
    for name in ("newest.HELD", "newest.WANTED", "newest.CHECKED", "postgresql.CHUNK"):
        monkeypatch.setattr(f"models.search.{name}", 7)
    oldest = library.add("hoa quả lạ kỳ")
    papers = [
        library.add(
            f"hoa quả bản {number}",
            agency=library.other if number % 3 else library.agency,
            paper_type="don" if number % 2 else "to_khai",
            fields={"issued_on": {"value": f"{2020 + number % 5}-05-02"}},
        )
        for number in range(100)
    ]
    everybody = {library.agency.id, library.other.id}
    assert library.find("hoa", agency_ids=everybody) == papers[:95:-1]
    assert library.find("quả", agency_ids=everybody) == papers[:95:-1], "with marks"
    assert library.find('"hoa quả"') == papers[99:87:-3], "of one agency"
    assert library.find("hoa", agency_ids=everybody, paper_type="don") == papers[99:92:-2]
    assert library.find("hoa", agency_ids=everybody, paper_type="don", year=2021) == papers[91:60:-10], (
        "of some blocks more"
    )
    assert library.find("ho", agency_ids=everybody) == papers[:95:-1], "begun"
    assert library.find("lạ") == library.find("ky") == [oldest], "older than all that is looked at first"
    assert library.find('"qua la"') == [oldest]
    assert library.find("hoa", year=2022, paper_type="quyet_dinh") == []
    assert library.search("hoa", agency_ids=everybody).at_least


def test_of_words_on_many_pages_whole_ones_come_before_begun_ones(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.search.index.WIDE", 3)
    folded = [library.add("mua ban nha") for _ in range(2)]
    exact = library.add("mua bán nhà")
    begun = [library.add("mua bánh nhanh") for _ in range(4)]
    longer = [library.add("mua bán nhàn") for _ in range(2)]
    assert library.find("mua bán nhà") == [exact, *longer[::-1]], "what is begun comes behind, the newest first"
    assert library.find("mua ban nha") == [exact, *folded[::-1]], "enough, however many are begun"
    assert library.find("mua banh nha") == begun[:0:-1]


def test_stored_papers_alone_come_as_they_were_stored(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.search.index.WIDE", 3)
    papers = [library.add("giấy phép", agency=library.other if number == 4 else library.agency) for number in range(9)]
    order = [papers[place] for place in (3, 1, 4, 6, 2, 0)]
    with transaction(library.factory) as session:
        for minute, paper in enumerate(order):
            component = session.get_one(Component, paper)
            result = keep(session, component, session.get_one(Dossier, component.dossier_id), default_catalog())
            result.stored_at = datetime(2024, 1, 1, 9, minute, tzinfo=UTC)
            if paper == papers[1]:
                result.ended_on = date(2024, 1, 2)
    own = [paper for paper in reversed(order) if paper != papers[4]]
    slices = [library.find(kept=True, limit=2, offset=offset) for offset in range(0, 8, 2)]
    assert slices == [own[:2], own[2:4], own[4:], []]
    first = library.search(kept=True, limit=2)
    assert (first.total, first.at_least) == (3, True)
    assert library.find(kept=True, not_ended_by=date(2024, 3, 1), limit=10) == [one for one in own if one != papers[1]]
    everybody = {library.agency.id, library.other.id}
    assert library.find(kept=True, agency_ids=everybody, limit=10) == order[::-1]


def test_filters_alone_are_read_on_slice_by_slice(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.search.index.WIDE", 4)
    papers = [library.add("giấy", "trang hai", paper_type="don") for _ in range(11)]
    library.add("giấy", paper_type="to_khai")
    first = library.search(paper_type="don", limit=3)
    assert (first.total, first.at_least) == (4, True)
    slices = [library.find(paper_type="don", limit=3, offset=offset) for offset in range(0, 15, 3)]
    assert slices == [papers[10:7:-1], papers[7:4:-1], papers[4:1:-1], papers[1::-1], []]
    assert library.search(paper_type="don", limit=3, offset=9).total == 11
    assert library.search(paper_type="to_khai").at_least is False


def test_year_and_what_the_warehouse_knows(library: Library) -> None:
    dated = {"issued_on": {"value": "2023-05-02", "source": "ocr"}}
    loose = library.add("giấy phép", fields=dated)
    kept = library.add("giấy phép", fields=dated)
    ended = library.add("giấy phép", fields={"issued_on": {"value": "2024-05-02", "source": "ocr"}})
    with transaction(library.factory) as session:
        for paper in (kept, ended):
            component = session.get_one(Component, paper)
            result = keep(session, component, session.get_one(Dossier, component.dossier_id), default_catalog())
            result.ended_on = date(2024, 7, 1) if paper == ended else None
    assert set(library.find("giấy phép", year=2023)) == {loose, kept}
    assert library.find(year=2024) == [ended]
    assert set(library.find("giấy phép", kept=True)) == {kept, ended}
    assert set(library.find(not_ended_by=date(2024, 6, 30))) == {loose, kept, ended}
    assert set(library.find(not_ended_by=date(2024, 7, 1))) == {loose, kept}


def test_foreign_agencies_see_nothing(library: Library) -> None:
    mine = library.add("đơn đề nghị")
    theirs = library.add("đơn đề nghị", agency=library.other)
    assert library.find("đơn") == [mine]
    assert library.find("đơn", agency_ids={library.other.id}) == [theirs]
    assert set(library.find("đơn", agency_ids={library.agency.id, library.other.id})) == {mine, theirs}
    assert library.search("đơn", agency_ids=[]) == SearchResult((), 0)
    assert library.find(agency_ids=["nobody"]) == []
    assert library.search("đơn").total == 1


def test_indexing_again_replaces(library: Library) -> None:
    paper = library.add("chữ cũ số 1/QĐ-UBND")
    with transaction(library.factory) as session:
        session.get_one(Page, _first_page(session, paper)).text = "chữ mới số 2/QĐ-UBND"
        library.index.index_component(session, paper)
    assert library.find("cũ") == []
    assert library.find(number="1/QĐ-UBND") == []
    assert library.find("mới") == [paper]
    assert library.find(number="2/QĐ-UBND") == [paper]
    with transaction(library.factory) as session:
        assert reindex(session, library.index) == 1
    assert library.find("mới") == [paper]


def _first_page(session: Session, component_id: str) -> str:
    scan_id = session.get_one(Component, component_id).scan_id
    return session.scalars(select(Page.id).where(Page.scan_id == scan_id, Page.number == 1)).one()


def test_removal(library: Library) -> None:
    paper = library.add("sẽ bị gỡ 5/QĐ-UBND")
    with transaction(library.factory) as session:
        library.index.remove(session, paper)
        library.index.remove(session, paper)
        library.index.remove(session, "unknown")
        library.index.index_component(session, "unknown")
    assert library.find("gỡ") == []
    assert library.find() == []


def test_slices_and_total(library: Library) -> None:
    papers = {library.add(f"biên bản số {number}") for number in range(7)}
    seen: list[str] = []
    for offset in (0, 3, 6):
        result = library.search("biên bản", limit=3, offset=offset)
        assert result.total == 7
        seen += [hit.component_id for hit in result.hits]
    assert set(seen) == papers
    assert len(seen) == 7
    assert library.search("biên bản", limit=3, offset=9) == SearchResult((), 7)


def test_a_long_page_and_long_words(library: Library) -> None:
    paper = library.add("dài " * 40_000 + "x" * 5000 + " cuối")
    assert library.find("cuối") == [paper]
    assert library.find("x" * 5000) == [paper]
    assert library.find("dài " * 500) == [paper]


HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from("\"'*():^{}-+&|!<>\\%_$ ANDORNT;/\x01đĐưỪ\u0301\u0323ﬁßİ🙂"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=HOSTILE)
def test_signs_in_a_query_are_only_text(library: Library, q: str) -> None:
    library.search(q)
    library.search(f'thủ "{q}" tục', number=q or None, holder_id_number=q or None)


@pytest.mark.parametrize(
    "q",
    [
        "thủ OR zzz",
        "NOT thủ",
        "exact:thủ",
        '"" OR 1',
        "thủ) OR (zzz",
        "'; DROP TABLE search_page; --",
        "NEAR(thủ tục)",
        "th* zzz",
        "^thủ zzz",
    ],
)
def test_operators_are_words(library: Library, q: str) -> None:
    library.add(PLAN)
    assert library.find(q) == []
    assert len(library.find("thủ")) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=HOSTILE.filter(lambda text: "\x00" not in text))
def test_what_was_indexed_is_found(library: Library, text: str) -> None:
    paper = library.add(f"đầu {text} cuối")
    assert paper in library.find(f'"đầu {text.replace(chr(34), " ")} cuối"', limit=10_000)
