"""What every act of this package shares: office, matter, day, head, title, signature; each drawn in several ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sample_scans.layout.draft import Draft, Margins
from sample_scans.layout.parts import Head, Signature, head, signature_block, title
from sample_scans.layout.rich import Style
from sample_scans.papers.acts.offices import Office, OfficeOf, act_day
from sample_scans.papers.acts.topics import MATTERS
from sample_scans.papers.common import serial, short
from sample_scans.people import Cast, make_name
from sample_scans.text import DUTIES, Topic, fill, some


@dataclass(frozen=True, slots=True)
class Act:
    """An act before it is set. ``values`` fills the slots of the texts (``text.filler`` says which)."""

    draft: Draft
    cast: Cast
    rng: Random
    office: Office
    topic: Topic
    day: date
    values: dict[str, str]

    def say(self, template: str) -> str:
        return fill(template, self.values)

    @property
    def goals(self) -> list[str]:
        return [self.say(goal) for goal in self.topic.goals]

    @property
    def tasks(self) -> list[str]:
        return [self.say(task) for task in self.topic.tasks]

    def duties(self, count: int) -> list[str]:
        return some(DUTIES, count, self.rng)

    @property
    def about(self) -> str:
        """The matter, as it follows "về việc"."""
        return self.say(self.topic.about)


def begin(draft: Draft, cast: Cast, rng: Random, offices: tuple[OfficeOf, ...]) -> Act:
    """Chooses who issues it, when, and what it is about."""
    office = rng.choice(offices)(cast, rng)
    day = act_day(office, cast, rng)
    draft.margins = Margins(rng.uniform(17, 24), rng.uniform(18, 23), rng.uniform(27, 35), rng.uniform(14, 20))
    draft.y, draft.leading, draft.size = draft.margins.top, rng.uniform(1.12, 1.34), rng.choice((13, 13.5, 14, 14))
    draft.number_form = rng.choices(("", "{}", "Trang {}"), (8, 1, 1))[0]
    soon = day + timedelta(days=rng.randint(20, 90))
    values = {
        "place": office.area,
        "body": office.name,
        "year": str(day.year),
        "n": str(rng.randint(3, 15)),
        "p": str(rng.choice((70, 75, 80, 85, 90, 95))),
        "day": short(soon),
    }
    draft.fields |= {"issuer": office.name}
    return Act(draft, cast, rng, office, rng.choice(MATTERS), day, values)


def set_head(act: Act, symbol: str, *, about: str = "") -> None:
    """The two columns on top, with what a counter meets: printed, handwritten and empty number and day.

    ``symbol`` follows the running number (``KH-UBND``). An empty number or day is null in the truth; ``number_symbol`` is
    what is printed of it in any case.
    """
    draft, rng, office = act.draft, act.rng, act.office
    way = rng.choices(("print", "hand", "spaced", "empty"), (5, 5, 2, 1.2))[0]
    number = None if way == "empty" else serial(rng, 2400 if office.symbol != "UBND" else 980)
    shown = {
        "print": f"Số: {{number|{number}/{symbol}}}",
        "hand": f"Số: {{~number|{number}}}{{number|/{symbol}}}",
        "spaced": f"Số: {{~number|{number}}} {{number|/{symbol}}}",
        "empty": f"Số:         /{symbol}",
    }[way]
    when, known = date_line(act, hand=way != "print")
    head(draft, Head(office.above, "\n".join(office.lines), shown, when, about))
    draft.sheet.day = act.day
    draft.fields |= {
        "number": f"{number}/{symbol}" if number else None,
        "issued_on": act.day if known else None,
        "issued_at": office.city,
    }
    draft.more["number_symbol"] = symbol


def date_line(act: Act, *, hand: bool) -> tuple[str, bool]:
    """``Đồng Mây, ngày 05 tháng 01 năm 2026`` as markup, and whether the day is there."""
    rng, day, city = act.rng, act.day, act.office.city
    month = f"{day.month:02d}" if day.month < 3 or rng.random() < 0.15 else str(day.month)
    way = rng.choices(("day", "both", "empty", "print"), (5, 2, 1, 1) if hand else (1, 0.3, 0.2, 9))[0]
    if way == "empty":
        return f"{{issued_at|{city}}}, ngày      tháng {month} năm {day.year}", False
    if way == "print":
        return f"{{issued_at|{city}}}, {{issued_on|ngày {day.day:02d} tháng {month} năm {day.year}}}", True
    written = f"{{~issued_on|{month}}}" if way == "both" else month
    rest = f"ngày {{~issued_on|{day.day:02d}}} tháng {written} năm {day.year}"
    return f"{{issued_at|{city}}}, {{issued_on|{rest}}}", True


def set_title(act: Act, words: str, summary: str = "", *, prefixes: tuple[str, ...] = ("",)) -> None:
    """Tên loại and trích yếu; ``prefixes``: what may stand before the matter (``Về việc``, ``V/v``)."""
    draft, rng = act.draft, act.rng
    before = rng.choice(prefixes)
    text = f"{before} {summary}" if before else summary[:1].upper() + summary[1:]
    title(draft, words, text, size=rng.choice((13, 14, 14, 15, 16)), rule=rng.random() < 0.8)
    draft.fields["title"] = words
    if summary:
        draft.fields["summary"] = text


def to_whom(act: Act, *receivers: str) -> None:
    """``Kính gửi:`` with one receiver on its line, or a list under it."""
    draft = act.draft
    if len(receivers) == 1:
        draft.centred(f"Kính gửi: {receivers[0]}", Style(14), after=3)
        return
    x0 = draft.left + 22
    y = draft.block("Kính gửi:", x0, draft.right, draft.y)
    for index, line in enumerate(receivers):
        y = draft.block(f"- {line}{'.' if index == len(receivers) - 1 else ';'}", x0 + 22, draft.right, y)
    draft.y = y + 3


def finish(act: Act, *receivers: str, posts: tuple[tuple[str, ...], ...] = ()) -> None:
    """Nơi nhận and the signature. ``posts`` replaces the office's own choice of lines."""
    rng, draft = act.rng, act.draft
    lines = rng.choice(posts or act.office.posts)
    chief = not any(line.startswith(("KT.", "TL.", "TUQ.", "Q.")) for line in lines)
    cast = act.cast
    name = (
        (cast.chairman if chief else cast.deputy)
        if act.office.symbol == "UBND"
        else make_name(rng.choice(("Nam", "Nữ")), rng)
    )
    keep = f"- Lưu: VT, {rng.choice(act.office.units)}"
    keep += rng.choice((".", f" ({cast.clerk.split()[-1]}).", f", {cast.clerk.split()[-1]}."))
    shown = (*receivers, keep) if receivers else ()
    signature_block(draft, Signature(lines, name, act.office.seal, receivers=shown))
    draft.fields["signer"] = name
    draft.more["signer_position"] = lines[-1].split(". ", 1)[-1] if lines[-1].startswith(("KT.", "Q.")) else lines[-1]


def bullets(act: Act, items: list[str]) -> None:
    """Numbered, lettered or dashed, as this act does it."""
    way = act.rng.choice(("1. ", "- ", "a) "))
    for index, item in enumerate(items):
        mark = {"1. ": f"{index + 1}. ", "a) ": f"{'abcdđeghi'[index]}) "}.get(way, way)
        act.draft.paragraph(mark + item)
