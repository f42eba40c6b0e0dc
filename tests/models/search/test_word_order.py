"""The order of words leaves out no page that has a phrase, and nearly all that have only its words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from models.agencies import create_agency
from models.database import downgrade, reading, transaction, upgrade
from models.dossiers import create_dossier
from models.entities import Component, Page
from models.search import SearchQuery, make_index
from models.search.postgresql import TsvectorIndex
from models.search.query import Term
from models.search.tokens import MAX_TOKEN, tokenise
from models.search.word_order import in_order, phrases
from models.vietnamese import nfc
from tests.models.papers import scan_of

_TEXTS = st.lists(
    st.sampled_from(["Uỷ", "ban", "hoà", "ĐẤT", "đai", "383/KH-UBND", "İ", "ß", "Ⅳ", "ﬁ", "x" * 80, "ạ\u0301" * 50])
    | st.text(min_size=1, max_size=6),
    min_size=2,
    max_size=40,
).map(" ".join)


@given(page=_TEXTS, at=st.integers(0, 60), count=st.integers(2, 5), exact=st.booleans(), prefix=st.booleans())
def test_a_page_with_a_phrase_has_its_bytes(page: str, at: int, count: int, exact: bool, prefix: bool) -> None:
    tokens = tokenise(nfc(page))
    words = tokens[at % max(1, len(tokens)) :][:count]
    if not words:
        return
    if prefix:
        words[-1] = words[-1]._replace(exact=words[-1].exact[:1], folded=words[-1].folded[:1])
    term = Term(tuple(word.exact for word in words), tuple(word.folded for word in words), prefix=prefix)
    expression = TsvectorIndex().expression([term, Term(("mẫu",), ("mau",))], exact=exact)
    asked = phrases(expression)
    assert all(phrase in in_order([token.folded for token in tokens]) for phrase in asked)
    said = len(words) - prefix
    if said > 1 and all(len(word.exact) < MAX_TOKEN for word in words):
        assert [len(phrase) for phrase in asked] == [said]


def test_other_orders_have_other_bytes() -> None:
    there = in_order(["uy", "ban", "nhan", "dan", "xa"])
    assert phrases("('ủy' <-> 'ban' <-> 'nhân')")[0] in there
    assert phrases("('ban' <-> 'uy' <-> 'nhan')")[0] not in there


def test_a_choice_and_words_alone_ask_for_no_order() -> None:
    assert phrases("('uy') & ('ban')") == []
    assert phrases("('so' <-> 'ho':*)") == []
    assert phrases("('uy' <-> 'ban') & (('so' <-> 'ho') | ('so' <-> 'hu'))") == []


def test_pages_indexed_before_know_the_order_of_their_words(engine: Engine, factory: sessionmaker[Session]) -> None:
    """0021: as if they were indexed now."""
    if engine.dialect.name == "sqlite":  # its index knows it by itself
        downgrade(engine, "0020")
        upgrade(engine)
        return
    with transaction(factory) as session:
        agency = create_agency(session, code="H56.14", name="UBND xã Mẫu")
        dossier = create_dossier(session, agency=agency, title="Hồ sơ đất đai")
        scan = scan_of(session, dossier)
        paper = Component(scan_id=scan.id, dossier_id=dossier.id, agency_id=agency.id, position=1, first_page=1, last_page=2)  # fmt: skip
        bodies = ("Ủy ban nhân dân xã, ủy ban và ban ủy", "")
        session.add_all(
            [paper, *(Page(scan_id=scan.id, number=n, state="read", text=b) for n, b in enumerate(bodies, 1))]
        )
        session.flush()
        make_index(engine).index_component(session, paper.id)
        agency_id = agency.id

    def orders() -> list[bytes]:
        with reading(factory) as session:
            return list(session.scalars(text("SELECT words FROM search_order ORDER BY page_id")))

    now = orders()
    assert [
        words.startswith(in_order(["uy", "ban", "nhan", "dan", "xa", "uy", "ban", "va", "ban", "uy"])) for words in now
    ] == [True, False]
    downgrade(engine, "0020")
    upgrade(engine)
    assert orders() == now
    with reading(factory) as session:
        index = make_index(engine)
        found = [
            index.search(session, SearchQuery([agency_id], q=q)).total for q in ('"ban uy"', '"nhan ban"', '"va uy"')
        ]
        assert found == [1, 0, 0]
    with transaction(factory) as session:
        make_index(engine).remove(session, paper.id)
    assert orders() == []
