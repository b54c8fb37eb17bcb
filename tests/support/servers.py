"""PostgreSQL, Redis and SeaweedFS on free loopback ports, in throw-away folders, gone when the tests are."""

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

import boto3
import psycopg
import redis
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Server = TypeVar("Server", bound="ServerProcess")

POSTGRES_BIN = Path("/usr/lib/postgresql/15/bin")
SECONDS_TO_START = 60.0


def scratch_root() -> Path:
    """Where throw-away data goes: into memory if there is room, so that a thousand databases do not wear out a disk."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 3 * 1024**3
    return memory if roomy else Path(tempfile.gettempdir())


def sweep() -> None:
    """Remove what servers of a run left that was killed: their folders say which process began them."""
    for folder in scratch_root().glob("suishoupai-*"):
        owner = re.fullmatch(r"suishoupai-[a-z-]+-(\d+)-\w+", folder.name)
        if owner and not Path(f"/proc/{owner[1]}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def free_port(count: int = 1) -> int:
    """The first of `count` neighbouring loopback ports that are free, below those that connections are given."""
    for _ in range(1000):
        first = random.randrange(10_000, 32_000 - count)
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    raise RuntimeError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def wait_until(ready: Callable[[], bool], what: str, seconds: float = SECONDS_TO_START) -> None:
    """Return once `ready` says so. Raises RuntimeError naming `what` when it does not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return
        time.sleep(0.05)
    raise RuntimeError(f"{what} did not become ready in {seconds:.0f} s")


def begin(kind: Callable[[], Server]) -> Server:
    """A server, started again on other ports if somebody else took one of its ports at that moment."""
    for _ in range(2):
        try:
            return kind()
        except RuntimeError as error:
            if "in use" not in str(error):
                raise
    return kind()


