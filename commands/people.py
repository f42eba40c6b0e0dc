"""``digitize agency``, ``account``, ``station``: who may use the system. Works while the service runs, and before its first start."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.databases import opened
from commands.exit_codes import ExitCode
from commands.options import DataOption
from models import administration
from models.agencies import create_agency, find_agency
from models.database import transaction
from models.entities import Account, Role, Station
from models.errors import Conflict, NotFound


class PersonRole(StrEnum):
    """The roles of ``models.entities.Role`` that a person can have."""

    CLERK = Role.CLERK.value
    SUPERVISOR = Role.SUPERVISOR.value
    ADMIN = Role.ADMIN.value


AgencyOption = Annotated[str, typer.Option("--agency", help="Mã định danh của cơ quan. / The agency's code.")]
StdinOption = Annotated[
    bool, typer.Option("--password-stdin", help="Đọc mật khẩu từ stdin. / Read the password from stdin.")
]


def register(app: typer.Typer) -> None:
    """Add the three groups."""
    agency = typer.Typer(no_args_is_help=True, help="Cơ quan. / Agencies.")
    agency.command("add")(add_agency)
    app.add_typer(agency, name="agency")
    account = typer.Typer(no_args_is_help=True, help="Tài khoản người dùng. / People who sign in.")
    account.command("add")(add_account)
    account.command("password")(set_password)
    app.add_typer(account, name="account")
    station = typer.Typer(no_args_is_help=True, help="Trạm quét và dịch vụ gọi API. / Scanner stations and services.")
    station.command("add")(add_station)
    station.command("key")(new_key)
    app.add_typer(station, name="station")


def add_agency(
    code: Annotated[str, typer.Argument(help="Mã định danh, ví dụ H56.14. / Its code.")],
    name: Annotated[str, typer.Argument(help="Tên cơ quan. / Its name.")],
    parent: Annotated[str | None, typer.Option(help="Mã cơ quan cấp trên. / The code of the one above.")] = None,
    data: DataOption = None,
) -> None:
    """Thêm cơ quan. / Add an agency."""
    with _session(data) as session:
        create_agency(session, code=code, name=name, parent=find_agency(session, parent) if parent else None)
    typer.echo(f"đã thêm / added: {code} {name}")


def add_account(
    name: Annotated[str, typer.Argument(help="Tên đăng nhập. / The name to sign in with.")],
    role: Annotated[PersonRole, typer.Option(help="Vai trò. / Role.")],
    agency: AgencyOption,
    full_name: Annotated[str, typer.Option(help="Họ và tên. / Full name.")] = "",
    *,
    password_stdin: StdinOption = False,
    data: DataOption = None,
) -> None:
    """Thêm tài khoản; hỏi mật khẩu. / Add an account; asks for its password."""
    password = _password(from_stdin=password_stdin)
    with _session(data) as session:
        administration.create_account(
            session,
            agency=find_agency(session, agency),
            name=name,
            password=password,
            role=Role(role.value),
            full_name=full_name,
            actor=administration.COMMAND,
        )
    typer.echo(f"đã thêm / added: {name} ({role.value}, {agency})")


def set_password(
    name: Annotated[str, typer.Argument(help="Tên đăng nhập. / The account's name.")],
    *,
    password_stdin: StdinOption = False,
    data: DataOption = None,
) -> None:
    """Đặt mật khẩu mới; mọi phiên đăng nhập cũ hết hiệu lực. / Set a new password; it ends every session."""
    password = _password(from_stdin=password_stdin)
    with _session(data) as session:
        account = session.scalar(select(Account).where(Account.name == name))
        if account is None:
            raise NotFound(f"no account is named {name}")
        administration.set_password(session, account, password, actor=administration.COMMAND)
    typer.echo(f"đã đổi / changed: {name}")


def add_station(
    name: Annotated[str, typer.Argument(help="Tên trạm. / The station's name.")],
    agency: AgencyOption,
    data: DataOption = None,
) -> None:
    """Thêm trạm quét; khóa chỉ hiện một lần. / Add a station; its key is shown this once."""
    with _session(data) as session:
        where = find_agency(session, agency)
        _, key = administration.create_station(session, agency=where, name=name, actor=administration.COMMAND)
    _show_key(key)


def new_key(name: Annotated[str, typer.Argument(help="Tên trạm. / The station.")], data: DataOption = None) -> None:
    """Cấp khóa mới; khóa cũ hết hiệu lực ngay. / Issue a new key; the old one ends at once."""
    with _session(data) as session:
        station = session.scalar(select(Station).where(Station.name == name))
        if station is None:
            raise NotFound(f"no station is named {name}")
        key = administration.replace_key(session, station, actor=administration.COMMAND)
    _show_key(key)


def _show_key(key: str) -> None:
    typer.echo(key)  # alone on stdout, so that a script can take it
    typer.echo("Khóa này chỉ hiện một lần, hãy cất giữ. / Keep this key; it is not shown again.", err=True)


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = typer.prompt("Mật khẩu / Password", hide_input=True, confirmation_prompt="Nhập lại / Again")
    return answer


@contextmanager
def _session(data: DataOption) -> Iterator[Session]:
    """A transaction on the current schema; what is asked in vain becomes one line and exit code 2."""
    with opened(data) as installation:
        try:
            with transaction(installation.sessions) as session:
                yield session
        except (Conflict, NotFound, ValueError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(ExitCode.USAGE) from error
