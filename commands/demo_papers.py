"""What the demo shows once the samples are read: each paper's type and fields, and one result that is used again.

Every line comes from the running service. What the officer of the demo types is read off the drawn paper (``.truth.json`` beside it), as a
person would read it; nothing is put in that the paper does not say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from commands.officer_client import OfficerClient, Refused
from digitize_api.web.paper_words import (
    CERTAINTIES,
    COMPONENT_STATES,
    DOUBTS,
    FIELDS,
    KEY_FIELDS,
    OPEN,
    SIGNATURES,
    SLOT_STATES,
)
from models.catalog import default_catalog
from models.dossier_papers import CERTAIN
from models.fields import DATE_FIELDS

REUSED = "giay_chung_nhan_ket_hon"
"""A result without an end (R30), so that the demo shows the same in every year."""
NEXT = {"procedure": "2.001263", "title": "Đăng ký việc nuôi con nuôi trong nước"}
"""The second dossier: its procedure asks for a paper on the marital status."""
_ROUNDS = 4  # states that may each name reasons of their own


@dataclass(frozen=True, slots=True)
class Read:
    """A file of a dossier with its scan as the API told it at its end."""

    dossier: str
    title: str
    path: Path
    scan: dict[str, Any]
    seconds: float


def vi(table: Mapping[str, tuple[str, str]], code: str) -> str:
    """The Vietnamese of a code; the code itself where there is none."""
    return table.get(code, (code, code))[0]


def show_papers(console: Console, officer: OfficerClient, files: Iterable[Read]) -> None:
    """A table for each dossier: file, pages, type with score, what it says."""
    types = officer.paper_types()
    tables: dict[str, Table] = {}
    for item in files:
        table = tables.setdefault(item.dossier, _table(f"{item.dossier}  {item.title}"))
        seconds = f"{item.seconds:.0f} s"
        if item.scan["state"] != "done":
            refused = (item.scan["refused"] or {}).get("code", "")
            table.add_row(item.path.name, "", Text(f"{item.scan['state']} {refused}", style="red"), "", "", seconds)
        for ref in item.scan["components"]:
            component = officer.component(ref["id"])
            kind = component["paper_type"]
            name = types[kind["id"]]["name"] if kind and kind["id"] in types else "chưa rõ loại"
            count = str(len(component["pages"]))
            table.add_row(item.path.name, count, name, _score(kind), said(component, types), seconds)
    for table in tables.values():
        console.print(table)
    console.print(
        "[yellow]?[/] cần người kiểm tra · [yellow]–[/] để trống, chờ người nhập: không giá trị nào được đoán\n"
    )


def _table(title: str) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", expand=False)
    table.add_column("Tệp", no_wrap=True)
    table.add_column("Trang", justify="right")
    table.add_column("Loại giấy tờ", max_width=32)
    table.add_column("Điểm", justify="right")
    table.add_column("Nội dung đọc được", ratio=1)
    table.add_column("Xong", justify="right", no_wrap=True)
    return table


def _score(kind: dict[str, Any] | None) -> Text:
    if not kind or kind["score"] is None:
        return Text("")
    score = f"{kind['score']:.2f}".replace(".", ",")
    return Text(score) if kind["score"] >= CERTAIN else Text(f"{score} ?", style="yellow")


def said(component: dict[str, Any], types: Mapping[str, dict[str, Any]]) -> Text:
    """The paper's main fields on one line: values, doubts with why, and what is asked for and open with why."""
    fields, kind = component["fields"], component["paper_type"]
    left = component.get("open_fields", {})
    required = set(types[kind["id"]]["required"]) if kind and kind["id"] in types else set()
    line = Text()
    for name in [*KEY_FIELDS, *sorted(required - set(KEY_FIELDS))]:
        field = fields.get(name) or {}
        if not field.get("value") and name not in required:
            continue
        line.append(" · " if line else "")
        line.append(f"{vi(FIELDS, name)}: ", style="dim")
        if field.get("value"):
            line.append(written(name, field["value"]))
            if field.get("doubt") and not field.get("confirmed_by"):
                line.append(f" ? {vi(DOUBTS, field['doubt'])}", style="yellow")
        else:
            line.append(f"– {vi(OPEN, left.get(name, {}).get('reason') or 'NOT_FOUND')}", style="yellow")
    return line


