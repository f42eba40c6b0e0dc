"""What the routes answer, shown in ``/openapi.json``: one dossier's day at a counter, told by the models themselves, so that it stays in step.

All people and places are made up; procedures, paper types and rules are lines of the packaged catalog.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from pydantic import BaseModel

from digitize_api.auth.routes import Who
from digitize_api.batches.schemas import (
    AgainOut,
    BatchList,
    BatchOut,
    DifferenceOut,
    ItemList,
    ItemOut,
    PoliciesOut,
    ProgressOut,
    VerificationOut,
)
from digitize_api.catalog.schemas import ProcedureOut, RuleSetOut, paper_type_out
from digitize_api.components.schemas import ComponentOut, ComponentPage, NextStep, PdfOut, ReasonOut, VersionOut
from digitize_api.dossiers.schemas import (
    AgencyOut,
    CompletenessOut,
    DossierList,
    DossierOut,
    DossierSummary,
    HolderOut,
    OfferOut,
    ScannedAgainOut,
    SlotOut,
    mask,
)
from digitize_api.handover.schemas import LeftOut, PartOut, PlanOut
from digitize_api.inventory.exception_schemas import (
    CandidateOut,
    ExceptionOut,
    ExceptionsOut,
    LineSide,
    MatchedOut,
    PaperSide,
)
from digitize_api.inventory.schemas import ImportOut, ImportSummary, LineOut, LinesOut, RowErrorOut, ScopeOut
from digitize_api.quality.schemas import (
    AnswerOut,
    CheckedOut,
    DeviationOut,
    DeviationsOut,
    DrawnOut,
    FieldFiguresOut,
    FieldKeyingOut,
    FoundOut,
    KeyedOut,
    KeyingOut,
    NextOut,
    PersonFiguresOut,
    QualityOut,
    QualityPlanOut,
    RateOut,
    RescanOut,
    ReturnedOut,
    StratumOut,
    WaiverOut,
)
from digitize_api.reports.schemas import ChoiceOut, ReportOut
from digitize_api.results.schemas import CancelOut, ResultOut, ResultsOut, ReuseOut, SnippetPart, WarehouseOut
from digitize_api.review.schemas import LeaseOut
from digitize_api.scans.schemas import ComponentRef, GradeOut, PageOut, PaperType, ScanOut, ScanSummary, TimelineEntry
from digitize_api.webhooks.schemas import DeliveryOut, TryOut, WebhookOut
from models.batches.entities import ItemState
from models.batches.quality.entities import DeviationState, KeyingState, Standing
from models.batches.quality.plan import Plan
from models.batches.store import Policies
from models.catalog import Catalog, Every, Indicator, default_catalog
from models.entities import Agency, Channel, ResultForm
from models.handover.steps import LEFT, Left
from models.inventory.decisions import Decision, State
from models.inventory.read import LineState
from models.reports.choose import choices
from models.reports.counts import OF_DOSSIERS, Counts
from models.reports.report import Backlog, Figure, Report, Row, Score
from models.rules.completeness import SlotState
from models.rules.error_rates import error_rate
from models.rules.faults import Fault
from models.rules.keying import Answer
from models.rules.matching import Field, Kind, Likeness
from models.rules.pace import Pace
from models.rules.periods import recurring
from models.rules.ratios import Ratio, points
from models.search import HIT_END, HIT_START
from models.webhooks.tables import TRIAL, DeliveryState, WebhookEvent

_DAY: Final = date(2026, 11, 21)
_NOON: Final = datetime(2026, 11, 21, 5, 4, 12, tzinfo=UTC)  # 12:04 at the counter
_STORED: Final = _NOON - timedelta(days=40)
_PROCEDURE, _SLOT, _TYPE = "2.001263", "tinh_trang_hon_nhan", "giay_chung_nhan_ket_hon"
_DOSSIER, _EARLIER = "H56.14-261121-0007", "H56.14-261012-0003"
_SCAN = "6d0f4c7f0f6a4e0f9c7a5d1f2b3c4d5e"
_COMPONENT = "9a1b2c3d4e5f40718293a4b5c6d7e8f9"
_RESULT = "1f2e3d4c5b6a47988796a5b4c3d2e1f0"
_BATCH = "3c2b1a0f9e8d4c7b8a695847362514f0"
_CODE = "079200000123.KQ.G15.000032.12/2023.01"
_CLERK = "account:mai.tt"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_HOLDER = HolderOut(kind="person", id_number="079200000123", name="Nguyễn Thị Mẫu", birth_date=date(1990, 2, 3))
_MASKED = HolderOut(kind="person", id_number=mask("079200000123"), name="Nguyễn Thị Mẫu", birth_date=None)
_AGENCY = AgencyOut(code="H56.14", name="UBND xã Mẫu")
_KIND = PaperType(id=_TYPE, score=0.97, alternatives=[{"id": "trich_luc_ho_tich", "score": 0.02}])
_TITLE = "GIẤY CHỨNG NHẬN KẾT HÔN"


def _field(value: str, box: tuple[int, int, int, int]) -> dict[str, Any]:
    return {"value": value, "confidence": 0.96, "page": 1, "box": list(box), "source": "ocr"}


def _component_links(component: str) -> dict[str, str]:
    base = f"/api/v1/components/{component}"
    return {"self": base, "scan": f"/api/v1/scans/{_SCAN}", "pdf": f"{base}/pdf"}


def _component(state: str = "signed", code: str | None = None) -> ComponentOut:
    """Read, with a day that the pen left open; with a ``code`` a person has told it."""
    day = {"value": "2023-05-02", "confidence": 1.0, "page": 1, "box": [1210, 2010, 1500, 2055], "source": "manual"}
    left = {"issued_on": {"reason": "HANDWRITING", "page": 1, "box": [1210, 2010, 1500, 2055], "known": "2023"}}
    image = f"/api/v1/components/{_COMPONENT}/pages/1.jpg"
    return ComponentOut(
        id=_COMPONENT,
        dossier=_DOSSIER,
        scan=_SCAN,
        position=1,
        title=_TITLE,
        paper_type=_KIND,
        fields={
            "number": _field("12/2023", (1020, 610, 1190, 652)),
            "wife_name": _field("Nguyễn Thị Mẫu", (640, 905, 1010, 950)),
            "husband_name": _field("Trần Văn Thử", (1480, 905, 1800, 950)),
            "issuer": _field("UBND xã Mẫu", (700, 2010, 960, 2055)),
            "issued_on": day if code else None,
        },
        open_fields={} if code else left,
        holder=_HOLDER,
        attributes=[],
        flags=[],
        slot=_SLOT,
        scope={"class": "a", "by": _CLERK},
        signature="not_required",
        code=code,
        state=state,
        version=2,
        pdf=PdfOut(bytes=182_431, sha256=_SHA256),
        pages=[
            ComponentPage(
                number=1,
                scan_page=1,
                width=2480,
                height=3508,
                blank=False,
                warnings=[],
                warning_regions=[],
                grade=GradeOut(mean=0.96, low=0.71),
                text=f"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n{_TITLE}\nSố: 12/2023",
                failure=None,
                links={"image": image},
            )
        ],
        created_at=_NOON,
        links={**_component_links(_COMPONENT), "dossier": f"/api/v1/dossiers/{_DOSSIER}"},
    )


def _dossier_parts(holder: HolderOut) -> dict[str, Any]:
    base = f"/api/v1/dossiers/{_DOSSIER}"
    return {
        "code": _DOSSIER,
        "agency": _AGENCY,
        "procedure": _PROCEDURE,
        "title": "Nhận con nuôi",
        "holder": holder,
        "created_at": _NOON - timedelta(minutes=3),
        "channel": Channel.COUNTER,
        "finished_on": None,
        "result_form": None,
        "links": {"self": base, "scans": f"{base}/scans"},
    }


def _scan_parts(*, read: bool) -> dict[str, Any]:
    base = f"/api/v1/scans/{_SCAN}"
    found = ComponentRef(
        id=_COMPONENT,
        position=1,
        pages=[1],
        title=_TITLE,
        paper_type=_KIND,
        state="captured",
        version=1,
        links=_component_links(_COMPONENT),
    )
    return {
        "id": _SCAN,
        "dossier": _DOSSIER,
        "filename": "ket-hon.pdf",
        "media_type": "application/pdf",
        "bytes": 402_118,
        "sha256": _SHA256,
        "queue": "counter",
        "state": "done" if read else "received",
        "page_count": 1 if read else None,
        "pages_read": 1 if read else 0,
        "pages_failed": 0,
        "refused": None,
        "arranging": False,
        "arrangement": 0,
        "signatures": [] if read else None,
        "created_at": _NOON,
        "finished_at": _NOON + timedelta(seconds=4) if read else None,
        "components": [found] if read else [],
        "links": {"self": base, "events": f"{base}/events", "dossier": f"/api/v1/dossiers/{_DOSSIER}"},
    }


def _scan(*, read: bool) -> ScanOut:
    page = PageOut(
        number=1,
        source_number=1,
        left_out=False,
        state="read",
        width=2480,
        height=3508,
        dpi=300.0,
        origin="raster",
        rotation=0,
        skew=0.4,
        skew_from_neighbours=None,
        blank=False,
        warnings=[],
        warning_regions=[],
        grade=GradeOut(mean=0.96, low=0.71),
        engine="digitize-lines 1.4",
        seconds={"read": 1.9},
        failure=None,
    )
    timeline = [TimelineEntry(id=4101, at=_NOON, kind="state", data={"state": "received"})]
    if read:
        at = _NOON + timedelta(seconds=4)
        timeline.append(TimelineEntry(id=4107, at=at, kind="done", data={"state": "done"}))
    return ScanOut(**_scan_parts(read=read), pages=[page] if read else [], timeline=timeline)


def _completeness() -> CompletenessOut:
    base, offer = f"/api/v1/dossiers/{_DOSSIER}", f"/api/v1/results/{_RESULT}"
    links = {"self": offer, "reuse": f"{offer}/reuse", "pdf": f"/api/v1/components/{_RESULT}/pdf"}
    held = OfferOut(
        result=_RESULT,
        paper_type=_TYPE,
        number="12/2023",
        issued_on=date(2023, 5, 2),
        issuer="UBND xã Mẫu",
        valid_until=None,
        links=links,
    )
    procedure = default_catalog().procedure(_PROCEDURE, _DAY)
    if procedure is None:
        raise LookupError(_PROCEDURE)
    untouched = {True: SlotState.MISSING, False: SlotState.NOT_NEEDED}
    return CompletenessOut(
        dossier=_DOSSIER,
        procedure=procedure.code,
        procedure_name=procedure.name,
        source=procedure.source,
        certainty=procedure.certainty.value,
        complete=False,
        slots=[
            SlotOut(
                id=slot.id,
                name=slot.name,
                accepts=sorted(slot.accepts),
                required=slot.required,
                condition=slot.condition or "",
                state=SlotState.SCANNED_AGAIN if slot.id == _SLOT else untouched[slot.required and not slot.condition],
                components=[_COMPONENT] if slot.id == _SLOT else [],
                reused=[],
                offers=[held] if slot.id == _SLOT else [],
            )
            for slot in procedure.components
        ],
        extra=[],
        scanned_again=[_scanned_again(None)],
        links={"dossier": base, "slip": f"{base}/supplement-slip.pdf"},
    )


def _scanned_again(reason: str | None) -> ScannedAgainOut:
    base = f"/api/v1/components/{_COMPONENT}"
    return ScannedAgainOut(
        component=_COMPONENT,
        slot=_SLOT,
        results=[_RESULT],
        used=False,
        reason=reason,
        by=_CLERK if reason else None,
        at=_NOON + timedelta(minutes=2) if reason else None,
        links={"component": base, "explain": f"{base}/scanned-again"},
    )


def _result(**changes: Any) -> WarehouseOut:
    base = f"/api/v1/results/{_RESULT}"
    links = {f"component_{name}": link for name, link in _component_links(_RESULT).items()}
    values: dict[str, Any] = {
        "id": _RESULT,
        "component": _RESULT,
        "dossier": _EARLIER,
        "title": _TITLE,
        "paper_type": _TYPE,
        "number": "12/2023",
        "issued_on": date(2023, 5, 2),
        "issuer": "UBND xã Mẫu",
        "holder": _HOLDER,
        "code": _CODE,
        "version": 1,
        "valid_until": None,
        "expiry_rule": "none",
        "scope": "",
        "signature": "not_required",
        "stored_at": _STORED,
        "returned_at": None,
        "ended_on": None,
        "cancelled_at": None,
        "cancel_reason": None,
        "replaced_by": None,
        "reusable": True,
        "why_not": [],
        "links": {"self": base, "uses": f"{base}/uses", **links},
    }
    return WarehouseOut(**values | changes)


def _reuse() -> ReuseOut:
    return ReuseOut(
        id="0c1d2e3f4a5b46c7988990a1b2c3d4e5",
        result=_RESULT,
        version=1,
        dossier=_DOSSIER,
        slot=_SLOT,
        state="3",
        actor=_CLERK,
        at=_NOON + timedelta(minutes=2),
    )


def _found() -> ResultsOut:
    base = f"/api/v1/components/{_RESULT}"
    links = _component_links(_RESULT) | {
        "dossier": f"/api/v1/dossiers/{_EARLIER}",
        "image": f"{base}/pages/1.jpg",
        "page": f"/components/{_RESULT}/pages/1",
    }
    hit = ResultOut(
        component=_RESULT,
        dossier=_EARLIER,
        title=_TITLE,
        filename="ket-hon.pdf",
        paper_type=_KIND,
        number="12/2023",
        issued_on=date(2023, 5, 2),
        code=_CODE,
        state="stored",
        valid_until=None,
        expiry_rule="none",
        reusable=True,
        why_not=[],
        holder=_MASKED,
        page=1,
        scan_page=1,
        snippet=f"Giấy chứng nhận {HIT_START}kết hôn{HIT_END} Số: 12/2023",
        snippet_parts=[
            SnippetPart(text="Giấy chứng nhận ", hit=False),
            SnippetPart(text="kết hôn", hit=True),
            SnippetPart(text=" Số: 12/2023", hit=False),
        ],
        exact=True,
        score=2.31,
        created_at=_STORED,
        links=links,
    )
    return ResultsOut(total=1, results=[hit])


def _catalog(catalog: Catalog) -> dict[str, BaseModel | list[BaseModel]]:
    """A line of each list; ``LookupError`` when the packaged catalog lost it."""
    paper, procedure, rules = catalog.paper_type(_TYPE), catalog.procedure(_PROCEDURE, _DAY), catalog.rule_set(_DAY)
    if paper is None or procedure is None or rules is None:
        raise LookupError("the packaged catalog has no line for an example")
    codes = [line.code for line in catalog.codes_for_paper(paper.id)]
    shown = ProcedureOut.of(procedure, _DAY)
    return {
        "/api/v1/catalog/paper-types": [paper_type_out(paper, codes, catalog.validity_rule(paper.id, _DAY))],
        "/api/v1/catalog/procedures": [shown],
        "/api/v1/catalog/procedures/{code}": shown,
        "/api/v1/catalog/rule-set": RuleSetOut.of(rules, [one for one in catalog.code_templates if one.holds(_DAY)]),
    }


def _report(catalog: Catalog) -> ReportOut:
    """The first day's month: ratios against their targets, and an inventory that will be done in time."""
    rules = catalog.report_rule(_DAY)
    if rules is None:
        raise LookupError("the packaged catalog has no line for an example")
    counts = Counts(155, 150, 31, 150, 140, 133, 40, 138, 28)

    def figure(indicator: Indicator, ratio: Ratio) -> Figure:
        percent = ratio.percent(rules.rounding, rules.decimals)
        return Figure(indicator, ratio, percent, catalog.target(indicator, _AGENCY.code, _DAY, 2025))

    backlog = figure(Indicator.BACKLOG, Ratio(640, 1200))
    figures = {one: figure(one, counts.ratio(one)) for one in OF_DOSSIERS} | {Indicator.BACKLOG: backlog}
    agency = Agency(code=_AGENCY.code, name=_AGENCY.name)
    row = Row(agency.code, agency.name, counts, figures, inventoried=1200, done=640, done_in_period=320)
    procedure = Row("2.001263", "Đăng ký việc nuôi con nuôi trong nước", counts, figures, 1200, 640, 320)
    by_day = {_DAY - timedelta(days=back): 40 for back in range(8)}
    report = Report(
        agency=agency,
        period=recurring(Every.MONTH, _DAY),
        procedure="",
        rules=rules,
        rounding=rules.rounding,
        made_at=_NOON,
        total=row,
        rows=[replace(row, own=True)],
        procedures=[procedure],
        scores=[
            Score(
                line,
                counts.ratio(line.indicator),
                points(counts.ratio(line.indicator), line.weight, line.full_from, rules.rounding),
            )
            for line in catalog.scores(_DAY)
        ],
        backlog=Backlog(2025, backlog, 320, by_day, _DAY, Pace(320, 8), _DAY + timedelta(days=11), None),
        years=[2025],
    )
    return ReportOut.of(report)


