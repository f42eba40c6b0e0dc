"""R20: a reviewed component becomes an example that improves the next; a model that does not win is not kept. By the tasks, as at a counter."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from sqlalchemy import select

from models import examples, learned_models, outbox
from models.catalog import default_catalog
from models.database import reading, transaction
from models.entities import Component, Dispatch, DispatchState, Example, LearnedModel, Page, PageState, Scan, new_id
from storage.keys import page_words_key
from tests.faults.pool import FakeEngine
from tests.faults.system import draw_document
from tests.workers.classify.pages import act
from tests.workers.classify.test_learn import survey
from tests.workers.runtimes import post, runtime_in
from workers import learned as live
from workers import learning
from workers.classify.kind import classify
from workers.classify.learn import BUCKETS, Learned
from workers.jobs import HANDLERS
from workers.leases import claim
from workers.names import Queue, TaskName
from workers.outcome_codec import decode, encode
from workers.page import Line, PageOutcome, Word
from workers.runner import run
from workers.runtime import Runtime
from workers.sweeper import Sweeper

TYPE = "giay_cam_doan"  # as which the site files its survey forms
KNOWN = {"quyet_dinh": ("QUYẾT ĐỊNH", "QĐ"), "ke_hoach": ("KẾ HOẠCH", "KH"), "to_trinh": ("TỜ TRÌNH", "TTr")}


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    with runtime_in(tmp_path, load_engine=lambda: FakeEngine(0.0)) as made:
        monkeypatch.setattr(made.doorbell, "ring", lambda _rings: [])
        yield made


Papers = Sequence[tuple[str, Sequence[PageOutcome]]]


def others() -> Papers:
    """Papers that are recognised already, with their types."""
    return [
        (paper, [act(title=(title,), number=f"Số: {number}/{letters}-UBND")])
        for paper, (title, letters) in KNOWN.items()
        for number in range(15, 19)
    ]


def surveys(count: int, paper_type: str = TYPE, first: int = 0) -> Papers:
    return [(paper_type, [survey(seed)]) for seed in range(first, first + count)]


def read(runtime: Runtime, folder: Path, papers: Papers) -> list[str]:
    """Papers of one scan, read, with these types as a person has settled them; the components' ids."""
    file = folder / "any"
    file.write_text(new_id())
    scan_id, _ = post(runtime, file)
    made = []
    with transaction(runtime.sessions) as session:
        scan = session.get_one(Scan, scan_id)
        number = 0
        for position, (paper_type, pages) in enumerate(papers, 1):
            component = Component(
                scan_id=scan.id,
                dossier_id=scan.dossier_id,
                agency_id=scan.agency_id,
                position=position,
                first_page=number + 1,
                last_page=number + len(pages),
                paper_type=paper_type,
                paper_type_alternatives=[{"id": "to_khai", "score": 0.5}],
            )
            for outcome in pages:
                number += 1
                key = page_words_key(scan_id, number)
                runtime.store.put(key, io.BytesIO(encode(replace(outcome, number=number))), overwrite=True)
                session.add(Page(scan_id=scan_id, number=number, state=PageState.READ, words_key=key))
            session.add(component)
            session.flush()
            made.append(component.id)
    return made


def review(runtime: Runtime, component_ids: Sequence[str], paper_type: str | None = None) -> list[str]:
    """What the front door does at a review; the rows' ids."""
    with transaction(runtime.sessions) as session:
        rows = []
        for component_id in component_ids:
            component = session.get_one(Component, component_id)
            if paper_type is not None:
                component.paper_type = paper_type
                component.version += 1
            subject = examples.subject(component)
            rows.append(outbox.enqueue(session, TaskName.LEARN_EXAMPLE, subject, Queue.MAINTENANCE, component.scan_id))
        return [row.id for row in rows]


def learn(runtime: Runtime, folder: Path, papers: Papers) -> list[str]:
    """By the tasks' own work, saved in one transaction: a claim and a heartbeat for each are not what is tested here."""
    made = read(runtime, folder, papers)
    saves = []
    for row in review(runtime, made):
        job = claim(runtime.sessions, row, 60)
        assert job is not None
        saves.append((job, HANDLERS[job.task].work(runtime, job)))
    with transaction(runtime.sessions) as session:
        for job, save in saves:
            save(session)
            outbox.complete(session, job.dispatch_id, job.owner)
    return made


def sweep_and_train(runtime: Runtime) -> LearnedModel | None:
    """The sweeper's round and the task that it made; the newest training."""
    Sweeper(runtime).chores()
    with reading(runtime.sessions) as session:
        asked = select(Dispatch.id).where(
            Dispatch.task == TaskName.TRAIN_CLASSIFIER, Dispatch.state == DispatchState.PENDING
        )
        rows = list(session.scalars(asked))
    for row in rows:
        assert run(runtime, HANDLERS, row)
    with reading(runtime.sessions) as session:
        return learned_models.last_training(session)


