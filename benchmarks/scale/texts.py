"""People, numbers and page texts of a generated province, cut into tokens by the product's own cutter."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.search import FAMILY, misread, vocabulary
from models.search.tokens import Token, tokenise
from models.vietnamese import nfc

POOL: Final = 30_000
"""Sentences that stand on several pages each; half of a page's words are drawn for it alone."""
SENTENCES: Final = 3
WORDS: Final = 10
OWN_WORDS: Final = 30
MIDDLE: Final = (
    "Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Thanh", "Quốc", "Diệu", "Kim", "Hoàng", "Xuân", "Thu", "Bảo", "Gia", "Phương", "Hồng", "Mỹ",
)  # fmt: skip
GIVEN: Final = (
    "An", "Bình", "Châu", "Dũng", "Giang", "Hạnh", "Hương", "Khánh", "Lan", "Mẫu", "Nga", "Phúc", "Quỳnh", "Sơn", "Thảo", "Uyên", "Vinh", "Yến",
    "Anh", "Bích", "Cường", "Duyên", "Đạt", "Hà", "Hiếu", "Hòa", "Huy", "Khoa", "Linh", "Loan", "Long", "Mai", "Nam", "Nhung", "Oanh", "Phong",
    "Quân", "Tâm", "Thắng", "Trang", "Trung", "Tuấn", "Tuyết", "Việt",
)  # fmt: skip
NATION: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc"
LAW: Final = "Căn cứ Luật Hộ tịch số 60/2014/QH13"
GROUND: Final = "Căn cứ Luật Tổ chức chính quyền địa phương; theo đề nghị của công chức Tư pháp - Hộ tịch"

NUMBERS: Final = {
    "quyet_dinh": "{n}/QĐ-UBND",
    "thong_bao": "{n}/TB-UBND",
    "giay_phep_xay_dung": "{n}/GPXD",
    "giay_xac_nhan_tinh_trang_hon_nhan": "{n}/UBND-XNTTHN",
    "trich_luc_ho_tich": "{n}/TLKT",
    "xac_nhan_cu_tru": "{n}/XN",
    "giay_chung_nhan_quyen_su_dung_dat": "CS {n:06d}",
    "giay_chung_nhan_dang_ky_ho_kinh_doanh": "53A8{n:06d}",
}
"""By paper type; of every other one its number in the register and the year."""


def number_of(paper_type: str, n: int, year: int) -> str:
    return NUMBERS.get(paper_type, "{n}/{year}").format(n=n, year=year)


@dataclass(frozen=True, slots=True)
class Text:
    """A text beside its tokens, spelled exactly and folded."""

    text: str
    exact: tuple[str, ...]
    folded: tuple[str, ...]

    @staticmethod
    def of(text: str) -> Text:
        return Text.cut(text, tokenise(nfc(text)))

    @staticmethod
    def cut(text: str, tokens: Sequence[Token]) -> Text:
        return Text(text, tuple(token.exact for token in tokens), tuple(token.folded for token in tokens))


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    number: str
    birth: str


class Writer:
    """Draws people and pages. ``people``: those who had papers before; two of five come again."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.people: list[Person] = []
        self._words = vocabulary(chance)
        self._exact = {word: tokenise(word)[0].exact for word in self._words}
        self._folded = {word: tokenise(word)[0].folded for word in self._words}
        self._weights = [1 / (rank + 10) for rank in range(len(self._words))]
        drawn = iter(self.chance.choices(self._words, self._weights, k=POOL * WORDS))
        self._pool = [Text.of(" ".join(next(drawn) for _ in range(WORDS))) for _ in range(POOL)]
        self._bag: list[str] = []

    def id(self) -> str:
        return f"{self.chance.getrandbits(128):032x}"

    def person(self) -> tuple[Person, bool]:
        """Somebody, and whether for the first time."""
        chance = self.chance
        if self.people and chance.random() < 0.4:
            return chance.choice(self.people), False
        n = len(self.people)
        year, woman = chance.randrange(1940, 2020), chance.random() < 0.5
        century = 2 * (year // 100 - 19) + woman
        middle = "Thị" if woman and chance.random() < 0.5 else chance.choice(MIDDLE)
        given = chance.choice(GIVEN) if chance.random() < 0.5 else f"{chance.choice(GIVEN)} {chance.choice(GIVEN)}"
        made = Person(
            self.id(),
            f"{chance.choice(FAMILY)} {middle} {given}",
            f"{(82, 79, 83, 80)[n % 4]:03d}{century}{year % 100:02d}{n % 1_000_000:06d}",
            f"{year}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}",
        )
        self.people.append(made)
        return made, True

    def body(self) -> list[Text]:
        """A page's own words: sentences that other pages have too, words of its own, the first of them misread."""
        if len(self._bag) < OWN_WORDS:
            self._bag = self.chance.choices(self._words, self._weights, k=20_000)
        own, self._bag = self._bag[:OWN_WORDS], self._bag[OWN_WORDS:]
        wrong = Text.of(misread(own[0], self.chance))
        return [*self.chance.choices(self._pool, k=SENTENCES), wrong, self._joined(own[1:])]

    def _joined(self, words: Sequence[str]) -> Text:
        return Text(
            " ".join(words), tuple(map(self._exact.__getitem__, words)), tuple(map(self._folded.__getitem__, words))
        )
