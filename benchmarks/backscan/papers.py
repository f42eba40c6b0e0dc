"""The papers of a generated back-scan: results as a commune hands them out, drawn, worn as a scanner leaves them, with what they say."""

from __future__ import annotations

import csv
import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from random import Random

from sample_scans import generate_pages
from sample_scans.files import encode
from sample_scans.papers import type_of
from sample_scans.wear import subseed

DPI = 200.0
LISTED = "listed.jsonl"
ONE_PAGE = (
    *(
        "giay_chung_nhan_ket_hon",
        "giay_khai_sinh",
        "giay_khai_sinh-ban_sao",
        "trich_luc_ho_tich",
        "trich_luc_ho_tich-khac",
    ),
    *("giay_xac_nhan_tinh_trang_hon_nhan", "giay_chung_nhan_dang_ky_ho_kinh_doanh", "giay_phep_xay_dung", "thong_bao"),
)
MORE_PAGES = (
    *("quyet_dinh", "quyet_dinh-khac", "nghi_quyet", "giay_chung_nhan_quyen_su_dung_dat"),
    "giay_chung_nhan_quyen_su_dung_dat-cu",
)
MORE_SHARE = 0.65
HOLDERS = ("holder_name", "wife_name", "husband_name")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A file and the truth of it. ``texts``: of its pages. ``number``, ``day`` (ISO), ``holder``: as printed, empty where the paper has none."""

    name: str
    sha256: str
    bytes: int
    paper_type: str
    texts: tuple[str, ...]
    number: str
    day: str
    holder: str

    @property
    def pages(self) -> int:
        return len(self.texts)


def draw(folder: Path, count: int, seed: int, processes: int = 2) -> list[Drawn]:
    """``count`` PDFs in ``folder``, none the same as another; what was drawn before by the same seed is taken as it lies."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / f"{seed}-{count}-{LISTED}"
    if listed.exists():
        rows = [json.loads(line) for line in listed.read_text(encoding="utf-8").splitlines()]
        return [Drawn(**{**row, "texts": tuple(row["texts"])}) for row in rows]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        jobs = [(folder, index, seed) for index in range(count)]
        papers = list(pool.map(_draw_one, jobs, chunksize=20))
    listed.write_text(
        "".join(json.dumps(asdict(paper), ensure_ascii=False) + "\n" for paper in papers), encoding="utf-8"
    )
    return papers


def _draw_one(job: tuple[Path, int, int]) -> Drawn:
    folder, index, seed = job
    chance = Random(subseed(seed, index))
    kind = chance.choice(MORE_PAGES if chance.random() < MORE_SHARE else ONE_PAGE)
    samples = generate_pages(kind, subseed(seed, index, "paper") % 10**9, "scan", dpi=DPI)
    data = encode(samples, ".pdf")
    # A folder a box, as people put their papers: names alone would say nothing about which line a paper is.
    path = folder / "papers" / f"hop-{index // 100 + 1:02d}" / f"IMG_{index % 100 + 1:04d}.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    truth = samples[0].truth
    said = {**truth.fields, **truth.more}
    return Drawn(
        name=str(path.relative_to(folder / "papers")),
        sha256=sha256(data).hexdigest(),
        bytes=len(data),
        paper_type=type_of(kind),
        texts=tuple(sample.truth.text for sample in samples),
        number=said.get("number") or "",
        day=said.get("issued_on") or "",
        holder=" và ".join(dict.fromkeys(said[name] or "" for name in HOLDERS if said.get(name))),
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """The inventory that was counted before: what each line's paper is, and what was done to the list on purpose.

    ``paper``: by the line's key, the SHA-256 of the file, or None where the paper was never scanned. ``typed_wrong``: keys of lines with a slip.
    """

    paper: dict[str, str | None]
    typed_wrong: frozenset[str]


def write_inventory(path: Path, papers: list[Drawn], seed: int) -> Listed:
    """A list as a clerk types it: 3 papers of 100 are not in it, 3 lines of 100 have no paper, 3 of 100 have a slip of a digit or a letter."""
    chance = Random(subseed(seed, "inventory"))
    rows: list[dict[str, str]] = []
    paper: dict[str, str | None] = {}
    wrong: set[str] = set()
    for index, one in enumerate(papers):
        if not one.day or chance.random() < 0.03:
            continue
        key = f"KK-{index + 1:05d}"
        row = {"number": one.number, "day": one.day, "holder": one.holder}
        if chance.random() < 0.03:
            wrong.add(key)
            slip(row, chance)
        rows.append({"key": key, **row})
        paper[key] = one.sha256
        if chance.random() < 0.03:
            key = f"KK-{index + 1:05d}-A"
            other = f"{one.day[:8]}{chance.randint(1, int(one.day[8:])):02d}"  # none that is still to come
            name = chance.choice(papers).holder
            rows.append(
                {"key": key, "number": f"{chance.randint(1000, 9999)}/{one.day[:4]}", "day": other, "holder": name}
            )
            paper[key] = None
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Mã kiểm đếm", "Năm", "Số, ký hiệu", "Ngày ban hành", "Họ và tên", "Hộp"])
        for row in rows:
            day = date.fromisoformat(row["day"])
            writer.writerow([row["key"], day.year, row["number"], f"{day:%d/%m/%Y}", row["holder"], row["key"][3:6]])
    return Listed(paper, frozenset(wrong))


def slip(row: dict[str, str], chance: Random) -> None:
    """One sign of the number or of the name typed wrong."""
    name = "number" if row["number"] and (not row["holder"] or chance.random() < 0.5) else "holder"
    places = [at for at, sign in enumerate(row[name]) if sign.isalnum()]
    if places:
        at = chance.choice(places)
        other = chance.choice(
            [sign for sign in ("0123456789" if row[name][at].isdigit() else "aeinortu") if sign != row[name][at]]
        )
        row[name] = row[name][:at] + other + row[name][at + 1 :]
