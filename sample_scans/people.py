"""Synthetic people, places and numbers. Nobody here exists: names are composed from the lists below, places are made up,
and the random part of every personal id starts with 999.

Numbers follow the grammars that the software must check (số định danh: NĐ 137/2015 Điều 13; agency code: QĐ 20/2020).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

FAMILIES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Nông",
    "Lò",
    "Quách",
)
MIDDLES_MALE = ("Mạnh", "Thế", "Duy", "Trường", "Khắc", "Công", "Hữu", "Bá", "Nhật", "Việt")
MIDDLES_FEMALE = ("Thị", "Thị Mỹ", "Thị Bích", "Ngọc", "Thị Thùy", "Diệu", "Thị Hồng", "Khánh")
GIVEN_MALE = (
    "Sơn Thạch",
    "Bách Tùng",
    "Lộc Điền",
    "Khởi Nguyên",
    "Hải Triều",
    "Đông Phương",
    "Thạch Kiên",
    "Vĩnh Trụ",
    "Quế Lâm",
    "Bình Dã",
)
GIVEN_FEMALE = (
    "Vân Sương",
    "Hạ Lam",
    "Mộc Miên",
    "Thủy Trúc",
    "Lệ Giang",
    "Sao Khuê",
    "Bạch Diệp",
    "Thu Quỳnh",
    "Tố Nga",
    "Ánh Nguyệt",
)
ETHNIC = ("Kinh", "Kinh", "Kinh", "Kinh", "Tày", "Mường", "Thái", "Ê Đê")

# Province codes of the id (TT 07/2016/TT-BCA), real ones, because the grammar wants one that exists.
BIRTH_CODES = ("001", "010", "019", "025", "033", "038", "042", "049", "056", "068", "077", "083", "092")

PROVINCES = ("Trường Lam", "Sơn Mây", "Hải Khê", "Vân Đồng Hạ")
DISTRICTS = ("Khê Trung", "Lam Sa", "Bãi Thượng", "Đồng Gạch")
COMMUNES = (
    "Thạch Khê Hạ",
    "Đồng Mây",
    "Suối Lau Đông",
    "Cồn Sương",
    "Bãi Sậy Tây",
    "Núi Dẻ",
    "Ruộng Vàng",
    "Lèn Đá Trắng",
)
WARDS = ("Bến Trăng", "Gò Sương", "Chợ Gạch", "Cầu Tre Bắc", "Giếng Ngọc Nam")
HAMLETS = ("Đồi Chè", "Bến Nứa", "Cây Gạo", "Bờ Rào", "Ao Sen", "Vườn Trầu", "Cổng Đá", "Giếng Chùa")
STREETS = ("Hàng Tre", "Bờ Kênh", "Sân Kho", "Lò Gốm", "Vườn Ươm", "Bến Nước")
HOSPITALS = ("Trạm Y tế", "Trung tâm Y tế khu vực", "Bệnh viện Đa khoa")

UNITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


@dataclass(frozen=True, slots=True)
class Person:
    """``sex``: Nam or Nữ. ``id_number``: 12 digits. ``home`` and ``old_home``: without and with the district level."""

    name: str
    sex: str
    born: date
    id_number: str
    ethnic: str
    home: str
    old_home: str

    @property
    def title(self) -> str:
        return "ông" if self.sex == "Nam" else "bà"


@dataclass(frozen=True, slots=True)
class Agency:
    """A commune's or ward's people's committee. ``code``: mã định danh điện tử of a province code that is not issued."""

    kind: str  # xã | phường
    name: str
    district: str
    province: str
    code: str

    @property
    def place(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def old_district(self) -> str:
        """The level that went on 01/7/2025: communes lay in a huyện, wards in a thị xã."""
        return f"{'huyện' if self.kind == 'xã' else 'thị xã'} {self.district}"

    @property
    def body(self) -> str:
        return f"Ủy ban nhân dân {self.place}"

    @property
    def seal(self) -> tuple[str, str]:
        return f"ỦY BAN NHÂN DÂN {self.place.upper()}", f"T. {self.province.upper()}"

    @property
    def old_seal(self) -> tuple[str, str]:
        return (
            f"ỦY BAN NHÂN DÂN {self.place.upper()}",
            f"{'H.' if self.kind == 'xã' else 'TX.'} {self.district.upper()}",
        )


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody that the papers of one dossier speak of. ``today``: the day the dossier is handed in."""

    agency: Agency
    holder: Person
    spouse: Person
    father: Person
    mother: Person
    child: Person
    other: Person
    chairman: str
    deputy: str
    clerk: str
    today: date
    married: date
    procedure: str = ""  # mã thủ tục hành chính, where the paper depends on it; any when empty


def personal_id(sex: str, born: date, rng: Random) -> str:
    """PPP + century-and-sex digit + YY + six digits, 999xxx: a form that is valid and a number that nobody has."""
    century = (born.year // 100 - 19) * 2 + (0 if sex == "Nam" else 1)
    return f"{rng.choice(BIRTH_CODES)}{century}{born.year % 100:02d}999{rng.randrange(1000):03d}"


def make_name(sex: str, rng: Random, family: str | None = None) -> str:
    family = family or rng.choice(FAMILIES)
    if sex == "Nam":
        return f"{family} {rng.choice(MIDDLES_MALE)} {rng.choice(GIVEN_MALE)}"
    return f"{family} {rng.choice(MIDDLES_FEMALE)} {rng.choice(GIVEN_FEMALE)}"


def random_day(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def workday(day: date) -> date:
    """The same day or the next Monday."""
    return day + timedelta(days=max(0, 7 - day.weekday()) % 7) if day.weekday() > 4 else day


def make_agency(rng: Random) -> Agency:
    kind = rng.choice(("xã", "xã", "phường"))
    name = rng.choice(COMMUNES if kind == "xã" else WARDS)
    number = 10 + (COMMUNES + WARDS).index(name)
    return Agency(kind, name, rng.choice(DISTRICTS), rng.choice(PROVINCES), f"H99.{number}")


def make_person(agency: Agency, rng: Random, *, sex: str, years: tuple[int, int], family: str | None = None) -> Person:
    """A person of the agency's area, born in one of the years (both included)."""
    born = random_day(rng, date(years[0], 1, 1), date(years[1], 12, 28))
    if agency.kind == "xã":
        near = f"Thôn {rng.choice(HAMLETS)}"
    else:
        near = f"Số {rng.randint(2, 280)} đường {rng.choice(STREETS)}"
    home = f"{near}, {agency.place}, tỉnh {agency.province}"
    old = f"{near}, {agency.place}, {agency.old_district}, tỉnh {agency.province}"
    return Person(make_name(sex, rng, family), sex, born, personal_id(sex, born, rng), rng.choice(ETHNIC), home, old)


def make_cast(rng: Random, procedure: str = "") -> Cast:
    """A household and the officers who serve it. After 01/7/2025 there is no district level any more."""
    agency = make_agency(rng)
    today = workday(random_day(rng, date(2025, 8, 1), date(2026, 10, 30)))
    sex = rng.choice(("Nam", "Nữ"))
    holder = make_person(agency, rng, sex=sex, years=(1984, 1999))
    spouse = make_person(agency, rng, sex="Nữ" if sex == "Nam" else "Nam", years=(1984, 1999))
    husband = holder if sex == "Nam" else spouse
    father = make_person(agency, rng, sex="Nam", years=(1955, 1964), family=holder.name.split()[0])
    mother = make_person(agency, rng, sex="Nữ", years=(1957, 1966))
    child = make_person(agency, rng, sex=rng.choice(("Nam", "Nữ")), years=(2023, 2024), family=husband.name.split()[0])
    other = make_person(agency, rng, sex=rng.choice(("Nam", "Nữ")), years=(1970, 1995))
    married = workday(random_day(rng, date(2019, 1, 10), date(2022, 12, 10)))
    officers = [make_name(rng.choice(("Nam", "Nữ")), rng) for _ in range(3)]
    people = (holder, spouse, father, mother, child, other)
    return Cast(agency, *people, officers[0], officers[1], officers[2], today, married, procedure)


def say_number(value: int) -> str:
    """A number below 10 000 in words, as certificates spell days, years and areas."""
    if value >= 1000:
        rest = value % 1000
        tail = f" {_hundreds(rest, full=True)}" if rest else ""
        return f"{UNITS[value // 1000]} nghìn{tail}"
    return _hundreds(value, full=False)


def _hundreds(value: int, *, full: bool) -> str:
    hundreds, rest = divmod(value, 100)
    words = [f"{UNITS[hundreds]} trăm"] if hundreds or full else []
    tens, ones = divmod(rest, 10)
    if tens == 0 and ones:
        words.append(f"linh {UNITS[ones]}" if words else UNITS[ones])
    elif tens == 1:
        words.append("mười" + (f" {'lăm' if ones == 5 else UNITS[ones]}" if ones else ""))
    elif tens:
        last = {1: "mốt", 4: "tư", 5: "lăm"}.get(ones, UNITS[ones])
        words.append(f"{UNITS[tens]} mươi" + (f" {last}" if ones else ""))
    return " ".join(words) or UNITS[0]


def say_date(day: date) -> str:
    """``ngày mười lăm tháng ba năm hai nghìn không trăm hai mươi tư``."""
    month = {1: "một", 4: "tư"}.get(day.month, say_number(day.month))
    return f"ngày {say_number(day.day)} tháng {month} năm {say_number(day.year)}"
