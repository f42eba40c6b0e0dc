"""``digitize learn``: what reviews taught the classifier, a training now, and the way back."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session, sessionmaker

from commands.databases import actor, opened
from commands.exit_codes import ExitCode
from commands.options import DataOption
from models import examples, learned_models
from models.database import reading, transaction
from models.entities import LearnedModel, new_id
from models.errors import Conflict, NotFound
from models.live_catalog import LiveCatalog
from models.local_time import LOCAL
from storage.factory import make_store

BASE = "base"
_SHOWN_ID = 8  # digits of a model's id
_MODELS = 10


def register(app: typer.Typer) -> None:
    """Add ``learn``."""
    app.command("learn")(learn)


def learn(
    *,
    now: Annotated[bool, typer.Option("--now", help="Học lại ngay. / Train now.")] = False,
    use: Annotated[
        str | None,
        typer.Option(
            help="Dùng mô hình này; 'base': chỉ trọng số của chương trình. / Use this model, or 'base': the program's own weights.",
            metavar="ID|base",
        ),
    ] = None,
    data: DataOption = None,
) -> None:
    """Việc học từ các lần sửa: ví dụ theo loại giấy tờ, các mô hình và mô hình đang dùng. / Learning from corrections."""
    if now and use is not None:
        raise typer.BadParameter("--now, --use")
    with opened(data) as installation:
        place, sessions = installation.place, installation.sessions
        if use is not None:
            _use(sessions, use)
        if now:
            # Only a training needs the classifier.
            from workers.learning import train  # noqa: PLC0415

            training = train(sessions, make_store(place.storage), LiveCatalog(), new_id())
            with transaction(sessions) as session:
                training.save(session, place.workers.learn_per_type)
        with reading(sessions) as session:
            _show(session)


def _use(sessions: sessionmaker[Session], use: str) -> None:
    try:
        with transaction(sessions) as session:
            learned_models.choose(session, None if use == BASE else use, actor=actor())
    except (Conflict, NotFound) as error:
        typer.echo(error.detail, err=True)
        raise typer.Exit(ExitCode.REFUSED) from error


def _show(session: Session) -> None:
    counts = examples.by_type(session)
    typer.echo(f"{'loại giấy tờ / paper type':<44}{'ví dụ / examples':>18}{'đã sửa / corrected':>20}")
    for count in counts:
        typer.echo(f"{count.paper_type:<44}{count.examples:>18}{count.corrected:>20}")
    total, corrected = sum(count.examples for count in counts), sum(count.corrected for count in counts)
    typer.echo(f"{'':<44}{total:>18}{corrected:>20}\n")
    used = learned_models.in_use(session)
    typer.echo(f"đang dùng / in use: {used.id[:_SHOWN_ID] if used else BASE}")
    for model in learned_models.newest(session, _MODELS):
        mark = "*" if used is not None and model.id == used.id else " "
        typer.echo(f"{mark} {model.id[:_SHOWN_ID]}  {model.made_at.astimezone(LOCAL):%d/%m/%Y %H:%M}  {_told(model)}")


def _told(model: LearnedModel) -> str:
    figures: dict[str, Any] = model.figures
    if model.kind == learned_models.CHOICE:
        return f"chọn / chosen: {(figures['model'] or BASE)[:_SHOWN_ID]}  ({figures['by']})"
    verdict = "giữ / kept" if model.kept else f"bỏ / not kept ({figures.get('reason')})"
    if "right_after" not in figures:
        return f"{verdict}  {model.examples} ví dụ / examples"
    told = (
        f"{verdict}  đúng / right {figures['right_before']} -> {figures['right_after']} / {figures['examples']}, "
        f"loss {figures['loss_before']} -> {figures['loss_after']}"
    )
    if "unseen" in figures:
        told += (
            f"; mới / unseen {figures['unseen']}: {figures['unseen_right_in_use']} -> {figures['unseen_right_after']}, "
            f"loss {figures['unseen_loss_in_use']} -> {figures['unseen_loss_after']}"
        )
    return told
