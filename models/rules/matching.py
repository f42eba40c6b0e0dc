"""Which paper is which line of an inventory: compared field by field, scored, tied only where nothing and nobody else speaks.

A key that somebody declared (file name, separator sheet, code on the paper) comes first, then number, day and holder. One slip of a reader is borne
with: a look-alike in the number, a letter of the name, a digit of the day. What has two near candidates, or differs where a person has confirmed the
paper's field, is never tied here: it becomes a finding for people. The points are our own choice; no rule of law sets them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Levenshtein

from models.vietnamese.folding import fold
from models.vietnamese.numbers import number_key


class Field(StrEnum):
    KEY = "key"
    NUMBER = "number"
    DAY = "issued_on"
    HOLDER_ID = "holder_id"
    HOLDER = "holder_name"
    TYPE = "paper_type"


class Likeness(StrEnum):
    SAME = "same"
    NEAR = "near"  # one slip of a reader apart
    ABSENT = "absent"  # one of the two doesn't say it
    DIFFERENT = "different"


class Kind(StrEnum):
    """What a finding is: the four lists that people settle."""

    MISSING = "missing"  # reported, not received
    UNLISTED = "unlisted"  # received, not listed
    MISMATCHED = "mismatched"  # key or number match, what they say contradicts
    DUPLICATE = "duplicate"  # another paper for a line


POINTS: Final[Mapping[tuple[Field, Likeness], int]] = {
    (Field.KEY, Likeness.SAME): 50,
    (Field.NUMBER, Likeness.SAME): 40,
    (Field.NUMBER, Likeness.NEAR): 25,
    (Field.DAY, Likeness.SAME): 25,
    (Field.DAY, Likeness.NEAR): 15,
    (Field.HOLDER_ID, Likeness.SAME): 30,
    (Field.HOLDER, Likeness.SAME): 20,
    (Field.HOLDER, Likeness.NEAR): 15,
    (Field.TYPE, Likeness.SAME): 5,
}
ENOUGH: Final = 60
"""Of points, to tie where neither key nor number is the same: number and holder, or near number, day and holder."""
MARGIN: Final = 15
"""A candidate fewer points behind the best is near it."""
WORTH_TELLING: Final = 40
MOST_TOLD: Final = 5
_SHORTEST_NAME = 6  # shorter names are one letter away from others
_LOOK_ALIKE = frozenset(
    frozenset(pair)
    for pair in (
        *("0o", "0d", "0q", "06", "08", "09", "1l", "1i", "1t", "17", "14", "2z", "27"),
        *("38", "35", "49", "5s", "56", "6b", "6g", "68", "8b", "9g", "9q"),
    )
)
_BETWEEN = re.compile(r"\s*(?:[,;/&+]|\bva\b|\bvoi\b)\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as far as a paper may contradict it. ``code``: the list's own, ``""`` if it has none. ``types``: of paper that it may be; empty: any."""

    id: str
    year: int
    code: str = ""
    number: str = ""
    day: date | None = None
    holder: str = ""
    holder_id: str = ""
    types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Paper:
    """``certain``: fields that a person has confirmed. ``expected``: a result of a year that was listed, so that a line should name it."""

    id: str
    key: str = ""
    number: str = ""
    day: date | None = None
    holder: str = ""
    holder_id: str = ""
    type: str = ""
    certain: frozenset[Field] = frozenset()
    expected: bool = True


