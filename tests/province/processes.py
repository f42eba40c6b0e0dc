"""The services of docker-compose.yml, started from its own words and variables.

What is taken from the file: commands, environments (interpolated by Compose itself), passwords and how they reach each
server. What is replaced: names of hosts and ports by free loopback ones, ``/data`` by temporary folders. Our processes run
as an unprivileged user with nothing in their environment but what the file gives them.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg

from tests.deployment.compose import SECRETS, load
from tests.services import PostgresServer, RedisServer, S3Server, Server, free_ports

DIGITIZE = Path(sys.executable).parent / "digitize"
Model = dict[str, Any]


def load_model(folder: Path) -> Model:
    """The file's services, with fresh secrets."""
    services: Model = load({name: secrets.token_hex(16) for name in SECRETS}, folder)["services"]
    return services


def words(service: Model, key: str = "command") -> list[str]:
    return [word.replace("$$", "$") for word in service[key]]  # `config` escapes once more what the file escapes


class ProvincePostgres(PostgresServer):
    """User, password, database and initdb's options as the image would apply them; passwords are really checked."""

    def __init__(self, service: Model) -> None:
        super().__init__()
        self.variables: dict[str, str] = service["environment"]

    def prepare(self) -> None:
        password = self.folder / "password"
        password.write_text(self.variables["POSTGRES_PASSWORD"])
        password.chmod(0o644)
        self.give_folder()
        initdb = [str(self.programs / "initdb"), "-D", str(self.data), "--no-sync", f"--pwfile={password}"]
        initdb += [f"--username={self.variables['POSTGRES_USER']}", *self.variables["POSTGRES_INITDB_ARGS"].split()]
        subprocess.run([*self.as_user(), *initdb], check=True, cwd=self.folder, stdout=subprocess.DEVNULL, timeout=120)

    def conninfo(self, database: str = "postgres") -> str:
        user, password = self.variables["POSTGRES_USER"], self.variables["POSTGRES_PASSWORD"]
        return f"host=127.0.0.1 port={self.port} user={user} password={password} dbname={database}"

    def start(self) -> None:
        super().start()
        with psycopg.connect(self.conninfo(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {self.variables['POSTGRES_DB']}".encode())


class ProvinceRedis(RedisServer):
    """The file's own command, which hands the password over by standard input."""

    def __init__(self, service: Model) -> None:
        super().__init__(password=service["environment"]["REDIS_PASSWORD"])
        self.service = service
        self.environment |= service["environment"]

    def command(self) -> list[str]:
        changes = {
            "bind 0.0.0.0": "bind 127.0.0.1",
            "port 6379": f"port {self.port}",
            "dir /data": f"dir {self.folder}",
        }
        script = words(self.service)
        for old, new in changes.items():
            assert old in script[-1], old
            script[-1] = script[-1].replace(old, new)
        return script


class ProvinceS3(S3Server):
    """The file's own options; its one administrator comes from the environment."""

    def __init__(self, service: Model) -> None:
        super().__init__()
        self.service = service
        self.environment |= service["environment"]
        self.access_key = service["environment"]["AWS_ACCESS_KEY_ID"]
        self.secret_key = service["environment"]["AWS_SECRET_ACCESS_KEY"]

    def command(self) -> list[str]:
        master, master_grpc, volume, volume_grpc, filer, filer_grpc, s3, s3_grpc = self.ports
        changes = {
            "-dir=/data": f"-dir={self.folder / 'data'}",
            "-s3.ip.bind=0.0.0.0": "-s3.ip.bind=127.0.0.1",
            "-s3.port=8333": f"-s3.port={s3}",
            "-volume.max=0": "-volume.max=50",  # 0: as many as the disk holds, which differs from machine to machine
        }
        options = words(self.service)
        assert changes.keys() <= set(options)
        ports = {
            "master.port": master,
            "master.port.grpc": master_grpc,
            "volume.port": volume,
            "volume.port.grpc": volume_grpc,
            "filer.port": filer,
            "filer.port.grpc": filer_grpc,
            "s3.port.grpc": s3_grpc,
        }
        more = [f"-{name}={port}" for name, port in ports.items()]
        return [self.program, *(changes.get(option, option) for option in options), *more]


def unprivileged() -> str | None:
    """``nobody``, when we are root and others can run this very Python (one below ``/root`` they can't)."""
    if os.geteuid() != 0:
        return None
    probe = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-c"]
    probe.append("import sys; print(sys.version)")
    done = subprocess.run(
        probe, check=False, capture_output=True, text=True, timeout=60, cwd="/", env={"PATH": os.environ["PATH"]}
    )
    return "nobody" if done.stdout.strip() == sys.version else None


class Ours(Server):
    """One service that runs our image; each has a data folder of its own, as each container has."""

    grace = 45.0

    def __init__(self, name: str, service: Model, addresses: dict[str, str], *, extra: list[str] | None = None) -> None:
        self.name = name
        super().__init__()
        self.user = unprivileged()
        self.service = service
        self.extra = extra or []
        (self.port,) = free_ports(1)
        variables: dict[str, str] = dict(service["environment"])
        for old, new in addresses.items():
            variables = {key: value.replace(old, new) for key, value in variables.items()}
        if "DIGITIZE_API_PORT" in variables:
            variables |= {"DIGITIZE_API_PORT": str(self.port), "DIGITIZE_API_HOST": "127.0.0.1"}
            variables["DIGITIZE_API_SECURE_COOKIES"] = "false"  # no TLS proxy stands before this one
        data = self.folder / "data"
        data.mkdir()
        image = {"DIGITIZE_DATA": str(data), "TMPDIR": str(data), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(data)}
        self.environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"} | image | variables

    def prepare(self) -> None:
        self.give_folder()
        for path in self.folder.iterdir():
            if self.user is not None:
                os.chown(path, 65534, 65534)

    def command(self) -> list[str]:
        return [str(DIGITIZE), *words(self.service), *self.extra]

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """`digitize …` in this service's container: `docker compose run --rm NAME …`."""
        return self.execute(str(DIGITIZE), *arguments, stdin=stdin)

    def execute(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """`docker compose exec NAME …`."""
        return subprocess.run(
            [*self.as_user(), *arguments],
            check=False,
            input=stdin,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=self.environment,
            timeout=120,
        )

    def healthy(self) -> bool:
        """What its health check says."""
        check = self.service["healthcheck"]["test"]
        assert check[:2] == ["CMD", "python"]
        mine = [
            str(self.port) if word == self.service["environment"].get("DIGITIZE_API_PORT") else word for word in check
        ]
        return self.execute(sys.executable, *mine[2:]).returncode == 0

    ready = healthy

    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")