def written(name: str, value: str) -> str:
    """Days as Vietnam writes them."""
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}" if name in DATE_FIELDS or name.endswith("_date") else value
    except ValueError:
        return value


def show_reuse(console: Console, officer: OfficerClient, files: Iterable[Read], folder: Path) -> bool:
    """One result from reading to its use in another dossier; false when the service did not do its part.

    ``folder``: where the slip is written. Samples that hold no such paper have nothing to show, which is no fault.
    """
    found = next(
        (
            (item, ref)
            for item in files
            for ref in item.scan["components"]
            if (ref["paper_type"] or {}).get("id") == REUSED
        ),
        None,
    )
    if found is None:
        console.print("Bộ mẫu không có giấy chứng nhận kết hôn: không trình diễn việc dùng lại.")
        return True
    item, ref = found
    console.print(f"[bold]Dùng lại một kết quả[/bold]: {item.path.name} của hồ sơ {item.dossier}")
    truth = _truth(item.path)
    stored = _store(console, officer, ref["id"], truth)
    if stored is None:
        return not truth  # without it nobody is there to read the paper
    console.print(f"  Lưu kho, {vi(SIGNATURES, stored['signature'])}. Mã kết quả số hóa: [bold]{stored['code']}[/bold]")
    holder = officer.dossier(item.dossier)["holder"]
    code = officer.create_dossier({**NEXT, "holder": holder})
    console.print(f"  Hồ sơ mới của cùng người: {code} {NEXT['title']}")
    before = officer.completeness(code)
    _show_completeness(console, before, "Trước khi dùng lại")
    slot = next(
        (slot for slot in before["slots"] if stored["id"] in [offer["result"] for offer in slot["offers"]]), None
    )
    if slot is None:
        console.print("  [red]Kho không đề nghị giấy tờ vừa lưu.[/red]")
        return False
    try:
        link = officer.reuse(stored["id"], code, slot["id"])
    except Refused as refused:
        _tell(console, refused)
        return False
    console.print(
        f"  Dùng lại cho “{slot['name']}”: liên kết tới phiên bản {link['version']}, không sao chép, không quét lại."
    )
    after = officer.completeness(code)
    _show_completeness(console, after, "Sau khi dùng lại")
    _slip(console, officer, after, folder / f"{code}-bo-sung.pdf")
    return any(one["id"] == slot["id"] and one["state"] == "reused" for one in after["slots"])


def _store(console: Console, officer: OfficerClient, identifier: str, truth: dict[str, Any]) -> dict[str, Any] | None:
    """Take the paper on to ``stored``; where the service says why it can't, settle that by the paper and ask again."""
    component = officer.component(identifier)
    for _ in range(_ROUNDS):
        try:
            return officer.take_on(identifier, component["version"], "stored")
        except Refused as refused:
            _tell(console, refused)
            review = answers(refused.reasons, component, truth)
            if not review:
                console.print("  [red]Cần người xem giấy tờ: bản trình diễn dừng ở đây.[/red]")
                return None
            _show_review(console, review)
            component = officer.correct(identifier, {"version": component["version"], **review})
    console.print(f"  [red]Còn ở trạng thái: {vi(COMPONENT_STATES, component['state'])}[/red]")
    return None


def _tell(console: Console, refused: Refused) -> None:
    for reason in refused.reasons:
        field = f"{vi(FIELDS, reason['field'])}: " if reason.get("field") else ""
        console.print(Text(f"  Chưa được: {field}{reason['vi']}", style="yellow"))