def _inventory() -> dict[tuple[str, str], BaseModel | list[BaseModel]]:
    """A list of one box, of which one paper is digitised."""
    base = "/api/v1/inventory"
    scope = ScopeOut(
        agency=_AGENCY, year=2023, procedure="2.000806", total=1200, listed=1200, counted=0, done=640, rest=560
    )
    line = LineOut(
        id="0b1c2d3e4f5a69788796a5b4c3d2e1f0",
        agency=_AGENCY,
        year=2023,
        procedure="2.000806",
        state=LineState.DONE,
        listed=True,
        count=1,
        number="12/2023",
        title="Giấy chứng nhận kết hôn",
        paper_type=_TYPE,
        holder_name="Nguyễn Thị Mẫu",
        holder_id_number=mask("079200000123"),
        issued_on=date(2023, 5, 2),
        box="07",
        shelf="A2",
        note="",
        result=_RESULT,
    )
    error = RowErrorOut(
        row=14, column="Ngày cấp", vi="ngày không hợp lệ: 31/02/2023", en="not a date (dd/mm/yyyy): 31/02/2023"
    )
    identity = "7a6b5c4d3e2f41309182736455463728"
    taken = ImportOut(
        taken=True,
        id=identity,
        filename="kiem-dem-2023.xlsx",
        at=_NOON,
        rows=1200,
        created=1180,
        changed=20,
        unchanged=0,
        withdrawn=0,
        columns={"number": "Số, ký hiệu", "holder_name": "Họ và tên", "issued_on": "Ngày cấp", "box": "Hộp số"},
        ignored=["STT"],
        errors=[error],
    )
    summary = ImportSummary(
        id=identity,
        agency=_AGENCY,
        at=_NOON,
        by="account:le.giam.sat",
        filename=taken.filename,
        created=1180,
        changed=20,
        unchanged=0,
        withdrawn=0,
        refused=1,
    )
    return {
        ("get", base): [scope],
        ("get", f"{base}/lines"): LinesOut(total=1200, lines=[line]),
        ("get", f"{base}/imports"): [summary],
        ("post", f"{base}/imports"): taken,
        **_exceptions(),
    }