class ServerProcess:
    """A child process that dies with this one, even if this one is killed; its output goes to `folder`/log."""

    name = "server"

    def __init__(self, *, user: str | None = None) -> None:
        self.folder = self._make_folder()
        self.user = user if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(self.folder, self.user, self.user)
        self.process: subprocess.Popen[bytes] | None = None

    def _make_folder(self) -> Path:
        return Path(tempfile.mkdtemp(prefix=f"suishoupai-{self.name}-{os.getpid()}-", dir=scratch_root()))

    def _command(self, command: Sequence[str]) -> list[str]:
        identity = [f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"] if self.user else []
        return ["setpriv", *identity, "--pdeathsig", "KILL", "--", *command]

    def run(self, *command: str) -> None:
        """Run a command to its end as the server's user; its output is shown if it fails."""
        done = subprocess.run(self._command(command), cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")

    def spawn(self, *command: str, env: Mapping[str, str] | None = None) -> None:
        """Start the server's process."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command(command),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **(env or {})},
            )

    def wait(self, ready: Callable[[], bool]) -> None:
        """Wait for `ready`; says what the server logged if it ends or is too slow."""

        def still_hopeful() -> bool:
            if self.process is None or self.process.poll() is not None:
                said = self.log()
                self.close()
                raise RuntimeError(f"{self.name} ended at start:\n{said}")
            return ready()

        wait_until(still_hopeful, self.name)

    def log(self) -> str:
        """What the server has written so far."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End the process now, keeping its data."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(30)
            self.process = None

    def close(self) -> None:
        """End the process and remove what it kept."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def copy_data(source: Path, target: Path) -> None:
    """Copy a server's data, which stays its user's."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


class Postgres(ServerProcess):
    """PostgreSQL 15 that trusts loopback. `url(name)` is SQLAlchemy's address of a database.

    `copied`: the data of a server that was stopped, to begin with.
    """

    name = "postgresql"
    tuning: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

    def __init__(self, copied: Path | None = None) -> None:
        super().__init__(user="postgres")
        self.port = free_port()
        self._connection: psycopg.Connection | None = None
        if copied is None:
            self._make_data()
        else:
            copy_data(copied, self.folder / "data")
        self.start()

    def _make_data(self) -> None:
        data = str(self.folder / "data")
        self.run(
            str(POSTGRES_BIN / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip

    def start(self) -> None:
        """Start, or start again after `stop`, on the same port and data."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            "dynamic_shared_memory_type": "mmap",  # in its folder, so that nothing is left behind
            **self.tuning,
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)
        self.spawn(str(POSTGRES_BIN / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), *options)
        self.wait(self._answers)

    def _answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """SIGQUIT: an immediate shutdown, no checkpoint, as after a crash, but leaving no process behind."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        super().stop(how)

    def execute(self, *statements: str) -> None:
        """Run administrative statements, each for itself, by one connection until the server stops: every test on this
        size has some, and a connection costs more than they do."""
        if self._connection is None or self._connection.closed:
            where = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres connect_timeout=2"
            self._connection = psycopg.connect(where, autocommit=True, prepare_threshold=None)
        for statement in statements:
            self._connection.execute(statement.encode())

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"


class PgBouncer(ServerProcess):
    """A pooler in transaction mode before `database`, with fewer connections to it than it has callers."""

    name = "pgbouncer"

    def __init__(self, server: Postgres) -> None:
        super().__init__(user="postgres")
        self.port = free_port()
        (self.folder / "users").write_text('"postgres" ""\n')
        (self.folder / "ini").write_text(
            f"[databases]\n* = host=127.0.0.1 port={server.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
            f"listen_port = {self.port}\nunix_socket_dir =\nauth_type = trust\nauth_file = users\n"
            "pool_mode = transaction\ndefault_pool_size = 3\nmax_client_conn = 300\n"
        )
        self.spawn("/usr/sbin/pgbouncer", "ini")
        self.wait(lambda: not _is_free(self.port))


NGINX = """
daemon off; master_process off; pid pid; error_log stderr; events {}
http {
    access_log off; client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    upstream web { SERVERS keepalive 8; }
    server {
        listen 127.0.0.1:PORT;
        location / {
            proxy_pass http://web; proxy_http_version 1.1;
            proxy_set_header Connection ""; proxy_set_header Host $http_host;
        }
    }
}
"""


class Nginx(ServerProcess):
    """A proxy before web servers on `ports`; who refuses a connection is passed over."""

    name = "nginx"

    def __init__(self, ports: Sequence[int]) -> None:
        super().__init__()
        self.port = free_port()
        servers = " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in ports)
        file = self.folder / "nginx.conf"
        file.write_text(NGINX.replace("SERVERS", servers).replace("PORT", str(self.port)))
        self.spawn("/usr/sbin/nginx", "-p", str(self.folder), "-c", str(file))
        self.wait(lambda: not _is_free(self.port))


class Redis(ServerProcess):
    """Redis without persistence. `url` is its address."""

    name = "redis"

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start, or start again (empty) after `stop`, on the same port."""
        self.spawn(
            "redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no",
            "--dir", str(self.folder),
        )  # fmt: skip
        self.wait(self._answers)

    def _answers(self) -> bool:
        try:
            return bool(self.client().ping())
        except redis.ConnectionError:
            return False

    def client(self) -> "redis.Redis":
        """A client of this server."""
        return redis.Redis.from_url(self.url)


class SeaweedFS(ServerProcess):
    """An S3 server with one access key that may do everything."""

    name = "seaweedfs"
    access_key, secret_key, region = "test-access-key", "test-secret-key", "us-east-1"

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port(14)
        self.endpoint_url = f"http://127.0.0.1:{self.port}"
        keys = [{"accessKey": self.access_key, "secretKey": self.secret_key}]
        actions = ["Admin", "Read", "List", "Tagging", "Write"]
        identities = [{"name": "tests", "credentials": keys, "actions": actions}]
        (self.folder / "s3.json").write_text(json.dumps({"identities": identities}))
        self.start()

    def start(self) -> None:
        """Start, or start again after `stop`, on the same ports and data."""
        port, folder = self.port, self.folder
        (folder / "data").mkdir(exist_ok=True)
        self.spawn(
            str(Path(sys.executable).with_name("weed")), "-logtostderr=true", "server", f"-dir={folder / 'data'}",
            "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-master.port={port + 1}", f"-master.port.grpc={port + 11}",
            "-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-master.electionTimeout=1s",
            f"-volume.port={port + 2}", f"-volume.port.grpc={port + 12}", "-volume.max=0", "-volume.preStopSeconds=1",
            "-filer", f"-filer.port={port + 3}", f"-filer.port.grpc={port + 13}",
            f"-filer.localSocket={folder / 'filer.sock'}", "-s3", f"-s3.port={port}", f"-s3.port.grpc={port + 10}",
            "-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.localSocket={folder / 's3.sock'}",
            f"-s3.config={folder / 's3.json'}", "-s3.autoCreateBucket=false",
            env={"WEED_MASTER_VOLUME_GROWTH_COPY_1": "1"},
        )  # fmt: skip
        self.wait(self._takes_an_object)

    def _takes_an_object(self) -> bool:
        try:
            s3 = self.client()
            if "ready" not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
                s3.create_bucket(Bucket="ready")
            s3.put_object(Bucket="ready", Key="ready", Body=b"ready")
        except (BotoCoreError, ClientError):
            return False
        return True

    @cache  # noqa: B019  (as many as there are servers; each takes some 40 ms to make)
    def client(self) -> "S3Client":
        """A boto3 S3 client of this server."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint_url,
            region_name=self.region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=Config(
                s3={"addressing_style": "path"},
                retries={"total_max_attempts": 1},
                connect_timeout=2,
                read_timeout=10,
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def close(self) -> None:
        super().close()
        for part, port in {"s3": 10, "master": 11, "volume": 12, "filer": 13}.items():
            Path(f"/tmp/seaweedfs-{part}-grpc-{self.port + port}.sock").unlink(missing_ok=True)
