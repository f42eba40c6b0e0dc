"""R34-R38 over real rows, on SQLite and PostgreSQL."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session, sessionmaker

from models import conclusions, warehouse
from models.agencies import create_agency
from models.catalog import Catalog, Indicator, Procedure, ReportTarget, Rounding, default_catalog
from models.database import reading, transaction
from models.entities import Agency, Channel, Dossier, ResultForm, ReuseLink
from models.errors import Conflict, NotFound
from models.local_time import local_day
from models.reports.choose import find_period
from models.reports.report import Asked, Report, make
from models.reports.sheet import HEADERS, csv_bytes, xlsx_bytes
from models.rules.periods import Period, between
from models.rules.ratios import Ratio
from tests.models.stored import MARRIAGE, NOON, Paper, at, open_dossier, store

Factory = sessionmaker[Session]
BIRTH, WEDDING, WEDDING_AGAIN = "1.001193", "1.000894", "1.004746"
DAY = date(2023, 9, 10)
SEPTEMBER = between(date(2023, 9, 1), date(2023, 9, 30))
HOSPITAL = Paper(kind="giay_chung_sinh")


@pytest.fixture
def tree(factory: Factory) -> dict[str, Agency]:
    """A province, two districts' worth of communes below it, and a stranger."""
    with transaction(factory) as session:
        province = create_agency(session, code="H58", name="UBND tỉnh Mẫu")
        east = create_agency(session, code="H58.1", name="UBND huyện Đông", parent=province)
        made = {"H58": province, "H58.1": east}
        made["H58.1.1"] = create_agency(session, code="H58.1.1", name="UBND xã Đông Một", parent=east)
        made["H58.2"] = create_agency(session, code="H58.2", name="UBND xã Tây", parent=province)
        made["H57"] = create_agency(session, code="H57", name="UBND tỉnh Khác")
        return made


def told(
    factory: Factory, code: str, period: Period = SEPTEMBER, catalog: Catalog | None = None, **asked: Any
) -> Report:
    with reading(factory) as session:
        reach = {agency.id for agency in session.query(Agency) if agency.code != "H57"}
        return make(session, Asked(code, period, **asked), reach, catalog or default_catalog())


def ratio(report: Report, indicator: Indicator) -> Ratio:
    return report.total.figures[indicator].ratio


def test_r34_a_dossier_counts_once_however_many_papers_it_has(factory: Factory, tree: dict[str, Agency]) -> None:
    with transaction(factory) as session:
        full = open_dossier(session, tree["H58.2"], at(DAY), procedure=BIRTH)
        for _ in range(3):
            store(session, full, HOSPITAL, at(DAY))
        store(session, full, Paper("giay_khai_sinh", issued_on=DAY), at(DAY))
        store(session, full, Paper("giay_khai_sinh", issued_on=DAY), at(DAY))
        full.finished_on, full.result_form = DAY, ResultForm.PAPER
        open_dossier(session, tree["H58.2"], at(DAY), procedure=BIRTH)
    found = told(factory, "H58.2")
    assert ratio(found, Indicator.COMPONENTS) == Ratio(1, 2)
    assert ratio(found, Indicator.RESULTS) == Ratio(1, 1)
    assert ratio(found, Indicator.REUSE) == Ratio(0, 2)


def test_r34_zero_denominators_are_no_ratio(factory: Factory, tree: dict[str, Agency]) -> None:
    found = told(factory, "H58.2")
    assert {figure.ratio for figure in found.total.figures.values()} == {Ratio(0, 0)}
    assert {figure.percent for figure in found.total.figures.values()} == {None}
    assert {score.points for score in found.scores} == {None}
    assert found.lagging == []
    assert found.backlog is None
    table = list(csv.reader(io.StringIO(csv_bytes(found).decode("utf-8-sig")), delimiter=";"))
    assert table[1][HEADERS.index("Tỷ lệ số hóa thành phần (%)")] == "n/a"