def _exceptions() -> dict[tuple[str, str], BaseModel | list[BaseModel]]:
    """A paper whose number was misread and whose line has a near rival; then the person's word."""
    base = "/api/v1/inventory/exceptions"
    line = LineSide(
        id="0c1d2e3f405142638495a6b7c8d9eafb",
        year=2023,
        number="13/2023",
        holder_name="Nguyễn Thị Mẫu",
        issued_on=date(2023, 5, 2),
        paper_type=_TYPE,
        box="07",
        shelf="A2",
    )
    paper = PaperSide(
        id=_RESULT,
        scan="9f8e7d6c5b4a39281706f5e4d3c2b1a0",
        number="18/2023",
        holder_name="Nguyễn Thị Mẫu",
        issued_on=date(2023, 5, 2),
        paper_type=_TYPE,
        state="stored",
    )
    fields = {
        Field.KEY: Likeness.ABSENT,
        Field.NUMBER: Likeness.NEAR,
        Field.DAY: Likeness.SAME,
        Field.HOLDER_ID: Likeness.ABSENT,
        Field.HOLDER: Likeness.SAME,
        Field.TYPE: Likeness.SAME,
    }
    record = ExceptionOut(
        id="5e6f708192a3b4c5d6e7f8091a2b3c4d",
        agency=_AGENCY,
        kind=Kind.UNLISTED,
        state=State.OPEN,
        line=None,
        paper=paper,
        candidates=[CandidateOut(line=line, paper=paper, score=75, fields=fields)],
        found_at=_NOON,
        decision=None,
        reason="",
        tied_line=None,
        tied_paper=None,
        settled_by=None,
        settled_at=None,
    )
    settled = record.model_copy(
        update={
            "state": State.SETTLED,
            "decision": Decision.TIE,
            "reason": "số 13 bị mờ, xem bản gốc",
            "tied_line": line.id,
            "tied_paper": paper.id,
            "settled_by": "account:le.giam.sat",
            "settled_at": _NOON,
        }
    )
    counts = {Kind.MISSING: 12, Kind.UNLISTED: 1, Kind.MISMATCHED: 2, Kind.DUPLICATE: 0}
    matched = MatchedOut(
        agency=_AGENCY.code,
        lines=1200,
        papers=1190,
        tied=24,
        loosened=0,
        waiting=3,
        new=15,
        gone=24,
        open=counts,
    )
    return {
        ("get", base): ExceptionsOut(total=15, counts=counts, exceptions=[record]),
        ("post", f"{base}/match"): [matched],
        ("put", f"{base}/{{exception_id}}/decision"): settled,
        ("delete", f"{base}/{{exception_id}}/decision"): record,
    }