def in_library(runtime: Runtime) -> dict[str, str]:
    with reading(runtime.sessions) as session:
        return {row.component_id: row.paper_type for row in session.scalars(select(Example))}


def used(runtime: Runtime) -> Learned | None:
    """By a worker that has not looked for a minute."""
    return live.LiveLearned().get(runtime.sessions, runtime.store)


def assembled(runtime: Runtime, folder: Path, form: PageOutcome) -> Component:
    """A scan of this form, from the post to its component, by the tasks themselves; only the reader's words are put in its place."""
    scan_id, _ = post(runtime, draw_document(folder / f"{new_id()}.pdf", 1))
    while True:
        with reading(runtime.sessions) as session:
            rows = list(
                session.scalars(select(Dispatch).where(Dispatch.scan_id == scan_id, Dispatch.done_at.is_(None)))
            )
        if not rows:
            break
        for row in rows:
            if row.task == TaskName.ASSEMBLE_SCAN:
                key = page_words_key(scan_id, 1)
                with runtime.store.open(key) as stream:
                    outcome = decode(stream.read())
                lines = tuple(_scaled(line, outcome.width / form.width) for line in form.lines)
                runtime.store.put(
                    key, io.BytesIO(encode(replace(outcome, lines=lines, slots=(), marks=()))), overwrite=True
                )
            assert run(runtime, HANDLERS, row.id)
    with reading(runtime.sessions) as session:
        return session.scalars(select(Component).where(Component.scan_id == scan_id)).one()


def _scaled(line: Line, factor: float) -> Line:
    def moved(word: Word) -> Word:
        x0, y0, x1, y1 = (round(factor * value) for value in word.box)
        return replace(word, box=(x0, y0, x1, y1))

    return replace(line, words=tuple(moved(word) for word in line.words))


def test_r20_a_local_form_is_known_after_its_reviews(runtime: Runtime, tmp_path: Path) -> None:
    assert classify([survey(98)], default_catalog()).id != TYPE

    learn(runtime, tmp_path, [*others(), *surveys(8)])
    model = sweep_and_train(runtime)

    assert model is not None
    assert model.kept, model.figures
    assert model.examples == len(others()) + 8
    assert model.figures["right_after"] > model.figures["right_before"]
    runtime.learned = live.LiveLearned()
    after = assembled(runtime, tmp_path, survey(98))
    assert after.paper_type == TYPE
    assert after.paper_type_alternatives[0] == {"id": TYPE, "score": after.paper_type_score}

    with transaction(runtime.sessions) as session:
        learned_models.choose(session, None, actor="command:test")
    assert used(runtime) is None


def test_r20_reviews_that_contradict_each_other_change_nothing(runtime: Runtime, tmp_path: Path) -> None:
    rng = Random(3)
    wrong = [(rng.choice(("bao_cao", "hop_dong", "giay_moi", "don")), pages) for _, pages in others()]
    learn(runtime, tmp_path, [*wrong, *others()])

    model = sweep_and_train(runtime)

    assert model is not None
    assert not model.kept
    assert model.figures["reason"]
    assert model.object_key is None
    assert used(runtime) is None
    assert not list(runtime.store.list("learned/"))


