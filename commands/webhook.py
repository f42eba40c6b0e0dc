"""``digitize webhook``: tell other systems what happens; see what did not arrive and send it again."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.databases import database
from commands.exit_codes import ExitCode
from commands.options import DataOption
from models.administration import COMMAND
from models.agencies import find_agency
from models.entities import Agency
from models.webhooks import book
from models.webhooks.settings import WebhookSettings
from models.webhooks.tables import DeliveryState, Webhook, WebhookEvent

WebhookArgument = Annotated[str, typer.Argument(help="Mã nơi nhận. / Its id.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="Báo sự kiện cho hệ thống khác. / Tell other systems.")
    group.command("add")(add)
    group.command("list")(list_)
    group.command("pause")(pause)
    group.command("resume")(resume)
    group.command("secret")(secret)
    group.command("try")(try_)
    group.command("end")(end)
    group.command("dead")(dead)
    group.command("resend")(resend)
    app.add_typer(group, name="webhook")


def add(
    url: Annotated[str, typer.Argument(help="Địa chỉ nhận: https://… / Where to.")],
    *,
    agency: Annotated[str, typer.Option(help="Mã cơ quan, cùng cấp dưới. / With all below it.")],
    event: Annotated[list[WebhookEvent] | None, typer.Option(help="Sự kiện (mặc định: tất cả). / Default all.")] = None,
    data: DataOption = None,
) -> None:
    """Thêm nơi nhận; khóa ký chỉ hiện một lần. / Subscribe; the signing secret is shown this once."""
    with database(data) as session:
        made = book.add(
            session,
            agency=find_agency(session, agency),
            url=url,
            kinds=event or [],
            settings=WebhookSettings(),
            actor=COMMAND,
        )
        shown = made.secret
    _show(shown)


def _show(made: str) -> None:
    typer.echo(made)  # alone on stdout, so that a script can take it
    typer.echo("Khóa này chỉ hiện một lần, hãy cất giữ. / Keep this secret; it is not shown again.", err=True)


def list_(data: DataOption = None) -> None:
    """Các nơi nhận. / The subscriptions."""
    with database(data, read_only=True) as session:
        for one in book.webhooks(session, frozenset(session.scalars(select(Agency.id)))):
            state = "đang báo / active" if one.active else "đã thôi / ended"
            state = "tạm dừng / paused" if one.paused_at else state
            typer.echo(f"{one.id}  {one.agency.code:<16} {state:<18} {one.url}  {','.join(one.events)}")


def pause(webhook: WebhookArgument, data: DataOption = None) -> None:
    """Tạm dừng; sự kiện được giữ lại. / Pause; events are kept."""
    with database(data) as session:
        book.pause(session, _found(session, webhook), actor=COMMAND)
    typer.echo(f"tạm dừng / paused: {webhook}")


def resume(webhook: WebhookArgument, data: DataOption = None) -> None:
    """Báo tiếp, gửi những gì đã giữ. / Go on, and send what was kept."""
    with database(data) as session:
        count = book.resume(session, _found(session, webhook), actor=COMMAND)
    typer.echo(f"báo tiếp / goes on: {webhook}, {count or 0} thông báo đã giữ / kept")


def secret(webhook: WebhookArgument, data: DataOption = None) -> None:
    """Đổi khóa ký; khóa cũ còn ký thêm 24 giờ. / Change the secret; the former signs too for 24 hours."""
    with database(data) as session:
        made = book.rotate(session, _found(session, webhook), actor=COMMAND)
    _show(made)


def try_(webhook: WebhookArgument, data: DataOption = None) -> None:
    """Gửi thử một thông báo. / Send a trial."""
    with database(data) as session:
        made = book.trial(session, _found(session, webhook), actor=COMMAND)
        delivery = made.id
    typer.echo(f"gửi thử / trial: {delivery}")


def end(webhook: WebhookArgument, data: DataOption = None) -> None:
    """Thôi báo. / End a subscription."""
    with database(data) as session:
        book.end(session, _found(session, webhook), actor=COMMAND)
    typer.echo(f"đã thôi / ended: {webhook}")


def _found(session: Session, webhook: str) -> Webhook:
    return book.find(session, webhook, frozenset(session.scalars(select(Agency.id))))


def dead(data: DataOption = None) -> None:
    """Những lần báo không tới. / What did not arrive in any attempt."""
    with database(data, read_only=True) as session:
        reach = frozenset(session.scalars(select(Agency.id)))
        for one in book.deliveries(session, reach, DeliveryState.DEAD, limit=10_000):
            typer.echo(f"{one.id}  {one.kind:<18} {one.attempts:>2}  {one.error or '':<24} {one.webhook.url}")


def resend(
    delivery: Annotated[str | None, typer.Argument(help="Mã lần báo. / Its id.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Tất cả lần báo không tới. / All that are dead.")] = False,
    data: DataOption = None,
) -> None:
    """Gửi lại. / Send again."""
    if (delivery is None) != every:
        typer.echo("ID hoặc --all / an id, or --all", err=True)
        raise typer.Exit(ExitCode.USAGE)
    with database(data) as session:
        reach = frozenset(session.scalars(select(Agency.id)))
        found = book.deliveries(session, reach, DeliveryState.DEAD, limit=10_000) if every else []
        ids = [one.id for one in found if one.webhook.active] if every else [delivery or ""]
        for one in ids:
            book.resend(session, one, reach, actor=COMMAND)
    typer.echo(f"gửi lại / sent again: {len(ids)}")