def _who() -> Who:
    return Who(
        name="mai.tt",
        full_name="Trần Thị Mai",
        kind="account",
        role="clerk",
        agency=_AGENCY.code,
        rights=["read_dossier", "read_paper", "review"],
        csrf_token="Y1o8…",  # noqa: S106 -- no password, and no real token
        expires_at=_NOON + timedelta(hours=9),
    )


def _batch() -> BatchOut:
    base = f"/api/v1/batches/{_BATCH}"
    items = {
        **dict.fromkeys((state.value for state in ItemState), 0),
        "waiting": 1404,
        "posted": 16,
        "done": 577,
        "failed": 2,
        "duplicate": 1,
    }
    return BatchOut(
        id=_BATCH,
        name="Kết quả 2023, kệ 4",
        agency=_AGENCY,
        state="running",
        aborted=None,
        policies=PoliciesOut(**asdict(Policies(hours="19:00-06:00", max_failure_share=0.1))),
        progress=ProgressOut(
            items=items,
            total=2000,
            settled=580,
            pages=871,
            pages_failed=3,
            done_today=577,
            bytes=884_211_904,
            pages_per_hour=1240.5,
            ends_at=_NOON + timedelta(hours=9),
            opens_at=None,
        ),
        created_by=_CLERK,
        created_at=_NOON - timedelta(hours=5),
        started_at=_NOON - timedelta(hours=4),
        links={"self": base, "items": f"{base}/items", "events": f"{base}/events", "report": f"{base}/report.csv"},
    )