@pytest.mark.parametrize(
    ("moment", "counted"),
    [
        (at(date(2023, 8, 31), time(23, 59, 59)), 0),
        (at(date(2023, 9, 1), time(0)), 1),  # 17:00 UTC of the day before
        (at(date(2023, 9, 30), time(23, 59, 59)), 1),
        (at(date(2023, 10, 1), time(0)), 0),
    ],
)
def test_r34_components_by_the_day_of_receipt_at_the_counter(
    factory: Factory, tree: dict[str, Agency], moment: datetime, counted: int
) -> None:
    with transaction(factory) as session:
        store(session, open_dossier(session, tree["H58.2"], moment, procedure=BIRTH), HOSPITAL, moment)
    assert ratio(told(factory, "H58.2"), Indicator.COMPONENTS) == Ratio(counted, counted)


def test_r34_results_by_the_day_the_dossier_ended(factory: Factory, tree: dict[str, Agency]) -> None:
    with transaction(factory) as session:
        for ended in (date(2023, 8, 31), date(2023, 9, 1), date(2023, 9, 30), date(2023, 10, 1), None):
            dossier = open_dossier(session, tree["H58.2"], at(date(2023, 8, 1)), procedure=BIRTH)
            dossier.finished_on, dossier.result_form = ended, ResultForm.PAPER if ended else None
            store(session, dossier, Paper("giay_khai_sinh", issued_on=date(2023, 8, 20)), at(date(2023, 8, 21)))
    found = told(factory, "H58.2")
    assert ratio(found, Indicator.RESULTS) == Ratio(2, 2)
    assert ratio(found, Indicator.COMPONENTS) == Ratio(0, 0)  # none was received in September


def test_r34_a_result_is_told_from_a_component(factory: Factory, tree: dict[str, Agency]) -> None:
    """Registering a marriage again: the old certificate is a component, the new one of the same type the result."""
    with transaction(factory) as session:
        for issued, slot in ((date(1990, 5, 1), None), (DAY, None), (DAY, "ket_hon_cu")):
            dossier = open_dossier(session, tree["H58.2"], at(DAY), procedure=f"{WEDDING_AGAIN}.H58")
            dossier.finished_on, dossier.result_form = DAY, ResultForm.PAPER
            store(session, dossier, Paper(MARRIAGE, issued_on=issued, slot=slot), at(DAY))
    found = told(factory, "H58.2")
    assert ratio(found, Indicator.COMPONENTS) == Ratio(2, 3)
    assert ratio(found, Indicator.RESULTS) == Ratio(1, 3)
    assert ratio(found, Indicator.FINISHED_DIGITISED) == Ratio(3, 3)
    assert [row.code for row in found.procedures] == [WEDDING_AGAIN]  # without its local tail


def test_r34_a_procedure_that_is_not_known_gives_any_result(factory: Factory, tree: dict[str, Agency]) -> None:
    with transaction(factory) as session:
        for procedure, kind in (("", MARRIAGE), ("9.999999", MARRIAGE), (BIRTH, MARRIAGE), ("", "to_khai")):
            dossier = open_dossier(session, tree["H58.2"], at(DAY), procedure=procedure)
            dossier.finished_on, dossier.result_form = DAY, ResultForm.PAPER
            store(session, dossier, Paper(kind), at(DAY))
    assert ratio(told(factory, "H58.2"), Indicator.RESULTS) == Ratio(2, 4)


