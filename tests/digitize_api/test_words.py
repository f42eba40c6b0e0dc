from __future__ import annotations

import pytest

from digitize_api.web.words import Words
from workers.steps.inspect import Warn


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_warning_of_the_inspection_has_a_sentence(language: str) -> None:
    words = Words("vi" if language == "vi" else "en")
    for code in Warn:
        said = words.warning(code)
        assert code not in said
        assert "{" not in said


def test_a_warning_says_where() -> None:
    regions = [
        {"code": "BLURRED", "box": [0, 0, 9, 9], "place": "top_left"},
        {"code": "FINGER", "box": [0, 0, 9, 9], "place": "right"},
    ]
    assert Words("vi").warning("BLURRED", regions) == "mờ ở góc trên bên trái, quét lại?"
    assert Words("en").warning("FINGER", regions) == "a finger on the sheet on the right, scan again?"
    assert Words("en").warning("BLURRED", [{**regions[0], "place": "page"}]) == "blurred, scan again?"
