from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from digitize_api.dossiers.schemas import mask
from digitize_api.scans.magic import media_type
from digitize_api.scans.multipart import FileParts
from digitize_api.web import paper_words
from digitize_api.web.words import SCAN_STATES, TEXT, Words
from models import lifecycle
from models.catalog import Certainty, default_catalog
from models.database import transaction
from models.entities import Component, ComponentState, Page, PageState, Role, Scan, ScanState, SignatureState
from models.errors import DigitizeError, SecretMaterial, TooLarge
from models.fields import FIELD_NAMES
from models.rules.completeness import SlotState
from tests.digitize_api.api import PASSWORD, PDF, Api, jpeg
from tests.digitize_api.test_upload import post
from tests.models.papers import MARRIAGE
from workers.classify.extract import Doubt, Reason


def browser(api: Api, role: Role = Role.CLERK) -> tuple[httpx.Client, str]:
    """A client signed in through the form, and the CSRF token as the page has it."""
    api.account("can.bo", role)
    client = api.client(Accept="text/html")
    answer = client.post("/login", data={"name": "can.bo", "password": PASSWORD, "next": "/"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/").text)
    assert token is not None
    return client, token[1]


def test_the_way_in_and_out(api: Api) -> None:
    anonymous = api.client()
    answer = anonymous.get("/tra-cuu?q=khai+sinh")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Ftra-cuu%3Fq%3Dkhai%2Bsinh")
    form = anonymous.get(answer.headers["location"])
    assert 'value="/tra-cuu?q=khai+sinh"' in form.text
    assert '<html lang="vi">' in form.text
    api.account("can.bo", Role.CLERK)
    wrong = anonymous.post("/login", data={"name": "can.bo", "password": "sai"})
    assert wrong.status_code == 401
    assert "chưa đúng" in wrong.text
    assert 'value="can.bo"' in wrong.text
    client, token = browser(api)
    assert client.post("/logout", data={"csrf_token": "x"}).status_code == 403
    assert client.get("/").status_code == 200
    assert client.post("/logout", data={"csrf_token": token}).headers["location"] == "/login"
    assert client.get("/").status_code == 303


@pytest.mark.parametrize(
    "target",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "evil", "/a\r\nX: y"],
)
def test_no_open_redirect(api: Api, target: str) -> None:
    api.account("can.bo", Role.CLERK)
    answer = api.client().post("/login", data={"name": "can.bo", "password": PASSWORD, "next": target})
    assert answer.headers["location"] == "/"
    assert api.client().get("/language/en", params={"back": target}).headers["location"] == "/"


def test_a_dossier_without_javascript(api: Api) -> None:
    client, token = browser(api)
    data = {
        "csrf_token": token,
        "title": "Đăng ký khai sinh",
        "holder_id": "001203004567",
        "holder_name": "Nguyễn Thị Mẫu",
    }
    made = client.post("/dossiers", data=data)
    assert made.status_code == 303
    page = client.get(made.headers["location"]).text
    assert "0012•••••567" in page
    assert "001203004567" not in page
    assert client.post("/dossiers", data={**data, "csrf_token": ""}).status_code == 403
    bad = client.post("/dossiers", data={**data, "holder_id": "không phải số"})
    assert bad.status_code == 422
    assert "Yêu cầu chưa đúng" in bad.text
    assert 'value="Nguyễn Thị Mẫu"' in bad.text, "what was typed is kept"
    other = client.post("/dossiers", data={**data, "holder_name": "Trần Văn Khác"})
    assert (other.status_code, "Trái với dữ liệu đã có" in other.text) == (409, True)


def test_an_error_is_a_page(api: Api) -> None:
    client, _ = browser(api)
    answer = client.get("/dossiers/H56.14-000000-0000", headers={"X-Request-ID": "abc-12345678"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Không tìm thấy" in answer.text
    assert "abc-12345678" in answer.text
    assert client.get("/api/v1/scans/x").headers["content-type"] == "application/problem+json"


def test_nothing_that_was_sent_becomes_markup(api: Api) -> None:
    evil = "<img src=x onerror=alert(1)>"
    station = api.station()
    code = api.dossier(station, title=evil, holder={"name": evil})
    scan = post(station, code, PDF, name=evil + ".pdf").json()["id"]
    api.read(scan, [f"khai sinh {evil}"])
    client, _ = browser(api)
    for path in ("/", f"/dossiers/{code}", f"/scans/{scan}/card", "/tra-cuu?q=khai+sinh", f"/tra-cuu?q={evil}"):
        text = client.get(path).text
        assert "<img src=x" not in text, path
        assert " style=" not in text, "the content policy would refuse it"
        assert not re.search(r"\son\w+=[^;]*\(", re.sub(r"&lt;.*?&gt;", "", text)), path


def test_digital_signatures_are_told_with_the_scan(api: Api) -> None:
    station = api.station()
    scan = post(station, api.dossier(station), PDF).json()
    assert scan["signatures"] is None, "not looked at yet"
    api.read(scan["id"], ["khai sinh"])
    client, _ = browser(api)
    assert "Đã ký số" not in client.get(f"/scans/{scan['id']}/card").text
    sound = {"field": "Lanh_dao", "signer": "UBND XÃ MẪU", "signed_at": "2025-01-24T07:23:43+00:00", "intact": True}
    sound |= dict.fromkeys(("organization", "timestamp", "problem")) | {"valid": True, "covers": "file"}
    with transaction(api.sessions) as session:
        session.get_one(Scan, scan["id"]).signatures = [
            sound,
            sound | {"intact": False},
            sound | {"field": None, "signer": None, "intact": None, "valid": None, "problem": "damaged"},
        ]
    told = station.get(f"/api/v1/scans/{scan['id']}").json()["signatures"]
    assert [each["intact"] for each in told] == [True, False, None]
    text = " ".join(client.get(f"/scans/{scan['id']}/card").text.split())
    assert "Đã ký số: <strong>UBND XÃ MẪU</strong> · 24/01/2025 14:23" in text
    assert text.count("còn nguyên vẹn") == 1
    assert text.count("nội dung đã đổi sau khi ký") == 1
    assert text.count("chưa kiểm tra được chữ ký") == 1


def test_words_are_complete() -> None:
    assert set(SCAN_STATES) == {state.value for state in ScanState}
    for vietnamese, english in TEXT.values():
        assert vietnamese.strip()
        assert english.strip()
    vi, en = Words("vi"), Words("en")
    assert (vi.number(1234567), en.number(1234567)) == ("1.234.567", "1,234,567")
    assert (vi.size(1_500_000), en.size(1_500_000), vi.size(10)) == ("1,4 MB", "1.4 MB", "1 KB")
    assert vi.error("EMPTY_FILE")[0] == "Tệp rỗng"
    assert vi.error("NO_SUCH_CODE") == vi.error("INTERNAL")
    assert vi.warning("SOMETHING_NEW") == "SOMETHING_NEW", "an unknown warning is shown, not hidden"


def test_masks() -> None:
    assert mask("001203004567") == "0012•••••567"
    assert mask("1234567") == "•••••••"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"II*\x00", "image/tiff"),
        (b"MM\x00*", "image/tiff"),
        (b"BM....", "image/bmp"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"%PDF-1.4", "application/pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.4", "application/pdf"),
    ],
)
def test_magic(head: bytes, kind: str) -> None:
    assert media_type(head) == kind