def test_r34_no_result_paper_counts_as_fulfilled_and_can_be_switched(factory: Factory, tree: dict[str, Agency]) -> None:
    base = default_catalog()
    silent = Procedure.model_validate(
        base.procedure(BIRTH, DAY).model_dump()  # type: ignore[union-attr]  # it is there
        | {"code": "1.999999", "results": [], "result_codes": [], "no_result_paper": True}
    )
    catalog = base.with_procedures([silent])
    with transaction(factory) as session:
        for procedure, form in ((BIRTH, ResultForm.NONE), (BIRTH, ResultForm.PAPER), ("1.999999", ResultForm.PAPER)):
            dossier = open_dossier(session, tree["H58.2"], at(DAY), procedure=procedure)
            dossier.finished_on, dossier.result_form = DAY, form
    assert ratio(told(factory, "H58.2", catalog=catalog), Indicator.RESULTS) == Ratio(2, 3)
    rules = tuple(line.model_copy(update={"no_result_counts": False}) for line in catalog.report_rules)
    strict = replace(catalog, report_rules=rules)
    assert ratio(told(factory, "H58.2", catalog=strict), Indicator.RESULTS) == Ratio(0, 3)


def test_r35_the_headline_ratios(factory: Factory, tree: dict[str, Agency]) -> None:
    """Four dossiers: digitised, reused, e-result, and one with nothing."""
    with transaction(factory) as session:
        here = tree["H58.2"]
        digitised, reused, electronic, _ = [open_dossier(session, here, at(DAY), procedure=BIRTH) for _ in range(4)]
        paper = store(session, digitised, HOSPITAL, at(DAY))
        for slot in ("a", "b"):  # twice in one dossier is one dossier
            session.add(
                ReuseLink(result_id=paper.id, version=1, dossier_id=reused.id, agency_id=here.id, slot=slot, actor="t")
            )
        electronic.channel = Channel.ONLINE
        electronic.finished_on, electronic.result_form = DAY, ResultForm.ELECTRONIC
        reused.finished_on, reused.result_form = DAY, ResultForm.PAPER
    found = told(factory, "H58.2")
    assert ratio(found, Indicator.COMPONENTS) == Ratio(1, 4)
    assert ratio(found, Indicator.REUSE) == Ratio(1, 4)
    assert ratio(found, Indicator.ONLINE) == Ratio(1, 4)
    assert ratio(found, Indicator.RESULTS) == Ratio(1, 2)  # what is electronic needs no scan (x1)
    assert ratio(found, Indicator.E_RESULTS) == Ratio(1, 2)
    rules = tuple(line.model_copy(update={"reuse_counts": True}) for line in default_catalog().report_rules)
    generous = replace(default_catalog(), report_rules=rules)
    assert ratio(told(factory, "H58.2", catalog=generous), Indicator.COMPONENTS) == Ratio(2, 4)


def test_r35_points_and_how_sure_they_are(factory: Factory, tree: dict[str, Agency]) -> None:
    with transaction(factory) as session:
        for form in (ResultForm.ELECTRONIC, ResultForm.PAPER):
            dossier = open_dossier(session, tree["H58.2"], at(DAY), procedure=BIRTH)
            dossier.finished_on, dossier.result_form = DAY, form
            store(session, dossier, HOSPITAL, at(DAY))
    scores = {score.line.id: score for score in told(factory, "H58.2").scores}
    assert scores["qd766_e_results"].points == Decimal("3.00")
    assert scores["qd766_digitised"].points == Decimal(4)  # 100 % is at least 80 %
    assert scores["qd766_reused"].points == Decimal("0.00")
    assert {score.line.certainty.value for score in scores.values()} == {"P"}  # shown with each (R40)


def test_r35_back_scans_are_no_cases_of_the_counter(factory: Factory, tree: dict[str, Agency]) -> None:
    with transaction(factory) as session:
        store(session, open_dossier(session, tree["H58.2"], at(DAY)), Paper(), at(DAY), queue="backscan")
        open_dossier(session, tree["H58.2"], at(DAY), procedure=BIRTH)
    assert ratio(told(factory, "H58.2"), Indicator.COMPONENTS) == Ratio(0, 1)