def _item(*, done: bool) -> ItemOut:
    return ItemOut(
        number=12,
        path="/scan/ke-4/hop-1.zip!/12-2023.pdf",
        filename="12-2023.pdf",
        bytes=402_118,
        sha256=_SHA256,
        key="12-2023",
        key_from="name",
        state="done" if done else "waiting",
        reason=None,
        pages=1 if done else None,
        pages_failed=0,
        dossier=_DOSSIER if done else None,
        scan=_SCAN if done else None,
        components=1 if done else 0,
        posted_at=_NOON if done else None,
        settled_at=_NOON + timedelta(seconds=4) if done else None,
    )


def _plan() -> PlanOut:
    link = f"/api/v1/batches/{_BATCH}/handover.zip?first=1&last=2000"
    part = PartOut(first=1, last=2000, dossiers=1962, papers=1968, bytes=912_680_550, left_out=38, link=link)
    unsigned, same = LEFT[Left.UNSIGNED], LEFT[Left.DUPLICATE]
    return PlanOut(
        batch=_BATCH,
        unfinished=False,
        dossiers=part.dossiers,
        papers=part.papers,
        bytes=part.bytes,
        parts=[part],
        left_out=[
            LeftOut(reason=Left.UNSIGNED, vi=unsigned[0], en=unsigned[1], files=37),
            LeftOut(reason=Left.DUPLICATE, vi=same[0], en=same[1], files=1),
        ],
    )


