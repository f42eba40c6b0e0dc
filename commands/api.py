"""``digitize api`` and ``digitize migrate``."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.options import DataOption
from commands.settings import deployment
from workers.logs import configure_logging


def register(app: typer.Typer) -> None:
    """Add ``api`` and ``migrate``."""
    app.command("api")(api)
    app.command("migrate")(migrate)


def api(
    host: Annotated[str | None, typer.Option(help="Địa chỉ lắng nghe. / Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Cổng. / Port.")] = None,
    data: DataOption = None,
) -> None:
    """Chạy cổng HTTP và trang web. / Run the HTTP front door and the web pages."""
    from digitize_api.app import create_app  # noqa: PLC0415 - only this command serves
    from digitize_api.server import make_server  # noqa: PLC0415
    from digitize_api.settings import ApiSettings  # noqa: PLC0415
    from models.catalog import default_catalog  # noqa: PLC0415
    from models.database import make_engine  # noqa: PLC0415
    from storage.factory import make_store  # noqa: PLC0415
    from workers.celery_app import make_celery  # noqa: PLC0415
    from workers.doorbell import Doorbell  # noqa: PLC0415

    place, settings = deployment(data), ApiSettings()
    default_catalog()  # a mistake in it is named now, and not to the first clerk
    configure_logging(as_json=place.workers.log_json, process="api")
    doorbell = Doorbell(make_celery(place.workers), place.workers.queue_high_water)
    app = create_app(
        settings,
        engine=make_engine(place.database.url, pool_size=place.database.pool_size),
        store=make_store(place.storage),
        ring=doorbell,
        broker_ping=doorbell.ping,
    )
    make_server(app, host=host or settings.host, port=settings.port if port is None else port).run()


def migrate(data: DataOption = None) -> None:
    """Chuẩn bị cơ sở dữ liệu và kho lưu trữ cho phiên bản này. / Bring database and store to what this version needs."""
    from models.database import current_revision, make_engine, upgrade  # noqa: PLC0415 - Alembic is slow to load
    from storage.factory import prepare_store  # noqa: PLC0415

    place = deployment(data)
    prepare_store(place.storage)
    engine = make_engine(place.database.url)
    before = current_revision(engine)
    upgrade(engine)
    typer.echo(f"{before or '-'} → {current_revision(engine)}")
    engine.dispose()