def test_r20_worse_reviews_do_not_replace_the_model_in_use(runtime: Runtime, tmp_path: Path) -> None:
    learn(runtime, tmp_path, [*others(), *surveys(8)])
    good = sweep_and_train(runtime)
    assert good is not None
    assert good.kept

    nothing_new = learning.train(runtime.sessions, runtime.store, runtime.catalog, "a" * 32).model
    assert (nothing_new.kept, nothing_new.figures["reason"]) == (False, "NOT_BETTER_THAN_THE_ONE_IN_USE")

    rng = Random(5)
    learn(runtime, tmp_path, [(rng.choice(("bao_cao", "hop_dong", TYPE)), [survey(seed)]) for seed in range(20, 40)])
    noisy = learning.train(runtime.sessions, runtime.store, runtime.catalog, "b" * 32).model

    assert not noisy.kept, noisy.figures
    assert (noisy.figures["beside"], noisy.figures["unseen"]) == (good.id, 20)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def test_every_task_may_run_twice(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = request.getfixturevalue("postgres_url") if kind == "postgresql" else None
    with runtime_in(tmp_path, database=url, learn_after=3, learn_hours=0.0) as runtime:
        monkeypatch.setattr(runtime.doorbell, "ring", lambda _rings: [])
        made = learn(runtime, tmp_path, surveys(3))
        assert len(in_library(runtime)) == 3
        with transaction(runtime.sessions) as session:
            for row in session.scalars(select(Dispatch)):
                row.state, row.lease_owner, row.attempts = DispatchState.PENDING, None, 0
            rows = [row.id for row in session.scalars(select(Dispatch).where(Dispatch.task == TaskName.LEARN_EXAMPLE))]
        for row_id in rows:
            assert run(runtime, HANDLERS, row_id)
        assert in_library(runtime) == dict.fromkeys(made, TYPE)

        model = sweep_and_train(runtime)
        assert model is not None
        with transaction(runtime.sessions) as session:
            session.get_one(Dispatch, model.id).state = DispatchState.PENDING
            session.get_one(Dispatch, model.id).lease_owner = None
        assert run(runtime, HANDLERS, model.id)
        with reading(runtime.sessions) as session:
            assert [row.id for row in learned_models.newest(session, 9)] == [model.id]
        again = sweep_and_train(runtime)
        assert again is not None
        assert again.id == model.id  # nothing new: nothing to do


def test_of_two_corrections_the_later_counts_whichever_task_runs_last(runtime: Runtime, tmp_path: Path) -> None:
    (paper,) = read(runtime, tmp_path, surveys(1))
    (early,) = review(runtime, [paper], "don")
    (late,) = review(runtime, [paper], "hop_dong")
    assert early != late
    assert run(runtime, HANDLERS, late)
    assert run(runtime, HANDLERS, early)
    assert in_library(runtime) == {paper: "hop_dong"}

    (slip,) = review(runtime, [paper], "khong_co_trong_danh_muc")
    assert run(runtime, HANDLERS, slip)
    assert in_library(runtime) == {}


def test_what_was_not_read_teaches_nothing_and_harms_nothing(runtime: Runtime, tmp_path: Path) -> None:
    blank, gone, lost = read(runtime, tmp_path, [("don", [PageOutcome(1, 827, 1169, 100.0)]), *surveys(2)])
    with transaction(runtime.sessions) as session:
        runtime.store.delete(page_words_key(session.get_one(Component, gone).scan_id, 2))
    rows = review(runtime, [blank, gone, lost])
    with transaction(runtime.sessions) as session:
        session.delete(session.get_one(Component, lost))
    for row in rows:
        assert run(runtime, HANDLERS, row)
    assert in_library(runtime) == {}


def test_other_base_weights_make_examples_anew_and_rest_the_model(
    runtime: Runtime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = learn(runtime, tmp_path, [*others(), *surveys(10)])
    first = sweep_and_train(runtime)
    assert first is not None
    assert first.kept
    assert used(runtime) is not None

    for name in ("learning", "classify.learn.features", "classify.learn.model", "classify.learn.train"):
        monkeypatch.setattr(sys.modules[f"workers.{name}"], "example_version", lambda: "1.other")
    assert used(runtime) is None
    with transaction(runtime.sessions) as session:
        component = session.get_one(Component, made[-1])
        runtime.store.delete(page_words_key(component.scan_id, component.last_page))
    training = learning.train(runtime.sessions, runtime.store, runtime.catalog, "c" * 32)

    assert training.model.kept, training.model.figures
    assert (len(training.refreshed), training.lost) == (len(made) - 1, [made[-1]])
    with transaction(runtime.sessions) as session:
        training.save(session, 300)
    assert used(runtime) is not None
    assert made[-1] not in in_library(runtime)


def test_a_model_that_can_not_be_read_is_none(runtime: Runtime) -> None:
    with transaction(runtime.sessions) as session:
        session.add(
            LearnedModel(kind=learned_models.PAPER_TYPE, object_key="learned/x.npz", examples=1, figures={}, kept=True)
        )
    assert used(runtime) is None
    runtime.store.put("learned/x.npz", io.BytesIO(b"not a model"))
    assert used(runtime) is None


def test_a_worker_looks_for_a_new_model_once_a_minute(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    looks = []
    monkeypatch.setattr("workers.learned.time.monotonic", lambda: clock[0])
    monkeypatch.setattr(learned_models, "in_use", lambda _session: looks.append(clock[0]))
    for clock[0] in (100.0, 130.0, 159.0, 161.0, 200.0, 222.0):
        assert runtime.learned.get(runtime.sessions, runtime.store) is None
    assert looks == [100.0, 161.0, 222.0]


def test_a_training_that_fails_waits_for_new_examples(
    runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime.settings = runtime.settings.model_copy(update={"learn_after": 1})
    learn(runtime, tmp_path, surveys(1))

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("workers.jobs.train_classifier.train", broken)
    Sweeper(runtime).chores()
    with reading(runtime.sessions) as session:
        row = session.scalars(select(Dispatch).where(Dispatch.task == TaskName.TRAIN_CLASSIFIER)).one()
    for _ in range(runtime.settings.max_attempts):
        run(runtime, HANDLERS, row.id)
        with transaction(runtime.sessions) as session:
            session.get_one(Dispatch, row.id).lease_owner = None
    model = sweep_and_train(runtime)
    assert model is not None
    assert (model.id, model.kept, model.figures["reason"]) == (row.id, False, "FAILED")


def test_types_that_the_catalog_lost_are_not_guessed() -> None:
    model = Learned(("don", "mat_roi", "khac"), np.ones((3, BUCKETS), np.float32))
    assert model.only(default_catalog().paper_types).types == ("don", "khac")