def test_units_sum_up_to_the_whole_and_nobody_elses_count(factory: Factory, tree: dict[str, Agency]) -> None:
    with transaction(factory) as session:
        for code, dossiers in (("H58", 1), ("H58.1", 2), ("H58.1.1", 3), ("H58.2", 4), ("H57", 50)):
            for number in range(dossiers):
                dossier = open_dossier(session, tree[code], at(DAY), procedure=BIRTH if number % 2 else WEDDING)
                if not number:
                    store(session, dossier, HOSPITAL, at(DAY))
    found = told(factory, "H58")
    assert {(row.code, row.own): row.counts.received for row in found.rows} == {
        ("H58", True): 1,
        ("H58.1", False): 5,
        ("H58.2", False): 4,
    }
    assert ratio(found, Indicator.COMPONENTS) == Ratio(4, 10)
    assert {row.code: row.counts.received for row in found.procedures} == {BIRTH: 4, WEDDING: 6}
    assert sum((row.counts.received for row in found.rows), 0) == found.total.counts.received
    assert told(factory, "H58", procedure=f"{BIRTH}.H58").total.counts.received == 4
    with pytest.raises(NotFound):
        told(factory, "H57")
    with pytest.raises(NotFound):
        told(factory, "H99")


def test_r36_targets_by_agency_and_what_lags(factory: Factory, tree: dict[str, Agency]) -> None:
    catalog = default_catalog()
    assert catalog.target(Indicator.RESULTS, "H58.2", DAY).percent == 100  # type: ignore[union-attr]
    assert catalog.target(Indicator.RESULTS, "H58.2", date(2023, 8, 31)) is None  # from 01/9/2023 on
    assert catalog.target(Indicator.RESULTS, "H5", DAY) is None
    assert catalog.target(Indicator.BACKLOG, "H58", DAY, 2023).valid_to == date(2023, 10, 30)  # type: ignore[union-attr]
    assert catalog.target(Indicator.BACKLOG, "H57", DAY, 2023).percent == 90  # type: ignore[union-attr]
    assert catalog.target(Indicator.ONLINE, "H57", DAY).percent == 88  # type: ignore[union-attr]
    own = ReportTarget.model_validate(
        {
            "id": "own",
            "name": "Xã Tây",
            "indicator": "components",
            "percent": "95.5",
            "agency": "H58.2",
            "source": "x",
            "certainty": "Q",
        }
    )
    stricter = replace(catalog, report_targets=(own, *catalog.report_targets))
    with transaction(factory) as session:
        for code, done in (("H58.1", 4), ("H58.2", 9)):
            for number in range(10 if code == "H58.2" else 5):
                dossier = open_dossier(session, tree[code], at(DAY), procedure=BIRTH)
                if number < done:
                    store(session, dossier, HOSPITAL, at(DAY))
    found = told(factory, "H58", catalog=stricter)
    figures = {row.code: row.figures[Indicator.COMPONENTS] for row in found.rows}
    assert (figures["H58.1"].reached, figures["H58.1"].lacks) == (True, 0)  # 80 % of QĐ 766 just reached
    assert (figures["H58.2"].reached, figures["H58.2"].lacks) == (False, 1)
    lacks = {row.code: sum(figure.lacks or 0 for figure in row.figures.values()) for row in found.lagging}
    assert list(lacks) == ["H58.2", "H58.1"]  # both lack reuse and online dossiers too; who lacks most comes first
    assert lacks["H58.2"] > lacks["H58.1"]


