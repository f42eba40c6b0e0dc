"""Body text of administrative acts: written for this project, varied by slots, so that no two seeds say the same.

Slots: ``{place}`` the commune, ``{body}`` its committee, ``{year}`` the year, ``{n}`` a small number, ``{p}`` a percentage,
``{day}`` a date. Laws are cited by their real names; nothing else is taken from anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sample_scans.people import Cast


@dataclass(frozen=True, slots=True)
class Topic:
    """``about`` follows "Về việc"; ``plan`` is the title of a plan on the same; ``law`` is cited first."""

    about: str
    plan: str
    law: str
    goals: tuple[str, ...]
    tasks: tuple[str, ...]


TOPICS = (
    Topic(
        "kiện toàn Tổ số hóa hồ sơ tại Bộ phận Tiếp nhận và Trả kết quả {place}",
        "Số hóa hồ sơ, kết quả giải quyết thủ tục hành chính còn hiệu lực năm {year} trên địa bàn {place}",
        "Căn cứ Nghị định số 61/2018/NĐ-CP ngày 23/4/2018 của Chính phủ về thực hiện cơ chế một cửa, một cửa liên thông trong giải quyết thủ tục hành chính",
        (
            "Chuyển hồ sơ giấy thành dữ liệu điện tử để người dân không phải nộp lại giấy tờ đã có trong kho dữ liệu.",
            "Phấn đấu đến hết quý IV năm {year}, ít nhất {p} % kết quả còn hiệu lực được số hóa, gán mã và lưu trữ đúng quy định.",
        ),
        (
            "Rà soát, phân loại, kiểm đếm từng hộp hồ sơ theo năm và theo lĩnh vực; lập danh mục bàn giao có chữ ký của hai bên trước khi quét.",
            "Quét đủ trang, đủ mặt, không che khuất con dấu; trang mờ, lệch hoặc mất góc phải quét lại ngay trong ngày.",
            "Đối chiếu số, ký hiệu, ngày ban hành và họ tên trên ảnh với sổ theo dõi; trường thông tin không đọc được thì để trống và ghi chú, không suy đoán.",
        ),
    ),
    Topic(
        "phân công trực tiếp công dân và xử lý hồ sơ trực tuyến tại {body}",
        "Nâng cao tỷ lệ hồ sơ nộp trực tuyến của {body} năm {year}",
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16/6/2025",
        (
            "Giảm thời gian chờ của người dân tại quầy xuống dưới {n} phút cho mỗi lượt giao dịch.",
            "Bảo đảm {p} % hồ sơ được trả đúng hẹn; trường hợp chậm phải có thư xin lỗi nêu rõ lý do và ngày hẹn lại.",
        ),
        (
            "Bố trí một máy tính, một máy quét và một người hướng dẫn tại sảnh chờ vào các buổi sáng thứ Hai và thứ Năm.",
            "Người già, người khuyết tật, phụ nữ có thai được phục vụ trước; hồ sơ của những người này được nhận tại nhà khi có đề nghị.",
            "Cuối mỗi tuần, bộ phận một cửa tổng hợp số lượt, số hồ sơ trễ và nguyên nhân, gửi về Văn phòng trước 16 giờ ngày thứ Sáu.",
        ),
    ),
    Topic(
        "hỗ trợ hộ nghèo, hộ cận nghèo sửa chữa nhà ở trước mùa mưa bão năm {year}",
        "Phòng, chống thiên tai và tìm kiếm cứu nạn trên địa bàn {place} năm {year}",
        "Căn cứ Luật Phòng, chống thiên tai ngày 19/6/2013; Luật sửa đổi, bổ sung một số điều của Luật Phòng, chống thiên tai và Luật Đê điều ngày 17/6/2020",
        (
            "Không để hộ dân nào ở nhà tạm, nhà dột nát khi bão đổ bộ; ưu tiên hộ có người già neo đơn và trẻ em dưới 6 tuổi.",
            "Hoàn thành việc gia cố {n} điểm đê bao, cống qua đường trước ngày {day}.",
        ),
        (
            "Tổ công tác đến từng hộ đo đạc, chụp ảnh hiện trạng, lập dự toán có xác nhận của trưởng thôn và của chủ hộ.",
            "Kinh phí hỗ trợ được chi trả một lần qua tài khoản của chủ hộ sau khi nghiệm thu; hộ không có tài khoản nhận tại trụ sở.",
            "Loa truyền thanh phát bản tin hai lần mỗi ngày; khi có lệnh sơ tán, mỗi xóm cử ba người gõ cửa từng nhà.",
        ),
    ),
    Topic(
        "phê duyệt danh mục tài liệu hết giá trị đề nghị hủy tại kho lưu trữ của {body}",
        "Chỉnh lý tài liệu tồn đọng giai đoạn 2016 - {year} tại {body}",
        "Căn cứ Luật Lưu trữ ngày 21/6/2024",
        (
            "Đưa khoảng {n}0 mét giá tài liệu bó gói về trạng thái có hồ sơ, có mục lục, tra tìm được trong 5 phút.",
            "Tài liệu có giá trị vĩnh viễn được bảo quản trong hộp không axit và số hóa ở độ phân giải tối thiểu 200 dpi.",
        ),
        (
            "Vệ sinh, khử ẩm kho trước khi chỉnh lý; nhiệt độ và độ ẩm được ghi sổ hai lần mỗi ngày.",
            "Hội đồng xác định giá trị tài liệu họp công khai, lập biên bản từng buổi; ý kiến khác nhau được bảo lưu bằng văn bản.",
            "Việc hủy chỉ thực hiện sau khi có quyết định phê duyệt; biên bản hủy lưu cùng danh mục tài liệu hết giá trị ít nhất 20 năm.",
        ),
    ),
    Topic(
        "thành lập Tổ công nghệ số cộng đồng tại các thôn, tổ dân phố thuộc {place}",
        "Phổ cập kỹ năng số cho người dân {place} năm {year}",
        "Căn cứ Luật Giao dịch điện tử ngày 22/6/2023",
        (
            "Mỗi gia đình có ít nhất một người biết nộp hồ sơ, thanh toán lệ phí và tra cứu kết quả trên cổng dịch vụ công.",
            "Tối thiểu {p} % người trong độ tuổi lao động được cấp chữ ký số cá nhân miễn phí trong năm đầu.",
        ),
        (
            "Tổ viên sinh hoạt mỗi tháng một buổi tại nhà văn hóa, thực hành trên máy của chính người dân, không thu phí.",
            "Tuyệt đối không giữ hộ mật khẩu, mã xác thực của người dân; mọi dấu hiệu lừa đảo phải báo ngay cho Công an {place}.",
            "Tài liệu hướng dẫn in chữ lớn, có hình minh họa từng bước, dịch sang tiếng dân tộc ở những thôn có nhu cầu.",
        ),
    ),
    Topic(
        "tổ chức lấy ý kiến nhân dân về đặt tên đường, tên công trình công cộng trên địa bàn {place}",
        "Chỉnh trang tuyến phố, vỉa hè và chiếu sáng công cộng {place} năm {year}",
        "Căn cứ Luật Thực hiện dân chủ ở cơ sở ngày 10/11/2022",
        (
            "Tên đường ngắn gọn, dễ nhớ, không trùng trong phạm vi toàn tỉnh và được ít nhất {p} % hộ dân hai bên đường đồng ý.",
            "Lắp mới {n}2 bộ đèn tiết kiệm điện, xóa các điểm tối ở ngõ hẻm trước ngày {day}.",
        ),
        (
            "Niêm yết dự thảo tại trụ sở, nhà văn hóa và trên trang thông tin điện tử đủ 30 ngày; hòm thư góp ý mở mỗi tuần một lần.",
            "Vật liệu lát vỉa hè có độ nhám chống trượt, chừa lối đi cho xe lăn, không bó gốc cây xanh bằng bê tông.",
            "Số nhà mới gắn xong trước khi đổi giấy tờ; việc thay đổi địa chỉ trên giấy tờ được làm miễn phí cho người dân.",
        ),
    ),
)

BASES = (
    "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của Chính phủ về công tác văn thư",
    "Căn cứ Thông tư số 01/2023/TT-VPCP ngày 05/4/2023 của Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ quy định một số nội dung và biện pháp thi hành trong số hóa hồ sơ, kết quả giải quyết thủ tục hành chính",
    "Căn cứ Nghị định số 45/2020/NĐ-CP ngày 08/4/2020 của Chính phủ về thực hiện thủ tục hành chính trên môi trường điện tử",
    "Căn cứ Nghị quyết số {n}/NQ-HĐND ngày 18/12/2024 của Hội đồng nhân dân {place} về nhiệm vụ phát triển kinh tế - xã hội năm {year}",
)

DUTIES = (
    "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân chủ trì, đôn đốc, kiểm tra việc thực hiện; báo cáo kết quả trước ngày 25 hằng tháng.",
    "Phòng Kinh tế cân đối nguồn kinh phí, hướng dẫn thủ tục tạm ứng, thanh toán, quyết toán theo quy định của pháp luật về ngân sách nhà nước.",
    "Phòng Văn hóa - Xã hội tuyên truyền đến từng thôn, tổ dân phố bằng hình thức dễ hiểu, dễ nhớ, phù hợp với tập quán của đồng bào.",
    "Trung tâm Phục vụ hành chính công bố trí nhân sự, máy quét, đường truyền và phương án dự phòng khi mất điện hoặc mất kết nối.",
    "Trưởng các thôn, tổ dân phố rà soát, lập danh sách, thông báo kết quả đến từng hộ gia đình và niêm yết công khai tại nhà văn hóa.",
    "Đề nghị Ủy ban Mặt trận Tổ quốc và các tổ chức chính trị - xã hội phối hợp giám sát, vận động hội viên hưởng ứng.",
)

CLOSINGS = (
    "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, các đơn vị phản ánh kịp thời về {body} để xem xét, điều chỉnh cho phù hợp.",
    "Yêu cầu các đơn vị nghiêm túc triển khai; tập thể, cá nhân thực hiện tốt được xem xét khen thưởng, nơi nào chậm trễ phải giải trình bằng văn bản.",
)


def filler(cast: Cast, rng: Random) -> dict[str, str]:
    """Values for the slots of a text."""
    day = cast.today + timedelta(days=rng.randint(20, 90))
    return {
        "place": cast.agency.place,
        "body": cast.agency.body,
        "year": str(cast.today.year),
        "n": str(rng.randint(3, 15)),
        "p": str(rng.choice((70, 75, 80, 85, 90, 95))),
        "day": f"{day.day:02d}/{day.month}/{day.year}",
    }


def fill(template: str, values: dict[str, str]) -> str:
    """The template with its slots filled (the markup's own braces are written by the papers, never in templates)."""
    return template.format_map(values)


def some(pool: tuple[str, ...], count: int, rng: Random) -> list[str]:
    """``count`` of the pool, in the pool's order."""
    chosen = sorted(rng.sample(range(len(pool)), min(count, len(pool))))
    return [pool[index] for index in chosen]