@dataclass(frozen=True, slots=True)
class Pair:
    """A paper beside a line, and why it scores what it does."""

    line_id: str
    paper_id: str
    likeness: Mapping[Field, Likeness]
    certain: frozenset[Field] = frozenset()

    @property
    def score(self) -> int:
        return sum(POINTS.get(one, 0) for one in self.likeness.items())

    @property
    def by_key(self) -> bool:
        """Whether the paper's declared key names the line."""
        return self.likeness[Field.KEY] is Likeness.SAME

    @property
    def contradictions(self) -> frozenset[Field]:
        """Fields that differ. Another name is borne with where number and day are the same: a certificate of marriage has two holders."""
        differ = {field for field, found in self.likeness.items() if found is Likeness.DIFFERENT}
        differ -= {Field.KEY}  # another key is no content
        if self._all_same(Field.NUMBER, Field.DAY):
            differ -= {Field.HOLDER}
        return frozenset(differ)

    @property
    def ties(self) -> bool:
        """Whether these two belong together, if no other candidate is near."""
        near = {field for field, found in self.likeness.items() if found is Likeness.NEAR}
        if self.contradictions or near & self.certain:
            return False
        if self.by_key:
            return len(near) <= 1
        return (self._all_same(Field.NUMBER) and not near) or (self.score >= ENOUGH and len(near) <= 1)

    def _all_same(self, *fields: Field) -> bool:
        return all(self.likeness.get(field) is Likeness.SAME for field in fields)

    def told(self) -> dict[str, object]:
        """For a record: both ids, the points, and each field's likeness."""
        return {
            "line": self.line_id,
            "paper": self.paper_id,
            "score": self.score,
            "fields": {field.value: found.value for field, found in self.likeness.items()},
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """Something for people. ``pairs``: the candidates, best first; of a mismatch or duplicate the first is the pair itself."""

    kind: Kind
    line_id: str | None
    paper_id: str | None
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """``ties``: to be made. ``loosened``: machine-made ones that what is now known contradicts."""

    ties: tuple[Pair, ...]
    loosened: tuple[Pair, ...]
    findings: tuple[Finding, ...]


@lru_cache(maxsize=65536)
def key_name(text: str) -> str:
    """What a declared key and a line's code or number have in common: a file's name has a dash where the number has a slash."""
    return re.sub(r"[^a-z0-9]+", "-", number_key(text)).strip("-")


def compare_numbers(one: str, other: str) -> Likeness:
    """Of two number keys. Near: a look-alike, another letter in a symbol, or one sign lost or added; never two."""
    if not one or not other:
        return Likeness.ABSENT
    if one == other:
        return Likeness.SAME
    if Levenshtein.distance(one, other, score_cutoff=1) > 1:
        return Likeness.DIFFERENT
    if len(one) == len(other):
        was, now = next(pair for pair in zip(one, other, strict=True) if pair[0] != pair[1])
        alike = frozenset((was, now)) in _LOOK_ALIKE or not (was.isdigit() or now.isdigit())
        return Likeness.NEAR if alike else Likeness.DIFFERENT
    return Likeness.NEAR


def compare_days(one: date | None, other: date | None) -> Likeness:
    """Near: one digit of ``ddmmyyyy`` that readers take for another."""
    if one is None or other is None:
        return Likeness.ABSENT
    if one == other:
        return Likeness.SAME
    digits = zip(f"{one:%d%m%Y}", f"{other:%d%m%Y}", strict=True)
    differ = [frozenset(pair) for pair in digits if pair[0] != pair[1]]
    return Likeness.NEAR if len(differ) == 1 and differ[0] in _LOOK_ALIKE else Likeness.DIFFERENT


def compare_names(one: str, other: str) -> Likeness:
    """Folded; of several holders in one cell the likest. Near: one letter."""
    if not one.strip() or not other.strip():
        return Likeness.ABSENT
    ones, others = _names(one), _names(other)
    if set(ones) & set(others):
        return Likeness.SAME
    near = any(
        min(len(a), len(b)) >= _SHORTEST_NAME and Levenshtein.distance(a, b, score_cutoff=1) <= 1
        for a in ones
        for b in others
    )
    return Likeness.NEAR if near else Likeness.DIFFERENT


@lru_cache(maxsize=65536)
def _names(text: str) -> tuple[str, ...]:
    plain = " ".join(fold(text).split())
    return tuple(dict.fromkeys([plain, *(part for part in _BETWEEN.split(plain) if part)]))


def _same(one: str, other: str) -> Likeness:
    if not one or not other:
        return Likeness.ABSENT
    return Likeness.SAME if one == other else Likeness.DIFFERENT


def compare(line: Line, paper: Paper) -> Pair:
    """All fields of the two. A line that says no day still says its year."""
    day = compare_days(line.day, paper.day)
    if line.day is None and paper.day is not None and paper.day.year != line.year:
        day = Likeness.DIFFERENT
    kind = Likeness.ABSENT
    if line.types and paper.type:
        kind = Likeness.SAME if paper.type in line.types else Likeness.DIFFERENT
    key = Likeness.ABSENT
    if paper.key:
        key = Likeness.SAME if key_name(paper.key) in _keys_of(line) else Likeness.DIFFERENT
    likeness = {
        Field.KEY: key,
        Field.NUMBER: compare_numbers(number_key(line.number), number_key(paper.number)),
        Field.DAY: day,
        Field.HOLDER_ID: _same(line.holder_id, paper.holder_id),
        Field.HOLDER: compare_names(line.holder, paper.holder),
        Field.TYPE: kind,
    }
    return Pair(line.id, paper.id, likeness, paper.certain)


def _keys_of(line: Line) -> set[str]:
    return {key_name(text) for text in (line.code, line.number) if text} - {""}


class _Lines:
    """Lines by what a paper may have in common with them. Whatever is one slip apart in one field is the same in another."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.by_id = {line.id: line for line in lines}
        self._keys: defaultdict[str, list[str]] = defaultdict(list)
        self._numbers: defaultdict[str, list[str]] = defaultdict(list)
        self._others: defaultdict[object, list[str]] = defaultdict(list)
        for line in self.by_id.values():
            for key in _keys_of(line):
                self._keys[key].append(line.id)
            if line.number:
                self._numbers[number_key(line.number)].append(line.id)
            for other in _blocks(line.day, line.holder, line.holder_id):
                self._others[other].append(line.id)

    def named(self, paper: Paper) -> list[str]:
        return self._keys.get(key_name(paper.key), []) if paper.key else []

    def pairs(self, paper: Paper, apart: Collection[tuple[str, str]]) -> list[Pair]:
        """Best first. A number that agrees with all else leaves nothing near, so the lines of its day are not looked at."""
        exact = [*self.named(paper), *(self._numbers.get(number_key(paper.number), []) if paper.number else [])]
        found = [compare(self.by_id[one], paper) for one in dict.fromkeys(exact) if (one, paper.id) not in apart]
        if not any(pair.ties and pair.score >= ENOUGH + MARGIN for pair in found):
            blocks = _blocks(paper.day, paper.holder, paper.holder_id)
            more = dict.fromkeys(one for block in blocks for one in self._others.get(block, []))
            seen = set(exact)
            found += [
                compare(self.by_id[one], paper) for one in more if one not in seen and (one, paper.id) not in apart
            ]
        return sorted(
            (pair for pair in found if pair.score >= WORTH_TELLING), key=lambda pair: (-pair.score, pair.line_id)
        )


def _blocks(day: date | None, holder: str, holder_id: str) -> list[object]:
    names = [("name", name) for name in _names(holder)] if holder.strip() else []
    return [*([day] if day else []), *names, *([("id", holder_id)] if holder_id else [])]


def judge(
    lines: Sequence[Line],
    papers: Sequence[Paper],
    *,
    tied: Mapping[str, str],
    settled: Collection[str] = frozenset(),
    apart: Collection[tuple[str, str]] = frozenset(),
) -> Judged:
    """Every paper and every line, each once: tied, or in at least one finding (a paper that no line need name may be in none).

    ``tied``: paper by line, as it stands. ``settled``: lines whose tie a person made, which nothing here loosens. ``apart``: (line, paper) that a
    person keeps apart. The same input gives the same outcome in any order.
    """
    index = _Lines(sorted(lines, key=lambda line: line.id))
    by_id = {paper.id: paper for paper in papers}
    loosened: list[Pair] = []
    taken: dict[str, str] = {}
    for line_id, paper_id in tied.items():
        if line_id not in settled and line_id in index.by_id and paper_id in by_id:
            pair = compare(index.by_id[line_id], by_id[paper_id])
            if pair.contradictions or (line_id, paper_id) in apart:
                loosened.append(pair)
                continue
        taken[line_id] = paper_id
    held = set(taken.values())
    free = sorted((paper for paper in papers if paper.id not in held), key=lambda paper: paper.id)
    pairs = {paper.id: index.pairs(paper, apart) for paper in free}
    return _Court(index, free, pairs, taken, loosened).judged()


class _Court:
    def __init__(
        self,
        index: _Lines,
        free: Sequence[Paper],
        pairs: Mapping[str, list[Pair]],
        taken: Mapping[str, str],
        loosened: Sequence[Pair],
    ) -> None:
        self._index, self._free, self._pairs, self._taken, self._loosened = index, free, pairs, taken, loosened
        self._claims = {paper.id: self._claims_of(paper) for paper in free}
        self._claimed: defaultdict[str, list[Pair]] = defaultdict(list)
        for claims in self._claims.values():
            for pair in claims:
                self._claimed[pair.line_id].append(pair)

    def _claims_of(self, paper: Paper) -> list[Pair]:
        """The candidates that are near the best of them. Of a paper whose key names lines only those."""
        plausible = [pair for pair in self._pairs[paper.id] if not pair.contradictions]
        if any(pair.by_key for pair in self._pairs[paper.id]):
            plausible = [pair for pair in plausible if pair.by_key]
        return [pair for pair in plausible if pair.score > plausible[0].score - MARGIN]

    def judged(self) -> Judged:
        sole = {one: claims[0] for one, claims in self._claims.items() if len(claims) == 1 and claims[0].ties}
        ties = [pair for pair in sole.values() if self._alone(pair)]
        # whole before any finding: the next run finds these lines taken, and must say of the other papers what this one says
        taken = self._taken.keys() | {pair.line_id for pair in ties}
        tied = {pair.paper_id for pair in ties}
        findings: list[Finding] = []
        for paper in self._free:
            if paper.id in tied:
                continue
            claims = self._claims[paper.id]
            if paper.id in sole:
                findings.append(self._of_pair(Kind.DUPLICATE, sole[paper.id]))
            elif not claims and (mismatch := self._mismatch(paper, taken)) is not None:
                findings.append(self._of_pair(Kind.MISMATCHED, mismatch))
            elif paper.expected or paper.key or claims:
                findings.append(Finding(Kind.UNLISTED, None, paper.id, tuple(self._pairs[paper.id][:MOST_TOLD])))
        findings += self._missing(taken, tied, findings)
        return Judged(tuple(ties), tuple(self._loosened), tuple(findings))

    def _alone(self, pair: Pair) -> bool:
        """Whether nothing else is tied to the line or claims it with nearly as many points."""
        rivals = [other for other in self._claimed[pair.line_id] if other.paper_id != pair.paper_id]
        return pair.line_id not in self._taken and all(other.score <= pair.score - MARGIN for other in rivals)

    def _mismatch(self, paper: Paper, taken: Collection[str]) -> Pair | None:
        """The line that key or number name, though what they say differs."""
        named = next((pair for pair in self._pairs[paper.id] if pair.by_key), None)
        if named is not None:
            return named
        for pair in self._pairs[paper.id]:
            same = pair.likeness[Field.NUMBER] is Likeness.SAME and pair.likeness[Field.TYPE] is not Likeness.DIFFERENT
            this_year = paper.day is None or paper.day.year == self._index.by_id[pair.line_id].year
            if same and this_year and pair.line_id not in taken:
                return pair
        return None

    def _of_pair(self, kind: Kind, pair: Pair) -> Finding:
        others = [other for other in self._pairs[pair.paper_id] if other != pair][: MOST_TOLD - 1]
        return Finding(kind, pair.line_id, pair.paper_id, (pair, *others))

    def _missing(self, taken: Collection[str], tied: Collection[str], findings: Iterable[Finding]) -> list[Finding]:
        found = {*taken, *(one.line_id for one in findings if one.line_id)}
        candidates: defaultdict[str, list[Pair]] = defaultdict(list)
        for pairs in self._pairs.values():
            for pair in pairs:
                if pair.paper_id not in tied:
                    candidates[pair.line_id].append(pair)
        return [
            Finding(
                Kind.MISSING,
                line_id,
                None,
                tuple(sorted(candidates[line_id], key=lambda pair: (-pair.score, pair.paper_id))[:MOST_TOLD]),
            )
            for line_id in self._index.by_id
            if line_id not in found
        ]
