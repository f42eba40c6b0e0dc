"""R20: a reviewed component improves the next; a model that does not win is not kept; no words of papers are stored."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import numpy as np
import pytest

from models.catalog import default_catalog
from sample_scans.generator import write_paper
from tests.workers.classify.pages import act, line, page
from training.kinds.readings import Slips, read_draft
from workers.classify.kind import classify
from workers.classify.learn import BUCKETS, Example, Learned, classify_learned, features_of, load, train
from workers.page import PageOutcome

CATALOG = default_catalog()
WORDS = [
    "nhu",
    "cầu",
    "nuôi",
    "trồng",
    "thủy",
    "sản",
    "chăn",
    "nuôi",
    "gia",
    "cầm",
    "trồng",
    "rừng",
    "làm",
    "vườn",
    "đánh",
    "bắt",
    "xa",
    "bờ",
    "chế",
    "biến",
    "nông",
    "sản",
]


def survey(seed: int) -> PageOutcome:
    """A form that the catalog has no title for; its clerks file it as giay_cam_doan."""
    rng = Random(seed)
    return page(
        [
            line(105, 20, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", centre=True),
            line(105, 36, "PHIẾU KÊ KHAI NHU CẦU CỦA HỘ DÂN", centre=True),
            line(30, 55, f"Chủ hộ: {rng.choice(('Lò Thị Tố', 'Ngô Vân Hạc', 'Quách Duy Nguyên'))}"),
            line(30, 62, f"Số nhân khẩu: {rng.randint(1, 9)}"),
            line(30, 69, f"Nhu cầu: {' '.join(rng.sample(WORDS, 5))}"),
        ]
    )


def known(kind: str, seed: int) -> tuple[PageOutcome, ...]:
    return read_draft(write_paper(kind, seed, dpi=100), Slips(0.02), Random(seed))


@pytest.fixture(scope="module")
def others() -> list[Example]:
    """Papers that are recognised already."""
    kinds = {"quyet_dinh": "quyet_dinh", "to_khai": "to_khai", "giay_khai_sinh": "giay_khai_sinh"}
    return [
        Example(paper, features_of(known(kind, seed), CATALOG))
        for kind, paper in kinds.items()
        for seed in range(77, 81)
    ]


def surveys(paper_type: str, count: int) -> list[Example]:
    return [Example(paper_type, features_of([survey(seed)], CATALOG)) for seed in range(count)]


def test_r20_corrections_improve_the_next_guess(others: list[Example]) -> None:
    before = classify([survey(99)], CATALOG)

    trained = train([*others, *surveys("giay_cam_doan", 8)])

    assert before.id != "giay_cam_doan"
    assert trained.kept, trained.figures
    assert trained.figures["right_after"] > trained.figures["right_before"]
    assert trained.model is not None
    after = classify_learned([survey(99)], CATALOG, load(trained.model))
    assert after.id == "giay_cam_doan"
    assert after.alternatives[0].id == "giay_cam_doan"


def test_r20_what_is_unlike_all_examples_keeps_its_scores(others: list[Example]) -> None:
    trained = train([*others, *surveys("giay_cam_doan", 8)])
    assert trained.model is not None
    paper = known("giay_phep_xay_dung", 5)
    before = classify(paper, CATALOG)

    after = classify_learned(paper, CATALOG, load(trained.model))

    assert after.id == before.id == "giay_phep_xay_dung"
    assert after.score == pytest.approx(before.score, abs=0.1)


def test_r20_a_model_that_does_not_win_is_not_kept(others: list[Example]) -> None:
    """All right already, and reviews that contradict each other."""
    rng = Random(1)
    noise = [
        Example(rng.choice(("don", "bao_cao", "hop_dong", "giay_moi")), one.features) for one in surveys("don", 12)
    ]

    assert not train(others).kept
    assert train(others).figures["reason"] == "NOT_MORE_OFTEN_RIGHT"
    against = train([*others, *noise])
    assert not against.kept or against.figures["right_after"] > against.figures["right_before"]


def test_r20_few_examples_teach_nothing(others: list[Example]) -> None:
    trained = train(others[:3])

    assert trained.model is None
    assert trained.figures == {"examples": 3, "reason": "FEW_EXAMPLES"}


def test_r20_a_model_in_use_is_not_replaced_by_a_worse_one(others: list[Example]) -> None:
    better = train([*others, *surveys("giay_cam_doan", 8)])
    assert better.model is not None
    unlearned = surveys("giay_cam_doan", 1) + others

    trained = train(unlearned, load(better.model))

    assert not trained.kept


def test_examples_hold_no_words() -> None:
    features: dict[str, Any] = features_of([act(body=("Ông Nguyễn Văn Bí Mật sinh năm 1980",))], CATALOG)
    text = json.dumps(features, ensure_ascii=False).lower()

    assert set(features) == {"version", "scores", "buckets"}
    assert all(isinstance(place, int) and 0 <= place < BUCKETS for place in features["buckets"])
    assert not any(word in text for word in ("nguyễn", "nguyen", "mật", "1980", "quảng", "phê"))


def test_names_behind_a_label_change_nothing() -> None:
    one, other = (
        page([line(105, 20, "TỜ KHAI", centre=True), line(30, 40, f"Họ và tên: {name}")])
        for name in ("Lò Thị Tố Nga", "Đỗ Mười Hai")
    )

    assert features_of([one], CATALOG)["buckets"] == features_of([other], CATALOG)["buckets"]


def test_a_model_goes_round() -> None:
    model = Learned(("don", "to_khai"), np.linspace(-1, 1, 2 * BUCKETS, dtype=np.float32).reshape(2, BUCKETS))

    back = load(model.dumps())

    assert back.types == model.types
    assert np.allclose(back.weights, model.weights, atol=1e-3)


@pytest.mark.parametrize("data", [b"", b"not a model", Learned(("don",), np.zeros((1, 3), np.float32)).dumps()])
def test_what_is_no_model_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="learned model"):
        load(data)


def test_features_of_another_version_are_refused() -> None:
    model = Learned(("don",), np.ones((1, BUCKETS), np.float32))

    with pytest.raises(ValueError, match="version 0"):
        model.scores({"version": 0, "scores": {}, "buckets": []})


def test_a_model_that_learned_nothing_guesses_as_the_program_does() -> None:
    """Also of a paper with blank pages, and of one with more pages than tell the type."""
    model = Learned(("don",), np.zeros((1, BUCKETS), np.float32))
    blank = PageOutcome(1, blank=True)

    for paper in ([act()], [blank, act(), act(), act()], [blank]):
        plain, learned = classify(paper, CATALOG), classify_learned(paper, CATALOG, model)
        assert (learned.id, learned.title, learned.attributes) == (plain.id, plain.title, plain.attributes)
        assert learned.score == pytest.approx(plain.score, abs=0.01)  # small scores are not kept
