"""Giấy ủy quyền: two parties, the scope, the term; both sign; the commune certifies the signature."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Signature, long_date, motto, sign
from sample_scans.layout.rich import Style
from sample_scans.papers.common import holder_fields, short
from sample_scans.people import Cast, Person

BUILDING_PERMIT = "1.009994"
SCOPES = (
    "nộp hồ sơ, nhận kết quả giải quyết thủ tục đăng ký biến động đất đai",
    "nhận kết quả và nộp phí, lệ phí thủ tục cấp giấy phép xây dựng",
    "làm thủ tục cấp bản sao trích lục khai sinh của con",
)


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    holder, other, scope = (
        cast.holder,
        cast.other,
        SCOPES[1] if cast.procedure == BUILDING_PERMIT else rng.choice(SCOPES),
    )
    until = cast.today + timedelta(days=rng.choice((30, 60, 90, 180)))
    draft.numbered = False
    draft.y = motto(draft, draft.left, draft.right, 21, 14) + 7
    draft.centred("**{title|GIẤY ỦY QUYỀN}**", Style(16), after=3)
    place = f"*{{issued_at|{cast.agency.name}}}, {{issued_on|{long_date(cast.today)}}}*"
    draft.y = draft.block(place, draft.left, draft.right, draft.y, Style(13.5), "right") + 2
    draft.paragraph("**I. BÊN ỦY QUYỀN (BÊN A):**", indent=0)
    _party(draft, holder, holder_words=True)
    draft.paragraph("**II. BÊN ĐƯỢC ỦY QUYỀN (BÊN B):**", indent=0)
    _party(draft, other, holder_words=False)
    draft.paragraph("**III. NỘI DUNG ỦY QUYỀN:**", indent=0)
    draft.paragraph(f"Bên A ủy quyền cho Bên B thay mặt Bên A {{scope|{scope}}} tại {cast.agency.body}.")
    draft.paragraph(f"Thời hạn ủy quyền: từ ngày ký đến hết ngày {{valid_until|{short(until)}}}; không có thù lao.")
    draft.paragraph(
        "Bên B không được ủy quyền lại cho người thứ ba. Hai bên đã đọc, hiểu rõ quyền, nghĩa vụ của mình và tự nguyện "
        "ký tên dưới đây."
    )
    draft.y += 3
    split, top = (draft.left + draft.right) / 2, draft.y
    note = "(Ký, ghi rõ họ tên)"
    left = Signature(("BÊN ĐƯỢC ỦY QUYỀN",), other.name, note=note, field_name="")
    right = Signature(("BÊN ỦY QUYỀN",), holder.name, note=note)
    a = sign(draft, left, draft.left, split - 3, top, 18)
    draft.y = max(a, sign(draft, right, split + 3, draft.right, top, 18)) + 3
    draft.room(58)
    draft.paragraph(
        f"*Chứng thực chữ ký của {holder.title} {holder.name} ký trước mặt công chức tiếp nhận. Số chứng thực: "
        f"{rng.randint(11, 900)}, quyển số 01/{cast.today.year}-SCT/CK,ĐC.*",
        Style(12.5),
        indent=0,
    )
    who = Signature(("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), cast.deputy, cast.agency.seal, field_name="")
    draft.y = sign(draft, who, split, draft.right, draft.y, 23)
    holder_fields(draft, holder)
    draft.fields |= {
        "title": "GIẤY ỦY QUYỀN",
        "issued_on": cast.today,
        "issued_at": cast.agency.name,
        "scope": scope,
        "valid_until": until,
        "signer": holder.name,
    }
    draft.more["agent_name"] = other.name


def _party(draft: Draft, person: Person, *, holder_words: bool) -> None:
    name, born, number = person.name, short(person.born), person.id_number
    if holder_words:
        name, born, number = f"{{holder_name|{name}}}", f"{{holder_birth_date|{born}}}", f"{{holder_id|{number}}}"
    draft.paragraph(f"Họ và tên: **{name}**     Sinh ngày: {born}", align="left", after=0.3)
    draft.paragraph(f"Số căn cước: {number}     Quốc tịch: Việt Nam", align="left", after=0.3)
    draft.paragraph(f"Nơi cư trú: {person.home}", align="left", after=0.8)