def _batches() -> dict[tuple[str, str], BaseModel | Mapping[str, BaseModel]]:
    batch, base = _batch(), "/api/v1/batches/{batch_id}"
    lost = DifferenceOut(what="pdf_missing", path="/scan/ke-4/7.pdf", number=7, detail="derived/6d/…/0001-v0001.pdf")
    return {
        ("post", "/api/v1/batches"): batch,
        ("get", "/api/v1/batches"): BatchList(batches=[batch]),
        ("get", base): batch,
        ("patch", base): batch,
        ("post", f"{base}/files"): {"200": _item(done=True), "202": _item(done=False)},
        ("get", f"{base}/items"): ItemList(items=[_item(done=True)], next=None),
        ("post", f"{base}/retry"): AgainOut(items=2, batch=batch),
        ("get", f"{base}/handover"): _plan(),
        ("get", f"{base}/verification"): VerificationOut(differences=[lost], more=False),
    }


def _quality() -> dict[tuple[str, str], BaseModel]:
    base = "/api/v1/batches/{batch_id}/quality"
    other, third = "account:hoa.lt", "account:minh.pv"
    stratum = StratumOut(
        id="7c6b5a4f3e2d4c1b9a8f7e6d5c4b3a2f",
        checker=_CLERK,
        scanner="account:phu.trach",
        doubt="high",
        papers=64,
        drawn=20,
        rate=RateOut.of(error_rate(1, 7)),
        state="failed",
        failed_at=_NOON,
        waived_by=None,
        waive_reason="",
    )
    seen = QualityOut(
        batch=_BATCH,
        plan=QualityPlanOut.of(Plan(keyed_fields=("number", "issued_on"))),
        papers=577,
        round1={Standing.WAITING: 148, Standing.PASSED: 420, Standing.RETURNED: 9},
        drawn=127,
        undrawn=12,
        seed="5f0c1d2e3a4b49588776a5b4c3d2e1f0",
        drawn_at=_NOON,
        rate=RateOut.of(error_rate(1, 98)),
        strata=[stratum],
        deviations={
            DeviationState.OPEN: 6,
            DeviationState.FINE: 11,
            DeviationState.RESCAN: 3,
            DeviationState.GONE: 0,
        },
        keying={KeyingState.OPEN: 310, KeyingState.DIFFERS: 4, KeyingState.SETTLED: 840},
        fields=[
            FieldFiguresOut(
                field="number",
                asked=577,
                keyed=421,
                agreed=405,
                settled=417,
                differs=4,
                unreadable=2,
                machine_judged=415,
                machine_right=398,
            )
        ],
        people=[PersonFiguresOut(person=other, keyed=419, judged=416, right=409, settled=0)],
    )
    returned = CheckedOut(
        component=_COMPONENT,
        item=12,
        path="/scan/ke-4/hop-1.zip!/12-2023.pdf",
        key="12-2023",
        version=1,
        standing=Standing.RETURNED,
        faults=[Fault.MISSING_PAGE, Fault.CUT_OFF],
        words="thiếu mặt sau",
        round2=None,
    )
    again = RescanOut(
        id="4d5e6f708192435a8b9c0d1e2f3a4b5c",
        component=_COMPONENT,
        scan=_SCAN,
        filename="12-2023-quet-lai.pdf",
        state="reading",
        reason=None,
        faults=returned.faults,
        words=returned.words,
        asked_by=_CLERK,
        asked_at=_NOON,
        links={"scan": f"/api/v1/scans/{_SCAN}", "events": f"/api/v1/scans/{_SCAN}/events"},
    )
    deviation = DeviationOut(
        id="0e1f2a3b4c5d46789a8b7c6d5e4f3a2b",
        component=_COMPONENT,
        item=12,
        path=returned.path,
        page=2,
        what="angle",
        value=-4.5,
        usual=0.1,
        score=8.1,
        state=DeviationState.FINE,
        words="giấy bị xé lệch",
        said_by=other,
        said_at=_NOON,
        links={"image": f"/api/v1/components/{_COMPONENT}/pages/2.jpg"},
    )
    readings = [AnswerOut(answer=Answer.VALUE, value=value) for value in ("12/2023", "72/2023")]
    fields = [
        FieldKeyingOut(field="number", state=KeyingState.DIFFERS, may="settle", own=None, readings=readings),
        FieldKeyingOut(field="issued_on", state=KeyingState.OPEN, may="key", own=None, readings=[]),
    ]
    waived = WaiverOut(id=stratum.id, state="waived", waived_by=third, waive_reason="lỗi của máy quét, đã xem cả hộp")
    of_paper = f"{base}/papers/{{component_id}}"
    return {
        ("get", base): seen,
        ("put", f"{base}/plan"): seen,
        ("post", f"{base}/draw"): DrawnOut(papers=432, strata=7, drawn=131, new=4, seed=seen.seed),
        ("put", f"{base}/strata/{{stratum_id}}/waiver"): waived,
        ("post", f"{base}/next"): NextOut.of(_BATCH, _COMPONENT),
        ("put", f"{of_paper}/check"): returned,
        ("get", f"{base}/returned"): ReturnedOut(papers=[returned]),
        ("post", f"{of_paper}/rescan"): again,
        ("put", f"{of_paper}/mended"): returned.model_copy(
            update={"standing": Standing.WAITING, "faults": [], "words": ""}
        ),
        ("post", f"{base}/deviations"): FoundOut(open=6, new=2, gone=0),
        ("get", f"{base}/deviations"): DeviationsOut(total=1, counts=seen.deviations, deviations=[deviation]),
        ("put", f"{base}/deviations/{{deviation_id}}/decision"): deviation,
        ("get", f"{of_paper}/keying"): KeyingOut(component=_COMPONENT, fields=fields),
        ("put", f"{of_paper}/keying"): KeyedOut(settled=["issued_on"], differ=["number"], changed=True),
        ("put", f"{of_paper}/settlement"): KeyedOut(settled=["number"], differ=[], changed=True),
    }


