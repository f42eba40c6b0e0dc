from __future__ import annotations

import re
import time
import unicodedata
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from models.search import HIT_END, HIT_START
from models.search.query import parse
from models.search.snippets import snippet
from models.vietnamese import nfc

TEXT = (
    "ỦY BAN NHÂN DÂN\nXÃ MẪU\n\nSố: 383/KH-UBND\n"
    + "Căn cứ Luật Tổ chức chính quyền địa phương; " * 20
    + "về việc giải quyết   thủ tục hành chính cho người dân. "
    + "Nơi nhận: như trên; lưu văn thư. " * 20
)


def test_the_original_spelling_is_shown_and_marked() -> None:
    shown = snippet(TEXT, parse("thu tuc hanh chinh"))
    assert "việc giải quyết [[thủ]] [[tục]] [[hành]] [[chính]] cho người dân" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_phrases_and_numbers_are_marked_whole() -> None:
    assert "[[thủ tục hành chính]]" in snippet(TEXT, parse('"thu tuc hanh chinh"'))
    assert "Số: [[383/KH-UBND]]" in snippet(TEXT, parse("383/kh-ubnd"))
    assert "Số: [[383/KH]]-UBND" in snippet(TEXT, parse("383/kh"))
    assert snippet(TEXT, parse("383/kh")).startswith("ỦY BAN NHÂN DÂN XÃ MẪU")


def test_the_word_begun_is_marked_whole() -> None:
    assert snippet("đăng ký khai sinh", parse("khai si")) == "đăng ký [[khai]] [[sinh]]"


def test_exactly_spelled_words_put_the_others_aside() -> None:
    assert snippet("hoa hòa hóa hoà", parse("hòa")) == "hoa [[hòa]] hóa [[hoà]]"
    assert snippet("hóa hỏa", parse("hoa")) == "[[hóa]] [[hỏa]]"


def test_overlapping_hits_are_one() -> None:
    assert snippet("khai sinh muộn nữa", parse('"khai sinh" "sinh muộn" nữa')) == "[[khai sinh muộn]] [[nữa]]"


def test_without_a_hit_the_beginning() -> None:
    assert snippet(TEXT, parse("xyz")).startswith("ỦY BAN")
    assert snippet("", parse("x")) == ""
    assert snippet("---", ()) == ""


def test_marks_in_the_text_are_no_marks() -> None:
    assert snippet("a [[b]] c", parse("c")) == "a [ [b] ] [[c]]"
    assert snippet("1[[[", ()) == "1[ [ ["
    assert snippet("a [b] c", parse("b")) == "a [ [[b]] ] c"


@example("1[[[", "")
@given(
    st.text(alphabet="aăâbđêhòaúy ]['\".…\n/-19\u0301", max_size=400),
    st.text(alphabet="aăhoà '\"/9\u0301", max_size=12),
)
def test_words_are_never_cut(text: str, q: str) -> None:
    shown = snippet(text, parse(q), window=5)
    bare = shown.replace(HIT_START, "").replace(HIT_END, "").strip("…")
    words = re.findall(r"[^\W_\u0301]+", nfc(unicodedata.normalize("NFC", text)))
    assert all(word in words for word in re.findall(r"[^\W_\u0301]+", nfc(bare)))
    assert shown.count(HIT_START) == shown.count(HIT_END)


def test_a_page_of_repeated_words_takes_no_time() -> None:
    started = time.process_time()
    shown = snippet("dài rộng cao " * 20_000, parse("dài rộng cao dai rong " + "x " * 20 + '"rộng cao" ca'))
    assert "[[dài]] [[rộng cao]]" in shown
    assert time.process_time() - started < 5


def test_a_word_said_twice_is_one_term() -> None:
    once = parse("dài")[0]
    assert parse("dài dài dài dài ") == (replace(once, prefix=False), once)
