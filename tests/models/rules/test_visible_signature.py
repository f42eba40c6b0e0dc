from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalog import VisibleSignature, load_catalog
from models.rules.visible_signature import NoRoom, Rectangle, place, words

CATALOG = load_catalog()
DAY = date(2026, 11, 2)
A4 = (210.0, 297.0)


def line(identifier: str) -> VisibleSignature:
    found = CATALOG.visible_signature(identifier, DAY)
    assert found is not None
    return found


OFFICER, COPY = line("can_bo"), line("sao_y")
sides = st.floats(min_value=0, max_value=200)
sizes = st.floats(min_value=5, max_value=40)
codes = st.lists(
    st.tuples(sides, sides, sizes).map(lambda one: Rectangle(one[0], one[1], one[0] + one[2], one[1] + one[2])),
    max_size=4,
)


def test_r10_the_officer_signs_upper_left_and_the_agency_upper_right() -> None:
    places = place(*A4, [OFFICER, COPY])
    assert places["can_bo"] == Rectangle(8, 8, 70, 24)
    assert places["sao_y"] == Rectangle(140, 8, 202, 24)


def test_r10_a_qr_code_in_the_corner_is_not_covered() -> None:
    code = Rectangle(10, 10, 35, 35)
    found = place(*A4, [OFFICER], [code])["can_bo"]
    assert not found.overlaps(code)
    assert found.left - 35 < 2, "the nearest free place is beside the code"
    assert found.top == 8


@given(codes, st.sampled_from([A4, (297.0, 210.0), (148.0, 210.0), (105.0, 148.0), (85.6, 54.0)]))
def test_r10_nothing_overlaps_whatever_is_printed(taken: list[Rectangle], page: tuple[float, float]) -> None:
    try:
        places = place(*page, [OFFICER, COPY], taken)
    except NoRoom:
        assert taken, "an empty page always has room"
        return
    for one, other in combinations([*places.values()], 2):
        assert not one.overlaps(other)
    for box in places.values():
        assert not any(box.overlaps(other) for other in taken)
        assert 0 <= box.left < box.right <= page[0]
        assert 0 <= box.top < box.bottom <= page[1] / 2 + 1e-6
    assert places["can_bo"].right <= page[0] / 2 + 1e-6
    assert places["sao_y"].left >= page[0] / 2 - 1e-6


def test_r10_a_full_page_is_said_to_be_full() -> None:
    with pytest.raises(NoRoom, match="can_bo"):
        place(*A4, [OFFICER], [Rectangle(0, 0, 210, 297)])


def test_r10_positions_are_configuration() -> None:
    moved = OFFICER.model_copy(update={"corner": "upper_right", "margin_mm": 20.0})
    assert place(*A4, [moved])["can_bo"] == Rectangle(128, 20, 190, 36)


def test_r10_name_and_time_at_0700_are_shown() -> None:
    at = datetime(2026, 11, 2, 18, 30, 5, tzinfo=UTC)
    assert words(OFFICER, at, {"signer": "Nguyễn Thị Mẫu"}) == ("Nguyễn Thị Mẫu", "03.11.2026 01:30:05 +07:00")
    said = {"copy_form": "SAO Y", "agency": "ỦY BAN NHÂN DÂN XÃ VÍ DỤ"}
    assert words(COPY, at, said) == ("SAO Y", "ỦY BAN NHÂN DÂN XÃ VÍ DỤ", "03.11.2026 01:30:05 +07:00")


def test_r10_nothing_is_made_up() -> None:
    with pytest.raises(KeyError, match="signer"):
        words(OFFICER, datetime.now(UTC), {})
    with pytest.raises(ValueError, match="zone"):
        words(OFFICER, datetime(2026, 11, 2), {"signer": "Nguyễn Thị Mẫu"})  # noqa: DTZ001