def test_r38_bac_kan_through_the_whole_report(factory: Factory, tree: dict[str, Agency]) -> None:
    """155 dossiers, 150 of them online: 96,7 as the annex has it, 96,8 when asked for."""
    with transaction(factory) as session:
        for number in range(155):
            channel = Channel.ONLINE if number < 150 else Channel.COUNTER
            open_dossier(session, tree["H58.2"], at(DAY), procedure=BIRTH, channel=channel)
    place = HEADERS.index("Tỷ lệ trực tuyến (%)")
    for rounding, text in ((None, "96,7"), (Rounding.TRUNCATE, "96,7"), (Rounding.HALF_UP, "96,8")):
        found = told(factory, "H58.2", rounding=rounding)
        assert ratio(found, Indicator.ONLINE) == Ratio(150, 155)
        raw = csv_bytes(found)
        assert raw.startswith(b"\xef\xbb\xbf")
        table = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
        assert tuple(table[0]) == HEADERS
        assert table[1][place] == text
        book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(found)))
        printed = [row for row in book["Báo cáo"].iter_rows(values_only=True) if row[0] == "Tổng cộng"]
        assert printed[0][place] == text
        numbers = list(book["Số liệu"].iter_rows(values_only=True))
        assert numbers[0] == HEADERS
        assert numbers[1][place] == float(text.replace(",", "."))
        assert [sheet.title for sheet in book.worksheets] == ["Báo cáo", "Số liệu", "Điểm"]


def test_a_name_is_never_a_formula(factory: Factory) -> None:
    with transaction(factory) as session:
        create_agency(session, code="H58", name="=HYPERLINK(1)")
    found = told(factory, "H58")
    table = list(csv.reader(io.StringIO(csv_bytes(found).decode("utf-8-sig")), delimiter=";"))
    assert table[1][2] == "'=HYPERLINK(1)"
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(found)))
    assert all(cell.data_type != "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)


def test_a_dossier_ends_between_its_receipt_and_today(factory: Factory, tree: dict[str, Agency]) -> None:
    with transaction(factory) as session:
        dossier = open_dossier(session, tree["H58.2"], at(DAY))
        with pytest.raises(Conflict):
            conclusions.conclude(session, dossier, on=DAY - timedelta(days=1), form=ResultForm.PAPER, actor="t")
        tomorrow = local_day() + timedelta(days=1)
        with pytest.raises(Conflict):
            conclusions.conclude(session, dossier, on=tomorrow, form=ResultForm.PAPER, actor="t")
        assert conclusions.conclude(session, dossier, on=DAY, form=ResultForm.PAPER, actor="t")
        assert not conclusions.conclude(session, dossier, on=DAY, form=ResultForm.PAPER, actor="t")
        assert conclusions.conclude(session, dossier, on=DAY, form=ResultForm.ELECTRONIC, actor="t")
        assert conclusions.reopen(session, dossier, actor="t")
        assert not conclusions.reopen(session, dossier, actor="t")
        assert dossier.finished_on is None


def test_handing_the_result_over_ends_the_dossier(factory: Factory, tree: dict[str, Agency]) -> None:
    with transaction(factory) as session:
        dossier = open_dossier(session, tree["H58.2"], at(DAY), procedure=WEDDING)
        other = store(session, dossier, HOSPITAL, at(DAY))
        result = store(session, dossier, Paper(MARRIAGE), at(DAY))
        for paper in (other, result):
            found = warehouse.find_result(session, paper.id, [dossier.agency_id])
            assert warehouse.hand_over(session, found, actor="t")
            conclusions.conclude_by_hand_over(session, found.component, default_catalog(), actor="t")
            assert (session.get_one(Dossier, dossier.id).finished_on is None) == (paper is other)
        assert dossier.finished_on == local_day()
        assert dossier.result_form == ResultForm.PAPER


def test_r37_periods_reach_the_rows(factory: Factory, tree: dict[str, Agency]) -> None:
    with transaction(factory) as session:
        for day in (date(2023, 9, 15), date(2023, 9, 16), date(2023, 10, 30), date(2023, 10, 31)):
            for clock in (time(0), NOON, time(23, 59)):
                open_dossier(session, tree["H58.2"], at(day, clock), procedure=BIRTH)
    received = [
        told(factory, "H58.2", find_period(default_catalog(), DAY, f"tien_giang_2023_{one}")).total.counts.received
        for one in (1, 2, 3, 4)
    ]
    assert received == [3, 3, 0, 9]