@pytest.mark.parametrize("step", [1, 2, 3, 7, 64, 10_000])
def test_form_parts_in_any_chunks(step: int) -> None:
    """The file's bytes come out whole however the network cuts them, boundary look-alikes included."""
    file = b"\r\n--bou\r\n--boundaryX" + bytes(range(256)) + b"\r\n--boundar"
    body = (
        b'--boundary\r\nContent-Disposition: form-data; name="note"\r\n\r\nxin\r\n--boundary\r\nContent-Type: application/pdf\r\n'
        b'content-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + file + b"\r\n--boundary--\r\n"
    )
    parts = FileParts(b"boundary", 10_000)
    found = b"".join(piece for start in range(0, len(body), step) for piece in parts.feed(body[start : start + step]))
    parts.finish()
    assert (found, parts.filename, parts.size) == (file, "a.pdf", len(file))
    short = FileParts(b"boundary", len(file) - 1)
    with pytest.raises(TooLarge):
        _ = [short.feed(body[start : start + step]) for start in range(0, len(body), step)]
    cut = FileParts(b"boundary", 10_000)
    cut.feed(body[:-6])
    with pytest.raises(DigitizeError):
        cut.finish()


def test_everything_that_a_paper_may_be_has_words() -> None:
    catalog = default_catalog()
    fields = {field.name for paper in catalog.paper_types.values() for field in paper.fields}
    for table, codes in (
        (paper_words.FIELDS, fields | set(FIELD_NAMES)),
        (paper_words.OPEN, {reason.value for reason in Reason} | {"ABSENT", "WITNESSES_DISAGREE", "UNSURE"}),
        (paper_words.DOUBTS, {doubt.value for doubt in Doubt}),
        (paper_words.COMPONENT_STATES, {state.value for state in ComponentState}),
        (paper_words.SIGNATURES, {state.value for state in SignatureState}),
        (paper_words.SLOT_STATES, {state.value for state in SlotState}),
        (paper_words.CERTAINTIES, {letter.value for letter in Certainty} - {"Q"}),
    ):
        assert codes <= set(table), codes - set(table)
        assert all(vietnamese.strip() and english.strip() for vietnamese, english in table.values())
    assert set(paper_words.PAPER_TYPES_EN) == set(catalog.paper_types)
    vi, en = Words("vi"), Words("en")
    assert vi.paper_type("giay_bao_tu", catalog) == "Giấy báo tử"
    assert en.paper_type("giay_bao_tu", catalog) == "Death notice"
    assert vi.paper_type(None, catalog) == "Chưa rõ loại giấy tờ"
    assert vi.paper_type("of_an_agency", catalog) == vi.doubt("of_an_agency") == "of_an_agency", "shown, not hidden"