def _webhooks() -> dict[tuple[str, str], BaseModel | list[BaseModel]]:
    url = "https://cong.tinhmau.example/su-kien"
    made = WebhookOut(
        id="5e4d3c2b1a0f4e9d8c7b6a5f4e3d2c1b",
        agency=_AGENCY,
        url=url,
        events=list(WebhookEvent),
        active=True,
        paused_at=None,
        created_at=_STORED,
        created_by="account:quan.tri",
        ended_at=None,
    )
    sent = DeliveryOut(
        id="0f1e2d3c4b5a49687766554433221100",
        webhook=made.id,
        url=url,
        event=WebhookEvent.RESULT_STORED,
        state=DeliveryState.DEAD,
        attempts=8,
        created_at=_STORED,
        ended_at=_NOON,
        status=503,
        error="HTTP 503",
        tries=[TryOut(at=_NOON, seconds=0.214, status=503, error="HTTP 503")],
    )
    again = {"state": DeliveryState.PENDING, "attempts": 0, "ended_at": None}
    nothing: dict[str, object] = {"status": None, "error": None, "tries": []}
    base = "/api/v1/webhooks"
    return {
        ("post", base): made.model_copy(update={"secret": "whsec_" + "QUJDREVGR0g" * 4}),
        ("get", base): [made],
        ("patch", f"{base}/{{webhook_id}}"): made.model_copy(update={"paused_at": _NOON}),
        ("post", f"{base}/{{webhook_id}}/secret"): made.model_copy(update={"secret": "whsec_" + "R0g0QUJDREVG" * 4}),
        ("post", f"{base}/{{webhook_id}}/trial"): sent.model_copy(update={**again, **nothing, "event": TRIAL}),
        ("delete", f"{base}/{{webhook_id}}"): made.model_copy(update={"active": False, "ended_at": _NOON}),
        ("get", f"{base}/deliveries"): [sent],
        ("post", f"{base}/deliveries/{{delivery_id}}/resend"): sent.model_copy(update=again),
    }


