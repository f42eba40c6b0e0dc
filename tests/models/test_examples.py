from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from models import examples, learned_models
from models.database import reading, transaction
from models.entities import Component, Dossier, Example, LearnedModel, now
from models.errors import Conflict, NotFound
from tests.models.papers import papers

Factory = sessionmaker[Session]
FEATURES: dict[str, Any] = {"version": "1.x", "scores": {"don": 0.5}, "buckets": [1, 2]}


def remember(factory: Factory, component_id: str, features: dict[str, Any] = FEATURES) -> None:
    with transaction(factory) as session:
        component = session.get_one(Component, component_id)
        examples.remember(session, component, features, examples.guessed(component))


def correct(factory: Factory, component_id: str, paper_type: str | None) -> None:
    with transaction(factory) as session:
        session.get_one(Component, component_id).paper_type = paper_type


def one(factory: Factory, component_id: str) -> Example:
    with reading(factory) as session:
        return session.get_one(Example, component_id)


def reviewed(factory: Factory, dossier: Dossier, count: int, paper_type: str = "don") -> list[str]:
    made = papers(factory, dossier, count, paper_type=paper_type)
    for component_id in made:
        remember(factory, component_id)
    return made


def training(factory: Factory, *, hours_ago: float = 0.0, kept: bool = True, version: str = "1.x") -> str:
    with transaction(factory) as session:
        model = LearnedModel(
            kind=learned_models.PAPER_TYPE,
            made_at=now() - timedelta(hours=hours_ago),
            object_key="k" if kept else None,
            examples=9,
            figures={"version": version},
            kept=kept,
        )
        session.add(model)
        session.flush()
        return model.id


def due(factory: Factory, **how: Any) -> str | None:
    asked: dict[str, Any] = {"after": 3, "hours": 6.0, "version": "1.x"} | how
    with reading(factory) as session:
        return learned_models.training_due(session, **asked)


def used(factory: Factory) -> str | None:
    with reading(factory) as session:
        model = learned_models.in_use(session)
    return model.id if model else None


def test_a_component_is_one_example_with_the_last_word(factory: Factory, dossier: Dossier) -> None:
    guess = [{"id": "to_khai", "score": 0.6}, {"id": "don", "score": 0.3}]
    (paper,) = papers(factory, dossier, paper_type="don", paper_type_alternatives=guess)
    remember(factory, paper)
    first = one(factory, paper)
    assert (first.paper_type, first.guessed, first.features) == ("don", "to_khai", FEATURES)

    remember(factory, paper)
    assert one(factory, paper).at == first.at  # the same word again is nothing new

    correct(factory, paper, "hop_dong")
    remember(factory, paper, FEATURES | {"buckets": [3]})
    last = one(factory, paper)
    assert (last.paper_type, last.features["buckets"]) == ("hop_dong", [3])
    assert last.at > first.at

    correct(factory, paper, None)
    remember(factory, paper)
    assert one(factory, paper).paper_type == examples.NONE_OF_THE_CATALOG
    with reading(factory) as session:
        assert examples.count_since(session, None) == 1


def test_a_correction_is_a_task_of_its_own_and_a_second_look_is_none(factory: Factory, dossier: Dossier) -> None:
    (paper,) = papers(factory, dossier)
    with transaction(factory) as session:
        component = session.get_one(Component, paper)
        first = examples.subject(component)
        assert first == examples.subject(component)
        component.version += 1
        assert examples.subject(component) != first
        assert examples.component_of(first) == examples.component_of(examples.subject(component)) == paper


def test_a_frequent_type_does_not_push_a_rare_one_out(factory: Factory, dossier: Dossier) -> None:
    rare = reviewed(factory, dossier, 2, "hop_dong")
    frequent = reviewed(factory, dossier, 6, "don")

    with transaction(factory) as session:
        chosen = {row.component_id for row in examples.library(session, 4)}
        examples.prune(session, 3)
        left = {row.component_id for row in examples.library(session, 100)}
        counts = examples.by_type(session)

    assert chosen == {*rare, *frequent[-2:]}
    assert left == {*rare, *frequent[-3:]}
    assert [(count.paper_type, count.examples, count.corrected) for count in counts] == [
        ("don", 3, 3),
        ("hop_dong", 2, 2),
    ]


def test_examples_go_with_their_component_and_may_be_forgotten(factory: Factory, dossier: Dossier) -> None:
    one_paper, other, third = reviewed(factory, dossier, 3)
    with transaction(factory) as session:
        examples.forget(session, [one_paper])
        examples.refresh(session, {other: {"version": "2.x"}, one_paper: {}})
        session.delete(session.get_one(Component, third))
    with reading(factory) as session:
        (left,) = session.scalars(select(Example))
    assert (left.component_id, left.features) == (other, {"version": "2.x"})


def test_training_waits_for_new_examples_and_for_hours(factory: Factory, dossier: Dossier) -> None:
    reviewed(factory, dossier, 2)
    assert due(factory) is None
    reviewed(factory, dossier, 1)
    assert due(factory) == "paper_type/first"
    assert due(factory, after=0) is None

    last = training(factory, kept=False)
    assert due(factory) is None
    reviewed(factory, dossier, 3)
    assert due(factory) is None  # enough is new, but the last was just now
    assert due(factory, hours=0.0) == f"paper_type/{last}"


def test_training_is_due_when_the_program_s_own_weights_have_changed(factory: Factory, dossier: Dossier) -> None:
    reviewed(factory, dossier, 1)
    last = training(factory, hours_ago=7)
    with transaction(factory) as session:
        session.execute(update(Example).values(at=now() - timedelta(hours=8)))
    assert due(factory) is None
    assert due(factory, version="1.y") == f"paper_type/{last}"


def test_the_newest_kept_is_in_use_until_a_person_chooses(factory: Factory) -> None:
    assert used(factory) is None
    first = training(factory, hours_ago=3)
    second = training(factory, hours_ago=2)
    lost = training(factory, hours_ago=1, kept=False)
    assert used(factory) == second

    with transaction(factory) as session:
        learned_models.choose(session, first[:12], actor="command:test")
    assert used(factory) == first
    with transaction(factory) as session:
        learned_models.choose(session, None, actor="command:test")
    assert used(factory) is None
    with reading(factory) as session:
        last = learned_models.last_training(session)
        told = learned_models.newest(session, 10)
    assert last is not None
    assert last.id == lost  # a choice is no training
    assert [row.figures.get("model") for row in told[:2]] == [None, first]

    third = training(factory, hours_ago=-0.001)
    assert used(factory) == third


def test_what_was_not_kept_or_is_not_there_can_not_be_chosen(factory: Factory) -> None:
    lost = training(factory, kept=False)
    training(factory)
    with reading(factory) as session:
        with pytest.raises(Conflict):
            learned_models.choose(session, lost, actor="a")
        for name in ("", "%", "0" * 32 + "x"):
            with pytest.raises(NotFound):
                learned_models.choose(session, name, actor="a")