def read_paper(api: Api, code: str, colour: int = 1, **values: Any) -> str:
    """A component in the dossier with these columns; its id."""
    made = api.read(post(api.station(), code, jpeg(colour), key=f"{code}-{colour}").json()["id"], ["Giấy tờ"])
    with transaction(api.sessions) as session:
        component = session.get_one(Component, made)
        for name, value in values.items():
            setattr(component, name, value)
    return made


HOLDER = {"kind": "person", "id_number": "079200000123", "name": "Nguyễn Thị Mẫu"}


def told(text: str) -> str:
    """What a person reads of the page, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_a_paper_is_told_in_words_with_its_doubts(api: Api) -> None:
    code = api.dossier(api.station(), procedure="1.004222", holder=HOLDER)
    fields = MARRIAGE | {
        "number": {"value": None, "reason": "HANDWRITING", "symbol": "/2023"},
        "issuer": MARRIAGE["issuer"] | {"doubt": "MENDED"},
        "wife_id": {"value": "079200000123", "confidence": 0.9, "source": "ocr"},
    }
    values: dict[str, Any] = {
        "paper_type": "giay_chung_nhan_ket_hon",
        "fields": fields,
        "attributes": ["ban_sao"],
        "title": "",
    }
    paper = read_paper(api, code, paper_type_score=0.95, **values)
    client, _ = browser(api)
    card = told(client.get(f"/dossiers/{code}").text)
    assert "Giấy chứng nhận kết hôn" in card
    assert "loại: chắc Bản sao Đã quét · chưa yêu cầu ký số" in card
    assert "Số, ký hiệu …/2023 chữ viết tay, chưa đọc chắc" in card
    assert "Cơ quan cấp, ban hành UBND xã Mẫu đã sửa theo phần khác của giấy" in card
    assert "Ngày cấp, ban hành 02/05/2023" in card
    assert "079200000123" not in card
    page = told(client.get(f"/components/{paper}/pages/1").text)
    assert "Số định danh của vợ 079200000123" in page, "the paper itself is before the reader"
    with transaction(api.sessions) as session:
        component = session.get_one(Component, paper)
        component.paper_type_score = 0.4
        component.paper_type_alternatives = [{"id": "trich_luc_ho_tich", "score": 0.3}]
        issuer = component.fields["issuer"] | {"confirmed_by": "account:can.bo"}
        component.fields = component.fields | {"issuer": issuer}
        component.flags = [{"code": "BORDER_UNSURE"}, {"code": "NOT_COLOUR"}]
    page = told(client.get(f"/components/{paper}/pages/1").text)
    assert "loại: cần kiểm tra Bản sao chưa chắc giấy tờ bắt đầu" in page
    assert "Có thể là: Trích lục hộ tịch" in page
    assert "UBND xã Mẫu đã xác nhận" in page
    client.cookies.set("language", "en")
    api.keep(paper)
    assert f"test.{paper}.01" in client.get(f"/components/{paper}/pages/1").text


def test_nothing_read_is_said_as_nothing(api: Api) -> None:
    code = api.dossier(api.station())
    paper = read_paper(api, code, paper_type=None, fields={}, title="", flags=[{"code": "NO_TEXT"}])
    client, _ = browser(api)
    page = told(client.get(f"/components/{paper}/pages/1").text)
    assert "Chưa rõ loại giấy tờ" in page
    assert "không có chữ nào đọc được" in page
    assert "Chưa đọc được trường nào." in page
    assert "loại: chắc" not in page
    assert "chưa ghi thủ tục" in told(client.get(f"/dossiers/{code}").text)


def test_what_the_procedure_asks_for_and_the_warehouse_has(api: Api) -> None:
    station = api.station()
    first = api.dossier(station, procedure="1.001193", holder=HOLDER)
    paper = read_paper(api, first, paper_type="giay_chung_nhan_ket_hon", paper_type_score=0.95, fields=MARRIAGE)
    api.keep(paper)
    code = api.dossier(station, procedure="2.001263", holder=HOLDER)
    client, token = browser(api)
    before = client.get(f"/dossiers/{code}").text
    assert "Kho có: Giấy chứng nhận kết hôn 12/2023, 02/05/2023 , không phải quét lại" in told(before)
    assert "Chưa đủ" in told(before)
    assert "theo nguồn thứ cấp, chưa đối chiếu văn bản gốc" in told(before)
    assert f"/api/v1/dossiers/{code}/supplement-slip.pdf" in before
    form = {"result": paper, "slot": "tinh_trang_hon_nhan"}
    assert client.post(f"/dossiers/{code}/reuse", data=form).status_code == 403
    done = client.post(f"/dossiers/{code}/reuse", data=form | {"csrf_token": token})
    assert (done.status_code, done.headers["location"]) == (303, f"/dossiers/{code}#needed")
    part = client.get(f"/dossiers/{code}/needed").text
    assert "<html" not in part
    assert "Dùng lại từ kho Đã dùng lại: Giấy chứng nhận kết hôn 12/2023, 02/05/2023" in told(part)
    client.post(f"/dossiers/{code}/reuse", data=form | {"csrf_token": token})
    head = api.person(Role.SUPERVISOR)
    assert head.post(f"/api/v1/results/{paper}/cancel", json={"reason": "cấp sai đối tượng"}).status_code == 200
    other = api.dossier(station, procedure="2.001263", holder=HOLDER)
    refused = client.post(f"/dossiers/{other}/reuse", data=form | {"csrf_token": token})
    assert refused.status_code == 409
    assert "Đã bị hủy, thu hồi." in refused.text
    assert client.post(f"/dossiers/{other}/reuse", data={**form, "slot": "<>", "csrf_token": token}).status_code == 422


def test_r04_the_page_asks_why_it_was_scanned_all_the_same(api: Api) -> None:
    station = api.station()
    first = api.dossier(station, procedure="1.001193", holder=HOLDER)
    marriage: dict[str, Any] = {
        "paper_type": "giay_chung_nhan_ket_hon",
        "paper_type_score": 0.95,
        "fields": MARRIAGE,
    }
    held = read_paper(api, first, **marriage)
    api.keep(held)
    code = api.dossier(station, procedure="2.001263", holder=HOLDER)
    paper = read_paper(api, code, 2, **marriage)
    client, token = browser(api)
    before = client.get(f"/dossiers/{code}").text
    assert "Đã có trong kho, vẫn quét: chưa nêu lý do" in told(before)
    assert "Kho có: Giấy chứng nhận kết hôn 12/2023, 02/05/2023" in told(before)
    assert "Held, yet scanned: no reason given" in told(client.get(f"/dossiers/{code}/needed?lang=en").text)
    form = {"component": paper, "reason": "bản trong kho <b>mờ</b>"}
    url = f"/dossiers/{code}/scanned-again"
    assert client.post(url, data=form).status_code == 403
    assert client.post(url, data=form | {"reason": "", "csrf_token": token}).status_code == 422
    done = client.post(url, data=form | {"csrf_token": token})
    assert (done.status_code, done.headers["location"]) == (303, f"/dossiers/{code}#needed")
    after = client.get(f"/dossiers/{code}/needed").text
    assert "Vẫn quét vì bản trong kho &lt;b&gt;mờ&lt;/b&gt;" in after
    assert "can.bo, " in told(after)
    assert "scanned_why" not in after
    assert "Vì sao vẫn quét?" not in after


def test_a_complete_dossier_has_no_slip(api: Api) -> None:
    code = api.dossier(api.station(), procedure="1.001193", holder=HOLDER)
    title = {"title": {"value": "TỜ KHAI ĐĂNG KÝ KHAI SINH"}}
    read_paper(api, code, 1, paper_type="to_khai", fields=title)
    read_paper(api, code, 2, paper_type="giay_chung_sinh", fields={})
    client, _ = browser(api)
    page = client.get(f"/dossiers/{code}").text
    assert "Đủ thành phần" in told(page)
    assert "supplement-slip" not in page


def test_secret_material_is_a_plain_sentence(api: Api) -> None:
    code = api.dossier(api.station())
    scan_id = post(api.station(), code, PDF, name="mat.pdf").json()["id"]
    with transaction(api.sessions) as session:
        scan = session.get_one(Scan, scan_id)
        session.add(Page(scan_id=scan_id, number=1, state=PageState.FAILED, failure_code=SecretMaterial.code))
        data = {"code": SecretMaterial.code, "detail": "page 1 bears the mark MẬT"}
        lifecycle.move_scan(session, scan, ScanState.BLOCKED_SECRET, data=data)
    client, _ = browser(api)
    card = client.get(f"/scans/{scan_id}/card").text
    assert 'data-finished="yes"' in card
    assert "Báo người phụ trách bảo vệ bí mật nhà nước. Chữ và ảnh đọc từ tệp này đã bị xóa" in told(card)
    assert "quét lại trang này" not in card, "it must not be scanned again"
