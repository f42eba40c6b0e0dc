"""What is searched for: words that stand in generated papers, drawn from the database itself."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from benchmarks.scale.texts import WORDS
from benchmarks.search import misread
from models.entities import Agency, Component, Dossier, Page
from models.search import SearchQuery
from models.vietnamese import fold

ROUNDS: Final = 20
EVERY_PAGE: Final = (
    "căn cứ luật",
    "chính quyền địa phương",
    "công chức tư pháp hộ tịch",
    "theo đề nghị của",
    "độc lập tự do",
    "luật",
)
TYPED: Final = ("ủy ban nhân dân", "nguyễn văn", "quyet dinh phe duyet", "giấy khai sinh")


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in papers of some agencies. ``lines``: sentences of pages."""

    agencies: frozenset[str]
    lines: list[list[str]]
    names: list[str]
    ids: list[str]
    numbers: list[str]


def known(session: Session, agencies: frozenset[str], seed: int = 5, count: int = 150) -> Known:
    """Of papers drawn at random among all ages."""
    chance = random.Random(seed)
    last = session.execute(text("SELECT max(id) FROM search_page")).scalar_one()
    found = Known(agencies, [], [], [], [])
    tried = 0
    while len(found.lines) < count and tried < 200:
        tried += 1
        # A number of pages from a random place on: pages of one agency may be one in two hundred.
        start = chance.randrange(1, last + 1)
        ids = session.scalars(
            text("SELECT component_id FROM search_page WHERE id BETWEEN :start AND :start + 2000 AND page = 1"),
            {"start": start},
        ).all()
        statement = (
            select(Component, Page.text)
            .join(Page, (Page.scan_id == Component.scan_id) & (Page.number == Component.first_page))
            .where(Component.id.in_(ids), Component.agency_id.in_(agencies))
            .limit(5)
        )
        for component, words in session.execute(statement):
            sentences = [line.split() for line in words.split("\n")[4:7] if len(line.split()) == WORDS]
            found.lines.extend(sentences)
            fields = component.fields
            found.names.append(str(fields.get("holder_name", {}).get("value") or "Nguyễn Văn An"))
            found.ids.append(str(fields.get("holder_id", {}).get("value") or "082000000001"))
            found.numbers.append(str(fields.get("number", {}).get("value") or "12/QĐ-UBND"))
    return found


def questions(of: Known, chance: random.Random, rounds: int = ROUNDS) -> dict[str, list[SearchQuery]]:
    """``rounds`` different queries of each kind."""

    def ask(make: Callable[[], str], **filters: Any) -> list[SearchQuery]:
        return [SearchQuery(agency_ids=of.agencies, q=make(), **filters) for _ in range(rounds)]

    def some(count: int) -> list[str]:
        words = chance.choice(of.lines)
        start = chance.randrange(len(words) - count + 1)
        return words[start : start + count]

    def wrong(words: Sequence[str]) -> str:
        at = max(range(len(words)), key=lambda index: len(words[index]))
        return " ".join(misread(fold(word), chance) if index == at else word for index, word in enumerate(words))

    typed = [word[:end] for word in TYPED for end in range(2, len(word) + 1)]

    def common() -> str:
        return chance.choice(EVERY_PAGE)

    birth = "giay_khai_sinh"
    return {
        "words with marks": ask(lambda: " ".join(some(3))),
        "words without marks": ask(lambda: fold(" ".join(some(3)))),
        "a phrase": ask(lambda: f'"{" ".join(some(4))}"'),
        "a phrase of every other page": ask(lambda: '"chính quyền địa phương"'),
        "words of every page, with marks": ask(common),
        "words of every page, without marks": ask(lambda: fold(common())),
        "one OCR error in the query": ask(lambda: wrong(some(3))),
        "a number": ask(lambda: chance.choice(of.numbers)),
        "a part of a number": ask(lambda: chance.choice(of.numbers).partition("/")[0]),
        "an id number": ask(lambda: chance.choice(of.ids)),
        "a name": ask(lambda: chance.choice(of.names)),
        "a name without marks": ask(lambda: fold(chance.choice(of.names))),
        "as it is typed, letter by letter": ask(lambda: chance.choice(typed)),
        "words of every page, one type": ask(common, paper_type="giay_xac_nhan_khuyet_tat"),
        "words of every page, one type and year": ask(common, paper_type=birth, year=2019),
        "words of every page, the tenth slice": ask(common, offset=180),
        "filters alone: type": ask(lambda: "", paper_type=birth),
        "filters alone: type, year": ask(lambda: "", paper_type="giay_chung_nhan_ket_hon", year=2018),
        "filters alone: in effect": ask(lambda: "", kept=True),
        "filters alone, the tenth slice": ask(lambda: "", paper_type=birth, offset=180),
        "number as a filter": [
            SearchQuery(agency_ids=of.agencies, number=chance.choice(of.numbers)) for _ in range(rounds)
        ],
        "a holder's papers": [
            SearchQuery(agency_ids=of.agencies, holder_id_number=chance.choice(of.ids)) for _ in range(rounds)
        ],
    }


def ids_of(session: Session, code: str | None = None) -> frozenset[str]:
    """All agencies, or the one of this code."""
    statement = select(Agency.id)
    return frozenset(session.scalars(statement.where(Agency.code == code) if code else statement))


def largest_commune(session: Session) -> str:
    """The code of the commune with the most stored papers: a clerk's view at its heaviest."""
    counted = text(
        "SELECT a.code FROM result r JOIN agency a ON a.id = r.agency_id WHERE a.code LIKE 'H58.__.%' GROUP BY a.code ORDER BY count(*) DESC, a.code LIMIT 1"
    )
    return str(session.execute(counted).scalar_one())


def holder_with_papers(session: Session, agencies: frozenset[str], count: int) -> list[tuple[str, str]]:
    """(id number, holder's id) of people of whom these agencies hold papers."""
    statement = text(
        "SELECT h.id_number, h.id FROM result r JOIN holder h ON h.id = r.holder_id WHERE r.agency_id = ANY(:ids) AND h.id_number IS NOT NULL LIMIT :most"
    )
    return [(number, id_) for number, id_ in session.execute(statement, {"ids": list(agencies), "most": count})]


def dossier_codes(session: Session, agencies: frozenset[str], count: int) -> list[str]:
    statement = select(Dossier.code).where(Dossier.agency_id.in_(agencies), Dossier.holder_id.is_not(None))
    return list(session.scalars(statement.limit(count)))
