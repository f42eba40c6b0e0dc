"""Giấy phép xây dựng: ``Số: …/GPXD``, what may be built, where, how high; to be started within 12 months."""

from __future__ import annotations

from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import signature_block
from sample_scans.layout.rich import Style
from sample_scans.papers.common import act_head, chairman, holder_fields
from sample_scans.people import Cast


def _comma(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    holder, agency = cast.holder, cast.agency
    act_head(draft, cast, rng, symbol="GPXD", day=cast.today)
    draft.centred("**{title|GIẤY PHÉP XÂY DỰNG}**", Style(16), before=3)
    draft.centred("*(Sử dụng cho nhà ở riêng lẻ)*", Style(13), after=4)
    floors, ground = rng.randint(1, 4), rng.randint(60, 140)
    height, red_line = 3.6 * floors + 1.2, rng.randint(2, 6)
    design, parcel, map_sheet = rng.randint(1, 40), rng.randint(20, 800), rng.randint(2, 60)
    lines = (
        f"1. Cấp cho: {holder.title} **{{holder_name|{holder.name}}}**, Căn cước số {{holder_id|{holder.id_number}}}.",
        f"Địa chỉ thường trú: {holder.home}.",
        f"2. Được phép xây dựng công trình: {{summary|Nhà ở riêng lẻ {floors} tầng}}.",
        f"Theo thiết kế có ký hiệu: KT-{design:02d}/{cast.today.year}.",
        (
            f"Gồm các nội dung sau: vị trí xây dựng thuộc thửa đất số {parcel}, tờ bản đồ số {map_sheet}, "
            f"{agency.place}, tỉnh {agency.province}."
        ),
        f"- Cốt nền xây dựng công trình: +0,{rng.randint(15, 60)} m so với mặt đường hiện hữu.",
        f"- Mật độ xây dựng: {rng.randint(60, 90)} %; hệ số sử dụng đất: {_comma(floors * 0.8)} lần.",
        f"- Chỉ giới đường đỏ, chỉ giới xây dựng: cách tim đường {red_line},5 m.",
        f"- Diện tích xây dựng tầng 1: {ground} m²; tổng diện tích sàn: {ground * floors} m².",
        f"- Chiều cao công trình: {_comma(height)} m; số tầng: {floors}.",
        "3. Giấy tờ về đất đai: Giấy chứng nhận quyền sử dụng đất đã được cấp theo quy định của pháp luật.",
        (
            "4. Giấy phép này có hiệu lực khởi công xây dựng trong thời hạn **12 tháng** kể từ ngày cấp; quá thời hạn trên thì "
            "phải đề nghị gia hạn giấy phép xây dựng."
        ),
    )
    for line in lines:
        draft.paragraph(line)
    receivers = ("- Chủ đầu tư;", "- Công chức xây dựng;", "- Lưu: VT, KT.")
    who = chairman(cast, rng, receivers=receivers)
    signature_block(draft, who)
    holder_fields(draft, holder)
    del draft.fields["holder_birth_date"]
    draft.fields |= {
        "title": "GIẤY PHÉP XÂY DỰNG",
        "summary": f"Nhà ở riêng lẻ {floors} tầng",
        "signer": who.name,
        "valid_until": None,
    }
    draft.more |= {
        "residence": holder.home,
        "parcel_number": str(parcel),
        "map_sheet": str(map_sheet),
        "parcel_address": f"{agency.place}, tỉnh {agency.province}",
        "area": f"{ground} m²",
        "floor_area": f"{ground * floors} m²",
        "floors": str(floors),
        "height": f"{_comma(height)} m",
    }
