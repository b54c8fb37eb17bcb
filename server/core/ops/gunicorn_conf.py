"""gunicorn's configuration, for `suishoupai serve` and containers (`gunicorn -c python:server.core.ops.gunicorn_conf`).

Many threads in few processes: a phone on a bad line may take a minute to send a photo and must not hold up the others.
With SUISHOUPAI_WEB_THREADS=1 each process does one request at a time, which costs less per request: only behind a proxy
that takes in the whole request first, and with more processes than cores.
"""

import gc
import logging
import os
import resource
import socket
import struct
from datetime import UTC, datetime
from typing import Any

from gunicorn import glogging
from gunicorn.http import wsgi

from server.core import logging as service_logging
from server.core.one_heap import share_one_heap
from server.core.ops import run_files
from server.core.settings import load_settings

share_one_heap()
settings = load_settings()
service_logging.configure(settings)
if run_files.VARIABLE not in os.environ:  # else the supervisor has done so, for the worker too
    os.environ.update(run_files.prepare_metrics(settings.data_dir))

CONNECTIONS = 4000  # in each process; most of them wait
_few, _most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (max(_few, min(_most, 3 * CONNECTIONS)), _most))

bind = os.environ.get("SUISHOUPAI_BIND", "127.0.0.1:8000")
worker_class = "server.core.ops.draining.DrainingWorker" if settings.web_threads > 1 else "sync"
settings.require_names(bind.rpartition(":")[0])
umask = run_files.UMASK
workers = settings.web_workers
threads = settings.web_threads
worker_connections = CONNECTIONS
backlog = 1024
timeout = 60  # seconds a process may hang before it is replaced; long requests do not count, its main loop beats
graceful_timeout = 5
keepalive = 5
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
control_socket_disable = True  # nobody but the supervisor controls it
preload_app = True  # a mistake at start stops everything at once, and processes share what they loaded
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  (heartbeat files, made by gunicorn)
proc_name = "suishoupai"
forwarded_allow_ips = ""  # server/app.py trusts proxies, and only as many as the settings say
accesslog = None  # server/core/web/request_log.py writes one

wsgi.SERVER = "suishoupai"  # neither which server this is nor its version


class ServiceLogger(glogging.Logger):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's own messages go the way of all others."""

    def setup(self, cfg: Any) -> None:
        """Leave formatting to the root logger."""
        self.error_log.handlers[:] = []
        self.error_log.propagate = True
        self.error_log.setLevel(logging.INFO if settings.log_level == "DEBUG" else logging.WARNING)


logger_class = ServiceLogger


def when_ready(server: Any) -> None:
    """Keep what is loaded shared; give up silent connections: on Linux accepted sockets inherit the listener's limits.

    The collector writes to whatever it looks at, and a page that is written to is a process's own: 127 MB of each web
    process were, 50 are since what was loaded before it is left out.
    """
    gc.collect()
    gc.freeze()
    seconds, rest = divmod(settings.web_silence_seconds, 1)
    limit = struct.pack("ll", int(seconds), int(rest * 1_000_000))
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def post_fork(_server: Any, _worker: Any) -> None:
    """Remove what a process that was killed left on its way into the store; workers may run on other machines."""
    from server.core.storage.base import sweep_staging
    from server.core.storage.factory import open_store

    sweep_staging(open_store(settings).staging, datetime.now(UTC))


def child_exit(_server: Any, worker: Any) -> None:
    """Let the metrics forget a process that ended."""
    from server.core import metrics  # not before the directory is known

    metrics.forget_process(worker.pid)