def answers() -> Mapping[tuple[str, str], BaseModel | list[BaseModel] | Mapping[str, BaseModel]]:
    """By method and path what a route answers when all is well; where its statuses differ in what they answer, by status."""
    component, who = "/api/v1/components/{component_id}", _who()
    dossier = DossierOut(**_dossier_parts(_HOLDER), scans=[ScanSummary(**_scan_parts(read=True))])
    opened = DossierOut(**_dossier_parts(_HOLDER), scans=[])
    cancelled = _result(
        cancelled_at=_NOON,
        cancel_reason="cấp sai đối tượng",
        reusable=False,
        why_not=[ReasonOut(code="CANCELLED", vi="Đã bị hủy, thu hồi.", en="It was cancelled.", since=_DAY)],
    )
    blocked = ReasonOut(
        code="FIELD_MISSING",
        vi="Trường này chưa có giá trị; nhập, hoặc xác nhận là không có.",
        en="This field has no value; type it, or confirm that there is none.",
        field="issued_on",
    )
    before = VersionOut(
        version=1,
        content={"title": _TITLE, "fields": {"number": _field("12/2028", (1020, 610, 1190, 652))}},
        replaced_at=_NOON + timedelta(minutes=1),
        replaced_by=_CLERK,
        reason="đọc nhầm số",
    )
    read, one = _component(), _result()
    result = "/api/v1/results/{result_id}"
    period = next(one for one in choices(default_catalog(), _DAY) if one.id == "tien_giang_2023_4")
    finished = {"finished_on": _DAY, "result_form": ResultForm.PAPER}
    lines = {("get", path): value for path, value in _catalog(default_catalog()).items()}
    return {
        ("post", "/api/v1/sessions"): who,
        ("get", "/api/v1/sessions/current"): who.model_copy(update={"expires_at": None}),
        ("post", "/api/v1/dossiers"): opened,
        ("get", "/api/v1/dossiers"): DossierList(dossiers=[DossierSummary(**_dossier_parts(_MASKED))]),
        ("get", "/api/v1/dossiers/{code}"): dossier,
        ("get", "/api/v1/dossiers/{code}/completeness"): _completeness(),
        ("post", "/api/v1/dossiers/{code}/scans"): {"200": _scan(read=True), "202": _scan(read=False)},
        ("get", "/api/v1/scans/{scan_id}"): _scan(read=True),
        ("put", "/api/v1/scans/{scan_id}/arrangement"): ScanSummary(**_scan_parts(read=True) | {"arranging": True}),
        ("put", "/api/v1/scans/{scan_id}/withdrawal"): ScanSummary(
            **_scan_parts(read=True) | {"state": "withdrawn", "components": []}
        ),
        ("delete", "/api/v1/scans/{scan_id}/withdrawal"): ScanSummary(
            **_scan_parts(read=True) | {"arranging": True, "components": []}
        ),
        ("get", component): read,
        ("patch", component): read,
        ("put", f"{component}/lease"): LeaseOut(component=_COMPONENT, since=_NOON, until=_NOON + timedelta(minutes=3)),
        ("get", f"{component}/next-step"): NextStep(to="extracted", reasons=[blocked]),
        ("post", f"{component}/steps"): _component("coded", _CODE),
        ("post", f"{component}/scanned-again"): _scanned_again("bản trong kho thiếu trang sau"),
        ("get", f"{component}/versions"): [before],
        ("get", "/api/v1/results"): _found(),
        ("get", result): one,
        ("get", f"{result}/uses"): [_reuse()],
        ("post", f"{result}/reuse"): _reuse(),
        ("post", f"{result}/cancel"): CancelOut(result=cancelled, to_notify=[_reuse()]),
        ("post", f"{result}/status-end"): _result(ended_on=_DAY),
        ("post", f"{result}/hand-over"): _result(returned_at=_NOON),
        ("put", "/api/v1/dossiers/{code}/conclusion"): DossierSummary(**_dossier_parts(_MASKED) | finished),
        ("delete", "/api/v1/dossiers/{code}/conclusion"): DossierSummary(**_dossier_parts(_MASKED)),
        ("get", "/api/v1/reports"): _report(default_catalog()),
        ("get", "/api/v1/reports/periods"): [ChoiceOut.of(period)],
        **_inventory(),
        **_webhooks(),
        **lines,
        **_batches(),
        **_quality(),
    }