def answers(reasons: Iterable[dict[str, Any]], component: dict[str, Any], truth: dict[str, Any]) -> dict[str, Any]:
    """What an officer who looks at the paper answers to the reasons, as a review; empty when some reason is not the paper's to settle."""
    fields: dict[str, str] = {}
    confirmed: list[str] = []
    absent: list[str] = []
    review: dict[str, Any] = {}
    for reason in reasons:
        name = reason.get("field")
        if reason["code"] == "NOT_COMPARED":
            review["scope"] = {"compared": True}
        elif reason["code"] in {"FIELD_MISSING", "FIELD_DOUBTFUL"} and name and truth:
            value, read = on_paper(name, component, truth), (component["fields"].get(name) or {}).get("value")
            if value is None and read is None:
                absent.append(name)
            elif value is None or value.casefold() == str(read).casefold():
                confirmed.append(name)
            else:
                fields[name] = value
        else:
            return {}
    parts = {"fields": fields, "confirmed": confirmed, "absent": absent}
    review |= {key: value for key, value in parts.items() if value}
    return {**review, "reason": "đối chiếu với bản giấy"} if review else {}


def on_paper(name: str, component: dict[str, Any], truth: dict[str, Any]) -> str | None:
    """What stands on the drawn paper: its true field, else what is written behind the field's label."""
    pages = {page["scan_page"] for page in component["pages"]}
    for drawn in truth.get("components", []):
        if pages & set(drawn["pages"]) and (value := (drawn["fields"].get(name) or {}).get("value")):
            return str(value)
    paper = default_catalog().paper_type(component["paper_type"]["id"])
    labels = next((spec.labels for spec in paper.fields if spec.name == name), ()) if paper else ()
    text = "\n".join(page["text"] for page in truth.get("pages", []) if page["number"] in pages)
    for label in labels:
        if found := re.search(rf"{re.escape(label.rstrip(':'))}\s*:\s*(\S.*)", text):
            return found[1].strip()
    return None


def _truth(path: Path) -> dict[str, Any]:
    beside = path.with_name(f"{path.name}.truth.json")
    drawn: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    return drawn


def _show_review(console: Console, review: dict[str, Any]) -> None:
    typed = [f"nhập {vi(FIELDS, name)} = {written(name, value)}" for name, value in review.get("fields", {}).items()]
    confirmed = [f"xác nhận {vi(FIELDS, name)}" for name in review.get("confirmed", [])]
    absent = [f"giấy không ghi {vi(FIELDS, name)}" for name in review.get("absent", [])]
    compared = ["đã đối chiếu bản chính"] if "scope" in review else []
    console.print(f"  Cán bộ xem giấy: {'; '.join(typed + confirmed + absent + compared)}")


_STYLES = {"present": "green", "reused": "green", "in_warehouse": "cyan", "missing": "red", "doubtful": "yellow"}


def _show_completeness(console: Console, found: dict[str, Any], title: str) -> None:
    table = Table(
        title=f"{title}: {found['procedure']} {found['procedure_name']}", box=box.SIMPLE_HEAD, title_justify="left"
    )
    table.add_column("Thành phần hồ sơ")
    table.add_column("Tình trạng", no_wrap=True)
    table.add_column("Kho đề nghị")
    for slot in found["slots"]:
        offers = ", ".join(
            f"số {offer['number']}, {written('issued_on', offer['issued_on'] or '')}" for offer in slot["offers"]
        )
        state = Text(vi(SLOT_STATES, slot["state"]), style=_STYLES.get(slot["state"], "dim"))
        condition = f" ({slot['condition']})" if slot["condition"] else ""
        table.add_row(Text(slot["name"]).append(condition, style="dim"), state, offers)
    console.print(table)
    if found["certainty"] in CERTAINTIES:
        console.print(f"  Danh sách {vi(CERTAINTIES, found['certainty'])}. Căn cứ: {found['source']}", style="dim")


def _slip(console: Console, officer: OfficerClient, found: dict[str, Any], path: Path) -> None:
    missing = [slot["name"] for slot in found["slots"] if slot["state"] in {"missing", "doubtful"}]
    if not missing:
        console.print("  Không còn thiếu giấy tờ nào.")
        return
    path.write_bytes(officer.slip(found["dossier"]))
    console.print(f"  Còn thiếu {len(missing)}: {'; '.join(missing)}", soft_wrap=True)
    console.print(f"  Phiếu yêu cầu bổ sung: {found['links']['slip']} (đã ghi: {path})", soft_wrap=True)
