"""More matters for acts, in the shape of ``text.TOPICS`` (which stays as it is, so that old seeds draw the same)."""

from __future__ import annotations

from sample_scans.text import TOPICS, Topic

MORE = (
    Topic(
        "tăng cường công tác phòng cháy, chữa cháy tại khu dân cư, chợ và cơ sở sản xuất",
        "Kiểm tra an toàn phòng cháy, chữa cháy trên địa bàn {place} năm {year}",
        "Căn cứ Luật Phòng cháy, chữa cháy và cứu nạn, cứu hộ ngày 29/11/2024",
        (
            "Mỗi hộ có ít nhất một bình chữa cháy và một lối thoát nạn thứ hai; {p} % hộ kinh doanh ký cam kết an toàn.",
            "Không để xảy ra cháy lớn gây thiệt hại về người; đám cháy nhỏ được phát hiện và xử lý trong 10 phút đầu.",
        ),
        (
            "Kiểm tra hệ thống điện sau công tơ tại {n} điểm chợ, khu trọ và xưởng gỗ; lập danh sách nơi phải khắc phục.",
            "Tập huấn sử dụng bình bột, chăn chiên và cách thoát khỏi phòng khói cho lực lượng dân phòng các thôn.",
            "Vận động nhân dân tháo bỏ chuồng cọp, không để xe máy điện sạc qua đêm ở lối đi chung.",
        ),
    ),
    Topic(
        "điều tra, rà soát hộ nghèo, hộ cận nghèo theo chuẩn nghèo đa chiều",
        "Giảm nghèo bền vững trên địa bàn {place} giai đoạn {year} - 2030",
        "Căn cứ Nghị định số 07/2021/NĐ-CP ngày 27/01/2021 của Chính phủ quy định chuẩn nghèo đa chiều",
        (
            "Xác định đúng đối tượng, không bỏ sót, không trùng lặp; kết quả được công khai tại nhà văn hóa đủ 03 ngày.",
            "Tỷ lệ hộ nghèo đa chiều giảm ít nhất {n} điểm phần trăm so với đầu năm, không có hộ tái nghèo.",
        ),
        (
            "Điều tra viên đến từng hộ, chấm điểm theo phiếu, chụp ảnh hiện trạng nhà ở và nguồn nước khi được chủ hộ đồng ý.",
            "Họp dân ở từng xóm để lấy ý kiến về danh sách dự kiến; ý kiến khác được ghi vào biên bản.",
            "Nhập kết quả vào phần mềm trước ngày {day} và in danh sách cho trưởng thôn đối chiếu.",
        ),
    ),
    Topic(
        "chuẩn bị các điều kiện khai giảng năm học mới và huy động trẻ ra lớp",
        "Tu sửa trường lớp, bổ sung bàn ghế và đồ dùng học tập tại {place}",
        "Căn cứ Luật Giáo dục ngày 14/6/2019",
        (
            "Toàn bộ trẻ năm tuổi và học sinh lớp một được vào trường đúng tuyến, không phải học nhờ, học tạm.",
            "Trước ngày {day} hoàn thành sửa {n} phòng học dột, thay mới hệ thống quạt và đèn.",
        ),
        (
            "Rà soát số trẻ trong độ tuổi theo từng thôn, đối chiếu với dữ liệu cư trú để lập danh sách tuyển sinh.",
            "Vận động quần áo ấm, sách giáo khoa cũ cho học sinh có hoàn cảnh khó khăn; tặng trực tiếp, không qua trung gian.",
            "Khơi thông cống rãnh, phun thuốc muỗi và vệ sinh bể nước trước ngày tựu trường một tuần.",
        ),
    ),
    Topic(
        "quản lý, sử dụng nghĩa trang nhân dân và cải táng theo nếp sống văn minh",
        "Mở rộng nghĩa trang nhân dân {place}",
        "Căn cứ Nghị định số 23/2016/NĐ-CP ngày 05/4/2016 của Chính phủ về xây dựng, quản lý, sử dụng nghĩa trang và cơ sở hỏa táng",
        (
            "Khu mộ được chia lô, đánh số; diện tích sử dụng đất cho mỗi mộ không quá 5 mét vuông.",
            "Đến hết năm {year}, ít nhất {p} % trường hợp được tư vấn về hỏa táng và hỗ trợ chi phí theo quy định.",
        ),
        (
            "Lập sơ đồ vị trí từng mộ, lưu hồ sơ giấy và hồ sơ số; gia đình được tra cứu không mất phí.",
            "Trồng {n}0 cây xanh dọc lối đi, bố trí bể nước, nơi hóa vàng và thùng thu gom rác.",
            "Không cho phép xây mộ giữ chỗ; trường hợp vi phạm thì lập biên bản, yêu cầu tháo dỡ trong 30 ngày.",
        ),
    ),
    Topic(
        "đẩy nhanh tiến độ cấp Giấy chứng nhận quyền sử dụng đất lần đầu cho hộ gia đình, cá nhân",
        "Đo đạc, chỉnh lý bản đồ địa chính và cấp Giấy chứng nhận trên địa bàn {place}",
        "Căn cứ Luật Đất đai ngày 18/01/2024",
        (
            "Giải quyết dứt điểm {n}6 hồ sơ tồn đọng, không để hồ sơ quá hạn mà không có thư xin lỗi.",
            "Hồ sơ hợp lệ được thẩm tra trong 08 ngày làm việc; kết quả trả tại nhà nếu người dân có nhu cầu.",
        ),
        (
            "Thành lập {n} tổ lưu động xuống thôn hướng dẫn kê khai vào các ngày thứ Bảy.",
            "Công khai danh sách đủ điều kiện, chưa đủ điều kiện và lý do; tiếp nhận phản ánh qua số điện thoại trực.",
            "Đối chiếu ranh giới thửa đất với hộ liền kề, có chữ ký xác nhận và ảnh chụp mốc giới.",
        ),
    ),
    Topic(
        "phòng, chống dịch tả lợn Châu Phi và tiêm phòng đàn vật nuôi vụ Thu Đông",
        "Tiêm phòng đàn gia súc, gia cầm {place} năm {year}",
        "Căn cứ Luật Thú y ngày 19/6/2015",
        (
            "Tỷ lệ tiêm phòng đạt trên {p} % tổng đàn trong diện tiêm; không để dịch lây sang thôn bên cạnh.",
            "Mọi trường hợp lợn ốm, chết phải được khai báo trong vòng 24 giờ.",
        ),
        (
            "Cấp {n}0 lít hóa chất khử trùng, rắc vôi bột ở cổng chợ, lò mổ và đường vào trại.",
            "Lập chốt kiểm soát tạm thời tại hai đầu cầu, ghi biển số xe chở gia súc.",
            "Hỗ trợ hộ có lợn phải tiêu hủy theo khối lượng cân thực tế, có biên bản và chữ ký của chủ hộ.",
        ),
    ),
    Topic(
        "sắp xếp, bố trí cán bộ, công chức sau khi thực hiện chính quyền địa phương hai cấp",
        "Đào tạo, bồi dưỡng cán bộ, công chức {place} năm {year}",
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16/6/2025",
        (
            "Không để gián đoạn công việc; mỗi lĩnh vực đều có người chịu trách nhiệm chính và người thay thế.",
            "Ít nhất {p} % công chức sử dụng thành thạo chữ ký số và phần mềm xử lý hồ sơ.",
        ),
        (
            "Rà soát vị trí việc làm, lập phương án điều động công khai, lấy ý kiến người được điều động.",
            "Mở {n} lớp tập huấn ngắn ngày về đất đai, hộ tịch và tiếp công dân.",
            "Bố trí nơi ở tạm, hỗ trợ đi lại cho người phải làm việc xa nhà trên 20 ki-lô-mét.",
        ),
    ),
    Topic(
        "xây dựng, nâng cấp đường giao thông nông thôn và hệ thống thoát nước",
        "Cải tạo, nâng cấp đường trục thôn và cầu dân sinh tại {place}",
        "Căn cứ Luật Đầu tư công ngày 29/11/2024",
        (
            "Bê tông hóa {n},5 km đường trục thôn, mặt đường rộng 3,5 m, có rãnh thoát nước hai bên.",
            "Nhân dân hiến đất, góp ngày công; Nhà nước hỗ trợ xi măng, cống tròn và chi phí máy thi công.",
        ),
        (
            "Khảo sát, lập hồ sơ xây dựng theo thiết kế mẫu, lấy ý kiến cộng đồng trước khi phê duyệt.",
            "Ban giám sát cộng đồng ghi nhật ký hằng ngày, nghiệm thu khối lượng từng đoạn 100 m.",
            "Cắm biển cảnh báo, bố trí đường tránh cho học sinh và xe cấp cứu trong thời gian thi công.",
        ),
    ),
)
MATTERS = (*TOPICS, *MORE)
