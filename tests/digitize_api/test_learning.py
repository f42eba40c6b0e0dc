"""R20: which words of a person make an example. The task itself is the workers' matter."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from models.entities import Component, Dispatch
from tests.digitize_api.api import Api
from tests.digitize_api.test_law import component, dossier, step
from tests.models.papers import MARRIAGE


def asked(api: Api) -> list[tuple[str, str, str]]:
    with api.sessions() as session:
        rows = session.scalars(
            select(Dispatch).where(Dispatch.task == "digitize.learn_example").order_by(Dispatch.subject)
        )
        return [(row.subject, row.queue, row.state) for row in rows]


@pytest.fixture
def clerk(api: Api) -> httpx.Client:
    return api.person()


@pytest.fixture
def paper(api: Api, clerk: httpx.Client) -> str:
    return component(api, dossier(clerk), paper_type="giay_chung_nhan_ket_hon", fields=MARRIAGE)


def correct(clerk: httpx.Client, paper: str, version: int, **body: Any) -> int:
    return clerk.patch(f"/api/v1/components/{paper}", json={"version": version, **body}).status_code


def test_a_correction_of_the_type_is_learned_from_once_a_version(api: Api, clerk: httpx.Client, paper: str) -> None:
    assert correct(clerk, paper, 1, title="Giấy khác") == 200
    assert asked(api) == []

    assert correct(clerk, paper, 2, paper_type="don") == 200
    assert correct(clerk, paper, 3, paper_type="don") == 200  # nothing changes, and the same word is no second task
    assert correct(clerk, paper, 2, paper_type="to_khai") == 409
    assert asked(api) == [(f"{paper}/3", "maintenance", "pending")]

    assert correct(clerk, paper, 3, paper_type="hop_dong") == 200
    assert [subject for subject, _, _ in asked(api)] == [f"{paper}/3", f"{paper}/4"]


def test_a_type_that_a_person_says_again_is_confirmed(api: Api, clerk: httpx.Client, paper: str) -> None:
    assert correct(clerk, paper, 1, paper_type="giay_chung_nhan_ket_hon") == 200
    assert [subject for subject, _, _ in asked(api)] == [f"{paper}/1"]
    with api.sessions() as session:
        assert session.get_one(Component, paper).version == 1


def test_verifying_confirms_the_type_and_earlier_steps_do_not(api: Api, clerk: httpx.Client, paper: str) -> None:
    assert step(clerk, paper, "extracted").status_code == 200
    assert asked(api) == []
    assert step(clerk, paper, "stored").status_code == 200
    assert [subject for subject, _, _ in asked(api)] == [f"{paper}/1"]
